import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.movies.extracts import kinds_in, people_in
from index.movies.genres import GENRES, genres_of, keywords_of
from index.movies.imdb_years import ImdbYears
from index.movies.subjects import subjects_in


def test_genres_come_in_one_vocabulary():
    assert genres_of(["Children", "Animated", "Science Fiction", "Noir", "Historical", "Sports", "Suspense"]) == [
        "animation",
        "family",
        "film-noir",
        "history",
        "sci-fi",
        "sport",
        "thriller",
    ]
    assert genres_of(["talk-show", "IMAX", "(no genres listed)", "news"]) == []
    assert genres_of(["Superhero"]) == ["action"]
    assert keywords_of(["Superhero", "Drama", "dark comedy", "Black Comedy"]) == ["superhero", "black comedy"]


@given(st.lists(st.text(max_size=12) | st.sampled_from([g.upper() for g in GENRES])))
def test_no_other_genre_gets_through(words):
    found = genres_of(words)
    assert set(found) <= set(GENRES)
    assert len(found) == len(set(found))
    assert {word.lower() for word in words} & set(GENRES) <= set(found)


@pytest.mark.parametrize(
    ("said", "directors", "writers", "cast"),
    [
        (
            "Moon Song is a film directed by J. J. Ames from a script by Ann Lee, starring Bo Ek, Cy Dee and Al Fo.",
            ["J. J. Ames"],
            ["Ann Lee"],
            ["Bo Ek", "Cy Dee", "Al Fo"],
        ),
        ("Moon Song is a drama written and directed by Ann Lee. The film", ["Ann Lee"], ["Ann Lee"], []),
        ("Moon Song is a film written, directed by, and starring Ann Lee.", ["Ann Lee"], ["Ann Lee"], ["Ann Lee"]),
        ("Moon Song is a film directed by Jo and Ed Cole.", ["Jo Cole", "Ed Cole"], [], []),
        ("Moon Song was written by Ann Lee, and directed by Lee.", ["Ann Lee"], ["Ann Lee"], []),
        ("Moon Song is a film based on the novel written by Ann Lee.", [], [], []),
        ("Moon Song is a remake of the film directed by Ann Lee.", [], [], []),
        ("Moon Song is directed by Danish filmmaker Bo Ek, Jr.", ["Bo Ek Jr."], [], []),
        ("This is a list of films, one of them directed by Ann Lee.", [], [], []),
    ],
)
def test_people_are_read_out_of_extracts(said, directors, writers, cast):
    assert people_in(said, "Moon Song") == {"directors": directors, "writers": writers, "cast": cast}


def test_kinds_stand_between_is_a_and_film():
    said = "Moon Song is a 2011 American coming-of-age science fiction film about horror writers."
    kinds = kinds_in(said, "Moon Song")
    assert genres_of(kinds) == ["sci-fi"]
    assert keywords_of(kinds) == ["coming of age"]


@pytest.mark.parametrize(
    ("said", "subjects"),
    [
        ("A detective hunts a serial killer at Christmas.", ["detective", "serial killer", "christmas"]),
        ("It was made by Ghost House Pictures.", []),
        ("A gambler owes money to a loan shark.", []),
        ("Ghosts of World War II return.", ["ghost", "world war ii"]),
        ("Two people talk.", []),
    ],
)
def test_subjects(said, subjects):
    assert subjects_in(said) == subjects


def test_imdb_numbers_tell_years_where_they_were_given_out_in_order():
    years = ImdbYears((f"tt{30_000 + 1_000 * place:07}", 1930 + place) for place in range(80))
    assert years.year("tt0050500") in (1950, 1951)
    assert years.year("tt3000000") is None
    assert years.contradict("tt0050500", 1999)
    assert not years.contradict("tt0050500", 1951)
    assert years.contradict("tt15000000", 2000), "given out after the data were collected"
