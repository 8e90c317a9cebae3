import datetime
import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from index.errors import CatalogError
from index.reading import load_catalog, read_catalog, save_catalog

BOOKS = """book_id,title,authors,year,average_rating,ratings_count,genre,url
1,The Hunger Games,Suzanne Collins,2008.0,4.34,4780653,dystopia|young adult,http://a/1
2,Good Omens,"Terry Pratchett, Neil Gaiman",1990.0,4.2,300000,fantasy|comedy,http://a/2
3,Emma,Jane Austen,,4.0,,romance,http://a/3
"""


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def lines(*records):
    return "\n".join(json.dumps(record) for record in records)


def roles(catalog):
    return {field.name: (field.kind, field.role, field.many, field.integer) for field in catalog.fields}


def test_a_csv_of_books(tmp_path):
    catalog = read_catalog([write(tmp_path, "books.csv", BOOKS)])
    assert (catalog.name, catalog.nouns) == ("books", ("book", "books"))
    assert [item.id for item in catalog.items] == ["1", "2", "3"]
    assert roles(catalog) == {
        "authors": ("category", "creator", True, False),
        "year": ("number", "year", False, True),
        "average_rating": ("number", "rating", False, False),
        "ratings_count": ("number", "votes", False, True),
        "genre": ("category", "genre", True, False),
        "url": ("identifier", None, False, False),
    }
    assert catalog.items[1].title == "Good Omens"
    assert catalog.items[1].facts["authors"] == ("Terry Pratchett", "Neil Gaiman")
    assert catalog.items[0].facts["genre"] == ("dystopia", "young adult")
    assert catalog.items[2].facts["year"] is None


def test_every_format_gives_the_same_catalog(tmp_path):
    records = [
        {"id": 7, "name": "Lamp", "price": 19.5, "category": "lighting", "tags": ["warm", "desk"], "released": 2021},
        {"id": 8, "name": "Rug", "price": 80.0, "category": "floor", "tags": [], "released": 2019},
    ]
    table = pa.Table.from_pylist(records)
    pq.write_table(table, tmp_path / "things.parquet")
    plain = write(tmp_path, "things.jsonl", lines(*records))
    paths = [
        tmp_path / "things.parquet",
        plain,
        write(tmp_path, "things.json", json.dumps(records)),
        write(tmp_path, "things2.json", json.dumps({"products": records, "total": 2})),
        write(tmp_path, "things.jsonl.gz", gzip.compress(plain.read_bytes())),
        write(
            tmp_path,
            "things.tsv",
            "id\tname\tprice\tcategory\ttags\treleased\n"
            "7\tLamp\t19.5\tlighting\twarm|desk\t2021\n8\tRug\t80.0\tfloor\t\t2019\n",
        ),
    ]
    catalogs = [read_catalog([path]) for path in paths]
    assert all(c.items == catalogs[0].items and c.fields == catalogs[0].fields for c in catalogs)
    assert catalogs[0].items[0].facts == {
        "price": 19.5,
        "category": "lighting",
        "tags": ("warm", "desk"),
        "released": 2021,
    }


def test_files_are_joined_record_by_record(tmp_path):
    first = write(tmp_path, "movies.csv", "movieId,movieName\n10,Alien (1979)\n11,Dune  (1984)\n12,Tron (1982)\n")
    second = lines(
        {"movieId": "11", "name": "Dune (1984)", "genre": ["sci-fi"], "director": ["David Lynch"], "plot": "Sand."},
        {"movieId": "10", "genre": ["horror", "sci-fi"], "star": ["Sigourney Weaver"], "imdb_id": "tt0078748"},
    )
    catalog = read_catalog([first, write(tmp_path, "facts.jsonl.gz", gzip.compress(second.encode()))])
    assert [(item.id, item.title) for item in catalog.items] == [("10", "Alien"), ("11", "Dune"), ("12", "Tron")]
    assert [item.facts["year"] for item in catalog.items] == [1979, 1984, 1982]
    assert [item.facts["genre"] for item in catalog.items] == [("horror", "sci-fi"), ("sci-fi",), ()]
    assert roles(catalog)["star"][:2] == ("category", "performer")
    assert roles(catalog)["plot"][0] == "text"
    assert roles(catalog)["name"][0] == "identifier"


def test_the_first_file_decides_and_the_second_fills(tmp_path):
    one = write(tmp_path, "a.csv", "id,title,price\n1,Lamp,5\n2,Rug,\n")
    two = write(tmp_path, "b.csv", "id,price,brand\n2,8,Acme\n1,9,Acme\n")
    catalog = read_catalog([one, two])
    assert [item.facts["price"] for item in catalog.items] == [5, 8]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1999-05-01", "2003"], [1999, 2003]),
        (["May 5, 1999", "June 2003"], [1999, 2003]),
        (["24.12.1999", "1/2/2003"], [1999, 2003]),
        ([datetime.date(1999, 5, 1).isoformat() + "T00:00:00Z", "-750"], [1999, -750]),
    ],
)
def test_years_come_out_of_dates(tmp_path, cells, expected):
    records = [{"id": place, "title": f"T{place}", "published": cell} for place, cell in enumerate(cells)]
    catalog = read_catalog([write(tmp_path, "t.json", json.dumps(records))])
    assert roles(catalog)["published"] == ("number", "year", False, True)
    assert [item.facts["published"] for item in catalog.items] == expected


def test_prices_may_carry_their_currency(tmp_path):
    catalog = read_catalog([write(tmp_path, "t.csv", 'id,title,price\n1,A,"$1,299.50"\n2,B,5 EUR\n3,C,n/a\n')])
    assert [item.facts["price"] for item in catalog.items] == [1299.5, 5, None]


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("""["a, b", "c"]""", ("a, b", "c")),
        ("""['a, b', 'c']""", ("a, b", "c")),
        ("a, b|c", ("a, b", "c")),
    ],
)
def test_lists_in_text_are_read_as_data(tmp_path, written, parts):
    records = [{"id": 1, "title": "T", "tags": written}, {"id": 2, "title": "U", "tags": None}]
    catalog = read_catalog([write(tmp_path, "t.json", json.dumps(records))])
    assert [item.facts["tags"] for item in catalog.items] == [parts, ()]


def test_a_name_with_a_comma_is_one_name(tmp_path):
    catalog = read_catalog([write(tmp_path, "t.csv", 'id,title,author\n1,It,"King, Stephen"\n2,Emma,"Austen, Jane"\n')])
    assert [item.facts["author"] for item in catalog.items] == ["King, Stephen", "Austen, Jane"]


def test_a_list_in_text_is_never_run(tmp_path):
    evil = "[__import__('pathlib').Path('owned').touch()]"
    records = [{"id": 1, "title": "T", "tags": evil}, {"id": 2, "title": "U", "tags": "['a']"}]
    catalog = read_catalog([write(tmp_path, "t.json", json.dumps(records))])
    assert catalog.items[0].facts["tags"] == (evil,)


def test_stars_are_a_rating_or_a_cast_by_their_values(tmp_path):
    rated = read_catalog([write(tmp_path, "a.csv", "id,title,stars\n1,A,4.5\n2,B,3\n")])
    played = read_catalog([write(tmp_path, "b.csv", "id,title,stars\n1,A,Ann Lee|Bo Ek\n2,B,Cy Dee\n")])
    assert roles(rated)["stars"][1] == "rating"
    assert roles(played)["stars"][1] == "performer"


def test_nested_and_empty_columns_are_left_out(tmp_path):
    records = [{"id": 1, "title": "T", "size": {"w": 1}, "reviews": [{"stars": 1}], "none": "", "brand": "Acme"}]
    assert list(roles(read_catalog([write(tmp_path, "t.json", json.dumps(records))]))) == ["brand"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.csv", "id,title,price\n1,A,5\n" + "".join(f"{n},B,7\n" for n in range(2, 30)) + "30,C,cheap\n", "line 31"),
        ("t.csv", "id,title\n1,A\n1,B\n", "line 3"),
        ("t.csv", "id,title\n1,A\n,B\n", "line 3"),
        ("t.csv", "id,title\n1,A\n2,\n", "line 3"),
        ("t.csv", "id,title\n1,A,extra\n", "line 2"),
        ("t.csv", "id,id\n1,A\n", "line 1"),
        ("t.csv", b"id,title\n1,A\n2,\xff\xfe\n", "line 3"),
        ("t.csv", "", "no records"),
        ("t.csv", "id,price\n1,2\n", "title"),
        ("t.csv", "colour,price\nred,2\nred,3\n", "id"),
        ("t.jsonl", '{"id": 1, "title": "A"}\n{"id": 2,\n', "line 2"),
        ("t.jsonl", '{"id": 1, "title": "A"}\n[1]\n', "line 2"),
        ("t.json", '{"id": 1}', "list of records"),
        ("t.json", '[{"id": 1, "title": "A"},\n 3]', "record 2"),
        ("t.parquet", b"PAR1 nothing", "Parquet"),
        ("t.csv.gz", b"\x1f\x8b\x08broken", "whole"),
        ("t.xlsx", b"", "ending"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, name, content, said):
    path = write(tmp_path, name, content)
    with pytest.raises(CatalogError) as caught:
        read_catalog([path])
    assert str(path) in str(caught.value)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_no_file(tmp_path):
    with pytest.raises(CatalogError, match="no such file"):
        read_catalog([tmp_path / "t.csv"])
    with pytest.raises(CatalogError, match="at least one"):
        read_catalog([])


def test_units_stand_in_names_and_cells(tmp_path):
    file = tmp_path / "games.csv"
    file.write_text(
        "id,name,price_eur,cook_time_min,weight_g,listPrice,score,g\n"
        "1,Azul,30,45,900,$12.50,7.8,3\n"
        "2,Catan,39.5,75,1200,$20,6,4\n",
        encoding="utf-8",
    )
    catalog = read_catalog([file])
    found = {field.name: (field.role, field.unit) for field in catalog.fields}
    assert found == {
        "price_eur": ("price", "euros"),
        "cook_time_min": ("duration", "minutes"),
        "weight_g": (None, "g"),
        "listPrice": ("price", "dollars"),
        "score": ("rating", ""),
        "g": (None, ""),
    }
    assert catalog.scale("score") == 10
    save_catalog(catalog, tmp_path / "index")
    assert load_catalog(tmp_path / "index").fields == catalog.fields


def test_prices_in_several_currencies_have_no_unit(tmp_path):
    file = tmp_path / "games.csv"
    file.write_text("id,name,price\n1,Azul,$30\n2,Catan,€39\n", encoding="utf-8")
    assert read_catalog([file]).fields[0].unit == ""


def test_a_column_called_what_the_file_holds_is_its_title(tmp_path):
    file = tmp_path / "wines.csv"
    file.write_text("wine,price\nRioja,9\nMosel,12\n", encoding="utf-8")
    catalog = read_catalog([file])
    assert [(item.id, item.title) for item in catalog.items] == [("Rioja", "Rioja"), ("Mosel", "Mosel")]


def test_lists_without_a_telling_name_are_split_where_their_parts_come_back(tmp_path):
    parts = ["eggs", "rice", "tofu", "basil", "soy sauce"]
    rows = [f'{n},Dish {n},"{parts[n % 5]}, {parts[(n + 1) % 5]}","Warm, rich and good on day {n}."' for n in range(12)]
    path = tmp_path / "recipes.csv"
    path.write_text("nr,title,ingredients,notes\n" + "\n".join(rows) + "\n")
    catalog = read_catalog([path])
    ingredients = catalog.field("ingredients")
    assert ingredients.many
    assert set(catalog.postings("ingredients")) == set(parts)
    assert not any(field.many for field in catalog.fields if field.name == "notes")


def test_a_number_that_every_record_has_its_own_of_is_the_id(tmp_path):
    path = tmp_path / "recipes.csv"
    path.write_text("nr,recipe,minutes\n7,Soup,10\n8,Stew,10\n")
    assert [item.id for item in read_catalog([path]).items] == ["7", "8"]
    path.write_text("number,recipe,minutes\n7,Soup,10\n7,Stew,10\n")  # no id: the titles are
    assert [item.id for item in read_catalog([path]).items] == ["Soup", "Stew"]


def test_things_are_called_by_their_id_where_the_file_does_not_say(tmp_path):
    path = tmp_path / "news.csv"
    path.write_text("article_id,headline\n1,Tram opens\n2,Bridge closes\n")
    assert read_catalog([path]).nouns == ("article", "articles")
    path.write_text("item_id,headline\n1,Tram opens\n2,Bridge closes\n")
    assert read_catalog([path]).nouns == ("item", "items")
