"""From catalog files to an index folder, with progress on standard error."""

from collections.abc import Sequence
from pathlib import Path

from index.build import build_index
from index.company import Interactions, linked_positions, own_positions, read_ratings
from index.dialogues import read_dialogues
from index.editing import with_items, without_items
from index.embedding import DEFAULT_ENCODER, load_embedder
from index.folder import load_index, save_index
from index.reading import read_catalog, read_items


def build(
    files: Sequence[Path],
    output: Path,
    ratings: Path | None = None,
    dialogues: Path | None = None,
    item_ids: Path | None = None,
    encoder: str | None = None,
) -> None:
    """Reads the catalog, builds its index and writes the folder. RapportError names a file that cannot be read."""
    from tqdm import tqdm

    catalog = read_catalog(files)
    company: list[Interactions] = []
    if ratings:
        positions = linked_positions(item_ids, catalog) if item_ids else own_positions(catalog)
        company.append(read_ratings(ratings, positions))
    talks = read_dialogues(dialogues, own_positions(catalog)) if dialogues else []
    with tqdm() as bar:

        def progress(what: str, done: int, of: int) -> None:
            bar.set_description(what, refresh=False)
            bar.total, bar.n = of, done
            bar.refresh()

        embedder = load_embedder(encoder or DEFAULT_ENCODER)
        index = build_index(catalog, embedder, company=company, dialogues=talks, progress=progress)
    save_index(index, output)


def edit(folder: Path, files: Sequence[Path] = (), gone: Sequence[str] = ()) -> None:
    """Takes items out of an index folder and adds or renews those of the files. RapportError where that cannot be."""
    index = load_index(folder)
    index = without_items(index, gone) if gone else index
    index = with_items(index, *read_items(files, index.catalog)) if files else index
    save_index(index, folder)
