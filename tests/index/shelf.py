"""A tiny catalog whose truth is known by construction: three kinds of things in three colours."""

from index.catalog import Catalog, Field, Item

FIELDS = (
    Field("kind", "category", role="genre"),
    Field("colours", "category", many=True, role="keyword"),
    Field("maker", "category", role="creator"),
    Field("made", "number", role="year", integer=True),
    Field("stars", "number", role="rating"),
    Field("votes", "number", role="votes", integer=True),
)
KINDS = ("lamp", "chair", "kettle")
COLOURS = ("red", "green", "blue")


def shelf(copies: int = 4) -> Catalog:
    """`copies` of every kind in every colour; lamps are of the 1950s, chairs of the 1960s, kettles of the 1970s."""
    items = [
        Item(
            f"{kind}-{colour}-{copy}",
            f"{colour} {kind} {copy}",
            {
                "kind": kind,
                "colours": (colour,),
                "maker": f"maker of {kind}s",
                "made": 1950 + 10 * KINDS.index(kind) + copy % 10,
                "stars": 1.0 + copy % 5,
                "votes": 10 * copy,
            },
        )
        for kind in KINDS
        for colour in COLOURS
        for copy in range(copies)
    ]
    return Catalog("shelf", ("thing", "things"), FIELDS, tuple(items))


def where(catalog: Catalog, **facts: str) -> list[int]:
    """Positions of the items whose values hold all of these."""
    return [at for at, item in enumerate(catalog.items) if all(v in item.values(f) for f, v in facts.items())]
