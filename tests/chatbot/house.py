"""Two tiny catalogs and bots over them, whose truth is known by construction."""

from datetime import date
from functools import cache

from chatbot.bot import Chatbot
from chatbot.generation.guard import CatalogGuard
from chatbot.generation.writer import load_writer
from index.build import build_index
from index.catalog import Catalog, Field, Item
from index.embedding import HashingEmbedder

TODAY = date(2026, 1, 1)

FILM_FIELDS = (
    Field("year", "number", role="year", integer=True),
    Field("genres", "category", many=True, role="genre"),
    Field("directors", "category", many=True, role="creator"),
    Field("cast", "category", many=True, role="performer"),
    Field("rating", "number", role="rating"),
    Field("ratings", "number", role="votes", integer=True),
    Field("popularity", "number", role="popularity"),
)
FILMS = (
    ("1", "Alien", 1979, ("horror", "sci-fi"), ("Ridley Scott",), ("Sigourney Weaver", "Tom Skerritt"), 4.1, 0.9),
    ("2", "Aliens", 1986, ("action", "sci-fi"), ("James Cameron",), ("Sigourney Weaver", "Michael Biehn"), 4.0, 0.85),
    ("3", "The Matrix", 1999, ("action", "sci-fi"), ("Lana Wachowski",), ("Keanu Reeves",), 4.2, 1.0),
    ("4", "Heat", 1995, ("crime", "thriller"), ("Michael Mann",), ("Al Pacino", "Robert De Niro"), 4.0, 0.7),
    ("5", "The Mask", 1994, ("comedy", "fantasy"), ("Chuck Russell",), ("Jim Carrey", "Cameron Diaz"), 3.2, 0.8),
    ("6", "Dumb and Dumber", 1994, ("comedy",), ("Peter Farrelly",), ("Jim Carrey", "Jeff Daniels"), 3.1, 0.75),
    ("7", "The Truman Show", 1998, ("drama",), ("Peter Weir",), ("Jim Carrey", "Laura Linney"), 4.0, 0.78),
    ("8", "It", 1990, ("horror",), ("Tommy Lee Wallace",), ("Tim Curry",), 3.5, 0.62),
    ("9", "It", 2017, ("horror",), ("Andy Muschietti",), ("Bill Skarsgard",), 3.5, 0.62),
    ("10", "Up", 2009, ("animation", "comedy"), ("Pete Docter",), ("Ed Asner",), 4.0, 0.9),
    ("11", "Toy Story", 1995, ("animation", "comedy"), ("John Lasseter",), ("Tom Hanks", "Tim Allen"), 3.9, 0.95),
    ("12", "Frozen", 2013, ("animation", "musical"), ("Jennifer Lee",), ("Kristen Bell",), 3.6, 0.9),
    ("13", "Pulp Fiction", 1994, ("crime", "drama"), ("Quentin Tarantino",), ("John Travolta",), 4.2, 0.97),
    ("14", "Unforgiven", 1992, ("western", "drama"), ("Clint Eastwood",), ("Clint Eastwood",), 4.0, 0.6),
    ("15", "Notting Hill", 1999, ("comedy", "romance"), ("Roger Michell",), ("Julia Roberts", "Hugh Grant"), 3.5, 0.7),
    ("16", "Ghost", 1990, ("romance", "drama"), ("Jerry Zucker",), ("Patrick Swayze",), 3.4, 0.65),
    ("17", "Get Out", 2017, ("horror", "thriller"), ("Jordan Peele",), ("Daniel Kaluuya",), 3.9, 0.92),
    ("18", "Inception", 2010, ("sci-fi", "thriller"), ("Christopher Nolan",), ("Leonardo DiCaprio",), 4.1, 0.96),
    ("19", "Rushmore", 1998, ("comedy", "drama"), ("Wes Anderson",), ("Bill Murray",), 3.9, 0.6),
    ("20", "Magnolia", 1999, ("drama",), ("Paul Thomas Anderson",), ("Tom Cruise", "Julianne Moore"), 3.8, 0.62),
)  # fmt: skip

SHOP_FIELDS = (
    Field("category", "category", role="genre"),
    Field("brand", "category", role="creator"),
    Field("price", "number", role="price"),
    Field("stars", "number", role="rating"),
)


def films() -> Catalog:
    """Twenty films."""
    items = (
        Item(
            i, title, dict(zip((f.name for f in FILM_FIELDS), (year, genres, by, cast, rating, 100, fame), strict=True))
        )
        for i, title, year, genres, by, cast, rating, fame in FILMS
    )
    return Catalog("films", ("film", "films"), FILM_FIELDS, tuple(items))


def shop() -> Catalog:
    """Shoes and lamps of three brands, at prices from 10 up."""
    items = (
        Item(
            f"{kind}{n}",
            f"{brand} {kind} {n}",
            {"category": kind, "brand": brand, "price": 10.0 + 7 * n, "stars": 1.0 + n % 5},
        )
        for kind in ("sneakers", "lamps", "backpacks")
        for n, brand in enumerate(("Acme", "Bolt", "Corvo") * 4)
    )
    return Catalog("shop", ("product", "products"), SHOP_FIELDS, tuple(items))


@cache
def bot_for(name: str) -> Chatbot:
    """The bot over one of the catalogs ("films", "shop"), writing with templates."""
    catalog = {"films": films, "shop": shop}[name]()
    index = build_index(catalog, HashingEmbedder())
    return Chatbot(index, load_writer("templates", CatalogGuard.of(catalog)), TODAY)


def talk(name: str = "films"):
    """A new conversation with a fixed seed."""
    return bot_for(name).start(seed=1)
