import csv
import gzip
import json

import pytest

from index.movies.__main__ import END, NOTE, START, build, main
from index.storing import ITEMS_FILE, SCHEMA_FILE, load_catalog

MOVIELENS = [  # id, title, genres, imdb, ratings
    (1, "Matrix, The (1999)", "Action|Sci-Fi", 133093, [5, 4]),
    (2, "Seven (a.k.a. Se7en) (1995)", "Crime|Thriller", 114369, [4.5]),
    (3, "Mummy, The (1999)", "Action|Adventure", 120616, [3, 3, 3]),
    (4, "Mummy, The (1932)", "Horror", 23245, [4]),
    (5, "Frozen (2010)", "Horror", 1323045, []),
    (6, "Frozen (2013)", "Animation|Children", 2294629, [4]),
    (7, "Lost Film, The (1950)", "Drama", 42000, []),
]
REDIAL = [  # id, title, facts
    (
        101,
        "The Matrix (1999)",
        {"genre": ["action"], "director": ["Ann Lee"], "star": ["Bo Ek"], "imdb_id": "tt0133093"},
    ),
    (102, "Se7en (1995)", {"genre": ["mystery"], "director": ["Cy Dee"], "star": ["Di Fo"], "imdb_id": "tt0114369"}),
    (103, "The Mummy ", None),
    (
        104,
        "The Mummy  (1999)",
        {"genre": ["fantasy"], "director": ["Ed Go"], "star": ["Fi Ho"], "imdb_id": "tt0120616"},
    ),
    (105, "Frozen (2013)", {"genre": ["family"], "director": ["Gi Io"], "star": ["Hy Jo"], "imdb_id": "tt0114369"}),
    (106, "Known By Name Only (1988)", None),
    (108, "Dark Day (2002)", {"genre": ["drama"], "director": ["Ti Wo"], "star": ["Ra Uo"], "imdb_id": "tt0250001"}),
    (107, "Bright Day (2001)", {"genre": ["drama"], "director": ["Ix Ko"], "star": ["Ja Lo"], "imdb_id": "tt0250000"}),
]
WIKI = [
    {"title": "The Matrix", "year": 1999, "cast": ["Bo Ek", "Ka Mo"], "genres": ["Science Fiction", "Slasher"]},
    {"title": "Bright Day", "year": 2002, "cast": ["Ja Lo", "La No", "Pe So"], "genres": ["Drama"]},
    {"title": "Dark Day", "year": 2003, "cast": ["Ra Uo", "Sy Vo"], "genres": ["Drama"]},
    {"title": "Frozen", "year": 2013, "cast": ["Ma Oo (voice)"], "genres": ["Animated"]},
    {"title": "New Film", "year": 2022, "cast": ["Na Po"], "genres": ["Superhero"]},
    {"title": "New Film", "year": 2022, "cast": ["Na Po"], "genres": ["Drama"]},
    {"title": "New Film without a Cast", "year": 2022, "cast": [], "genres": ["Drama"]},
    {"title": "Bright Day", "year": 2001, "cast": ["Ja Lo", "La No", "Pe So"], "genres": ["Drama"]},
    {
        "title": "The Lost Film",
        "year": 1951,
        "cast": ["Qi To"],
        "genres": ["Comedy"],
        "extract": "The Lost Film is a 1950 film.",
    },
    {"title": "Old Film", "year": 1922, "cast": ["Oa Ro"], "genres": ["Drama"]},
]


def table(path, header, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([header, *rows])


def zipped(path, records):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("\n".join(json.dumps(record) for record in records).encode()))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    ml, redial = folder / "ml-latest-small", folder / "redial"
    table(ml / "movies.csv", ["movieId", "title", "genres"], [(i, t, g) for i, t, g, _, _ in MOVIELENS])
    table(ml / "links.csv", ["movieId", "imdbId", "tmdbId"], [(i, f"{n:07}", "") for i, _, _, n, _ in MOVIELENS])
    given = [(u, i, r, 0) for i, _, _, _, ratings in MOVIELENS for u, r in enumerate(ratings)]
    table(ml / "ratings.csv", ["userId", "movieId", "rating", "timestamp"], given)
    tags = [(1, 1, "hackers", 0), (2, 1, "Hackers", 0), (1, 2, "once", 0), (1, 1, "action", 0), (2, 1, "action", 0)]
    table(ml / "tags.csv", ["userId", "movieId", "tag", "timestamp"], tags)
    table(redial / "movies.csv", ["movieId", "movieName"], [(i, t) for i, t, _ in REDIAL])
    table(redial / "movielens_ids.csv", ["redialMovieId", "movielensMovieId"], [(102, 2)])
    zipped(redial / "movie_facts.jsonl.gz", [{"movieId": str(i), "name": t, **f} for i, t, f in REDIAL if f])
    zipped(
        redial / "train.jsonl.gz", [{"movieMentions": {"103": "The Mummy "}}, {"movieMentions": {"103": "", "101": ""}}]
    )
    zipped(folder / "wikimovies" / "movies.jsonl.gz", WIKI)
    return folder


@pytest.fixture(scope="module")
def films(data):
    return {(item.title, item.facts["year"]): item for item in build(data).items}


def test_one_record_a_film(films):
    assert sorted(films, key=str) == [
        ("Bright Day", 2001),
        ("Dark Day", 2003),
        ("Frozen", 2010),
        ("Frozen", 2013),
        ("New Film", 2022),
        ("Se7en", 1995),
        ("The Lost Film", 1950),
        ("The Matrix", 1999),
        ("The Mummy", 1932),
        ("The Mummy", 1999),
    ]


def test_sources_fill_each_other(films):
    matrix = films["The Matrix", 1999]
    assert matrix.id == "101"
    assert matrix.facts["directors"] == ("Ann Lee",)
    assert matrix.facts["cast"] == ("Bo Ek", "Ka Mo")
    assert (matrix.facts["rating"], matrix.facts["ratings"]) == (4.5, 2)
    assert (matrix.facts["imdb_id"], matrix.facts["movielens_id"]) == ("tt0133093", "1")
    assert "hackers" in matrix.facts["keywords"]
    assert "action" not in matrix.facts["keywords"]


def test_a_bare_title_is_the_best_known_film_and_the_most_mentioned_id_is_the_films(films):
    mummy = films["The Mummy", 1999]
    assert mummy.facts["redial_id"] == ("103", "104")
    assert mummy.id == "103"
    assert films["The Mummy", 1932].facts["redial_id"] == ()


def test_other_titles_are_kept(films):
    assert films["Se7en", 1995].facts["other_titles"] == ("Seven",)
    assert films["Se7en", 1995].facts["movielens_id"] == "2"


def test_facts_of_an_id_that_leads_to_another_film_are_dropped(films):
    frozen = films["Frozen", 2013]
    assert frozen.facts["imdb_id"] == "tt2294629"
    assert "Gi Io" not in frozen.facts["directors"]
    assert frozen.facts["cast"] == ("Ma Oo",)
    assert films["Frozen", 2010].facts["genres"] == ("horror",)


def test_the_same_people_bridge_a_year(films):
    dark = films["Dark Day", 2003]
    assert dark.id == "108"
    assert dark.facts["cast"] == ("Ra Uo", "Sy Vo")


def test_a_film_listed_under_two_years_is_one(films):
    assert films["Bright Day", 2001].facts["cast"] == ("Ja Lo", "La No", "Pe So")
    assert ("Bright Day", 2002) not in films


def test_an_extract_names_the_year_of_a_film_listed_later(films):
    lost = films["The Lost Film", 1950]
    assert lost.facts["cast"] == ("Qi To",)


def test_ids_of_films_without_redial(films):
    assert films["The Lost Film", 1950].id == "ml7"
    assert films["New Film", 2022].id.startswith("w")
    assert films["New Film", 2022].facts["genres"] == ("action",)
    assert films["New Film", 2022].facts["keywords"] == ("superhero",)


def test_popularity_lies_between_nothing_and_one(films):
    shares = [item.facts["popularity"] for item in films.values()]
    assert min(shares) >= 0
    assert max(shares) == 1.0
    assert films["The Mummy", 1999].facts["popularity"] > films["The Mummy", 1932].facts["popularity"]


def test_the_command_writes_the_same_bytes_and_its_note(data, tmp_path, capsys):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / NOTE).write_text(f"Sources.\n{START}\nold\n{END}\nEnd.\n")
        assert main(["--data", str(data), "-o", str(tmp_path / name)]) == 0
    assert "10 films" in capsys.readouterr().out
    for file in (SCHEMA_FILE, ITEMS_FILE, NOTE):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    note = (tmp_path / "one" / NOTE).read_text()
    assert note.startswith("Sources.\n")
    assert note.endswith(f"{END}\nEnd.\n")
    assert "old" not in note
    assert "| `directors` | " in note
    assert len(load_catalog(tmp_path / "one")) == 10


def test_a_missing_source_is_named(tmp_path, capsys):
    assert main(["--data", str(tmp_path), "-o", str(tmp_path / "out")]) == 2
    assert "ratings.csv" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
