import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.movies.titles import parse_title, plain_title, reading_order, title_key

words = st.lists(st.text("abcdefghijklmnop", min_size=2, max_size=8), min_size=1, max_size=5).map(
    lambda parts: " ".join(part.capitalize() for part in parts)
)


@pytest.mark.parametrize(
    ("raw", "title", "year", "others"),
    [
        ("Matrix, The (1999)", "The Matrix", 1999, ()),
        ("Seven (a.k.a. Se7en) (1995)", "Seven", 1995, ("Se7en",)),
        (
            "City of Lost Children, The (Cité des enfants perdus, La) (1995)",
            "The City of Lost Children",
            1995,
            ("La Cité des enfants perdus",),
        ),
        ("Auberge espagnole, L' (2002)", "L'Auberge espagnole", 2002, ()),
        ("Good, the Bad and the Ugly, The (1966)", "The Good, the Bad and the Ugly", 1966, ()),
        ("(500) Days of Summer (2009)", "(500) Days of Summer", 2009, ()),
        ("Birdman: Or (The Unexpected Virtue of Ignorance) (2014)", None, 2014, ()),
        ("Death Note: Desu nôto (2006–2007)", "Death Note: Desu nôto", 2006, ()),
        ("Babylon 5", "Babylon 5", None, ()),
    ],
)
def test_movielens_titles(raw, title, year, others):
    parsed = parse_title(raw, brackets=True)
    assert parsed.text == (title or raw.removesuffix(f" ({year})"))
    assert (parsed.year, parsed.others) == (year, others)


@pytest.mark.parametrize(
    ("raw", "title", "year"),
    [
        ("Why Him%3F (2016)", "Why Him?", 2016),
        ("%22Crocodile%22 Dundee (1986)", 'Crocodile" Dundee', 1986),
        ("The Mummy ", "The Mummy", None),
        ("Headhunter  (2009)", "Headhunter", 2009),
    ],
)
def test_redial_titles(raw, title, year):
    assert (parse_title(raw).text, parse_title(raw).year) == (title, year)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amélie", "AMELIE"),
        ("Spider-Man", "Spiderman"),
        ("The Godfather: Part II", "Godfather Part 2"),
        ("Harry Potter and the Deathly Hallows – Part 1", "Harry Potter and the Deathly Hallows: Part 1"),
        ("Love & Basketball", "Love and Basketball"),
        ("Ocean's Eleven", "Oceans Eleven"),
        ("Alien³", "Alien 3"),
    ],
)
def test_spellings_of_one_title_share_a_key(one, other):
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Alien", "Aliens"), ("Rocky II", "Rocky III"), ("Toy Story", "Toy Story 2")]
)
def test_other_titles_do_not(one, other):
    assert title_key(one) != title_key(other)


@given(words, st.sampled_from(["The", "A", "An"]), st.integers(1900, 2029))
def test_the_key_knows_a_title_however_it_is_written(title, article, year):
    library = parse_title(f"{title}, {article} ({year})", brackets=True)
    assert (library.text, library.year) == (f"{article} {title}", year)
    assert title_key(library.text) == title_key(f"{article.upper()} {title.upper()}!")


@given(st.text(max_size=40))
def test_any_text_can_be_a_title(text):
    parsed = parse_title(text, brackets=True)
    assert reading_order(parsed.text) == reading_order(reading_order(parsed.text)) or ", " in parsed.text
    assert title_key(plain_title(parsed.text)) == title_key(title_key(parsed.text)) or parsed.text
    assert "  " not in parsed.text
