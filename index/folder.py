"""The index: a catalog with its vectors and groups, ranked by AIGC; and the folder it is kept in."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from index.aigc import TUNED, Terms
from index.catalog import Catalog, fold
from index.embedding import Embedder, load_embedder, mean_row, unit_rows
from index.errors import IndexFolderError
from index.files import replace_file
from index.group_index import GroupIndex
from index.groups import Groups
from index.links import Links, spread
from index.prior import prior
from index.ranker.ranker import Ranker
from index.ranker.storing import ARRAYS_FILE, WORDS_FILE, load_ranker, save_ranker
from index.search import best, search
from index.space import TextMap
from index.storing import REMEDY, load_catalog, save_catalog
from index.tags import Tags

FORMAT = 1
VECTORS_FILE = "vectors.safetensors"
GROUPS_FILE = "groups.json"
MANIFEST_FILE = "manifest.json"
OTHERS = ("catalog.json", "items.parquet", VECTORS_FILE, GROUPS_FILE)
LINKS_FILE = "links.safetensors"
"""Only there where the index was built with ratings or dialogues."""
LEARNED = (ARRAYS_FILE, WORDS_FILE)
"""Only there where the index was built with dialogues enough to learn a ranking from."""

POOL = 2000
"""Items that may be shown to meet before the search of groups stops."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One ranked item."""

    position: int
    score: float  # 0..1, comparable within one call
    group: int


@dataclass(frozen=True)
class Index:
    """Everything that is known of the items. Immutable, and shared by all conversations."""

    catalog: Catalog
    vectors: np.ndarray  # (n, d) float32 unit rows
    groups: Groups
    text_map: TextMap
    embedder: Embedder
    terms: Terms = TUNED
    manifest: Mapping[str, Any] = field(default_factory=dict)
    ranker: Ranker | None = None
    """What was learned from dialogues, where there were any."""
    links: Links = field(default_factory=lambda: Links.none(0))
    """Item-to-item weights from ratings and dialogues, where there were any."""
    placing: TextMap | None = None
    """From an item's encoded texts to its vector, for items that come later; None in folders of older versions."""

    @cached_property
    def prior(self) -> np.ndarray:
        """How good a bet each item is when nothing is known of the user: (n,) float32 in 0..1."""
        return prior(self.catalog)

    @cached_property
    def group_index(self) -> GroupIndex:
        """The groups as FAISS lists."""
        return GroupIndex(self.vectors, self.groups.of_item, self.groups.centroids)

    @cached_property
    def centre(self) -> np.ndarray:
        """The mean item: (d,) float32."""
        return mean_row(self.vectors)

    def embed(self, text: str) -> np.ndarray:
        """A request's words in item space: (d,) float32, unrelated items about 0. Loads the encoder when first called.

        Its length is such that a perfect match of an item's text counts as much as the item itself.
        """
        return self.text_map(self.embedder.encode([text]))[0]

    def tagged(self, text: str) -> np.ndarray:
        """How well each item's tags say what a text says: (n,) float32 in 0..1, 0 where they do not."""
        return self.tags.shares(self.embedder.encode([text])[0], len(self.catalog))

    @cached_property
    def tags(self) -> Tags:
        """The catalog's tags by their meaning."""
        return Tags.of(self.catalog, self.embedder)

    def attribute_vector(self, field: str, value: str | float) -> np.ndarray:
        """The mean of the items that have the value, less the mean item: (d,) float32, unit; zeros if none has."""
        described = self.catalog.field(field)
        if described is None:
            raise ValueError(f"the catalog {self.catalog.name} has no field {field!r}")
        if described.kind == "number":
            where = np.flatnonzero(self.catalog.numbers(field) == float(value))
        else:
            where = self.catalog.postings(field).get(fold(str(value)), np.zeros(0, dtype=np.int64))
        if not len(where):
            return np.zeros_like(self.centre)
        return unit_rows(self.vectors[where].mean(axis=0) - self.centre)

    def linked(self, items: Sequence[int], strengths: Sequence[float]) -> np.ndarray:
        """What liking the items at these positions, so strongly, says for every item through the item-to-item weights:
        (n,) float32 ≥ 0, in units of relevance; to be added to the bonus of `rank`."""
        if not len(self.links):
            return np.zeros(len(self.catalog), dtype=np.float32)
        return self.terms.link * spread(self.links.sums(items, strengths))

    def rank(
        self, evidence: np.ndarray, weights: np.ndarray, mask: np.ndarray, k: int, bonus: np.ndarray | None = None
    ) -> list[Ranked]:
        """The best k of the items where `mask` (n,) bool holds, best first; fewer only where fewer hold.

        `evidence` (e, d) are vectors of this space with signed `weights` (e,): what is liked, and below zero
        disliked. `bonus` (n,) is added to an item's relevance, in whose units unrelated is about 0 and a perfect
        match about 1.
        """
        positions, totals = self.scores(evidence, weights, mask, max(POOL, 10 * k), bonus)
        top = best(positions, totals, k)
        scores = 1 / (1 + np.exp(-5 * (totals[top] - 0.3)))
        of_item = self.groups.of_item
        return [Ranked(int(p), float(s), int(of_item[p])) for p, s in zip(positions[top], scores, strict=True)]

    def scores(
        self, evidence: np.ndarray, weights: np.ndarray, mask: np.ndarray, pool: int, bonus: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """What `rank` ranks by: allowed positions (m,), in no order, and their relevance with the bonus (m,).

        The search goes on until `pool` items that are allowed were met.
        """
        if not mask.any():
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        evidence = np.asarray(evidence, dtype=np.float32).reshape(-1, self.vectors.shape[1])
        weights = np.asarray(weights, dtype=np.float32).reshape(-1)
        also = None if bonus is None else _highest(bonus, mask, pool // 4)
        positions, relevance, _ = search(self.group_index, self.terms, evidence, weights, mask, pool, also)
        return positions, relevance if bonus is None else relevance + bonus[positions]


def _highest(values: np.ndarray, mask: np.ndarray, count: int) -> np.ndarray:
    """Positions of the highest values among those allowed, at most `count`, in no order."""
    allowed = np.flatnonzero(mask)
    if len(allowed) <= count:
        return allowed
    return allowed[np.argpartition(-values[allowed], count)[:count]]


def save_index(index: Index, path: str | Path) -> None:
    """Write the folder. Each file is written beside its place and renamed, the manifest last."""
    save_catalog(index.catalog, path)
    save_vectors(index, path)


def save_vectors(index: Index, path: str | Path) -> None:
    """Write all but the catalog's files, which must be in the folder already, as `save_catalog` wrote them."""
    from safetensors.numpy import save

    folder = Path(path)
    # Prose serves for the vectors and is not saved, so the records themselves may differ.
    if [item.id for item in load_catalog(folder).items] != [item.id for item in index.catalog.items]:
        raise IndexFolderError(f"{folder} holds another catalog than the one these vectors were made for; {REMEDY}")
    tensors: dict[str, np.ndarray] = {
        "vectors": index.vectors.astype(np.float16),
        "text_mean": index.text_map.mean.astype(np.float32),
        "text_matrix": index.text_map.matrix.astype(np.float16),
        "text_reach": np.array([index.text_map.reach], dtype=np.float32),
    }
    if index.placing is not None:
        tensors |= {"placing_mean": index.placing.mean, "placing_matrix": index.placing.matrix.astype(np.float16)}
    replace_file(folder / VECTORS_FILE, lambda to: to.write_bytes(save(tensors)))
    groups = {"names": index.groups.names, "of_item": index.groups.of_item.tolist()}
    replace_file(folder / GROUPS_FILE, lambda to: to.write_text(json.dumps(groups, ensure_ascii=False) + "\n", "utf-8"))
    files = list(OTHERS)
    if len(index.links.weights):
        replace_file(folder / LINKS_FILE, lambda to: to.write_bytes(save(index.links.arrays())))
        files.append(LINKS_FILE)
    if index.ranker is not None:
        save_ranker(index.ranker, folder)
        files += LEARNED
    manifest = {
        "format": FORMAT,
        "items": len(index.catalog),
        "encoder": {"name": index.embedder.name, "dimension": index.text_map.matrix.shape[0]},
        "scorer": asdict(index.terms),
        "built": dict(index.manifest.get("built", {})),
        "files": {name: _fingerprint(folder / name) for name in files},
    }
    replace_file(folder / MANIFEST_FILE, lambda to: to.write_text(json.dumps(manifest, indent=1) + "\n", "utf-8"))


def load_index(path: str | Path) -> Index:
    """Read a folder that `save_index` wrote; the encoder is loaded later, when text is first embedded.

    IndexFolderError where a file is missing, damaged, or of another version.
    """
    folder = Path(path)
    manifest = _read_manifest(folder)
    further = [name for name in (LINKS_FILE, *LEARNED) if name in manifest["files"]]
    for name in (*OTHERS, *further):
        _check_file(folder / name, manifest)
    catalog = load_catalog(folder)
    vectors, text_map, placing = _read_vectors(folder / VECTORS_FILE)
    groups = _read_groups(folder / GROUPS_FILE, vectors)
    try:
        embedder = load_embedder(str(manifest["encoder"]["name"]))
        terms = Terms(**manifest["scorer"])
    except (KeyError, TypeError) as error:
        raise IndexFolderError(f"{folder / MANIFEST_FILE} is damaged ({error!r}); {REMEDY}") from error
    if not len(catalog) == len(vectors) == len(groups.of_item):
        raise IndexFolderError(
            f"{folder} does not fit together: {len(catalog)} items, {len(vectors)} vectors and "
            f"{len(groups.of_item)} group members; {REMEDY}"
        )
    links = _read_links(folder / LINKS_FILE, len(catalog)) if LINKS_FILE in further else Links.none(len(catalog))
    index = Index(catalog, vectors, groups, text_map, embedder, terms, manifest, None, links, placing)
    return replace(index, ranker=_read_ranker(folder, index)) if ARRAYS_FILE in further else index


def _fingerprint(path: Path) -> dict[str, int | str]:
    content = path.read_bytes()
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _read_manifest(folder: Path) -> Mapping[str, Any]:
    path = folder / MANIFEST_FILE
    if not folder.is_dir():
        raise IndexFolderError(f"there is no index folder at {folder}; {REMEDY}")
    try:
        manifest = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise IndexFolderError(f"{path} is missing, so {folder} is no index folder; {REMEDY}") from error
    except (OSError, ValueError) as error:
        raise IndexFolderError(f"{path} cannot be read ({error}); {REMEDY}") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise IndexFolderError(f"{path} is damaged (it lists no files); {REMEDY}")
    if manifest.get("format") != FORMAT:
        raise IndexFolderError(f"{path} has format {manifest.get('format')!r}, this version reads {FORMAT}; {REMEDY}")
    return manifest


def _check_file(path: Path, manifest: Mapping[str, Any]) -> None:
    expected = manifest["files"].get(path.name)
    if not path.is_file():
        raise IndexFolderError(f"{path} is missing; {REMEDY}")
    found = _fingerprint(path)
    if found != expected:
        raise IndexFolderError(f"{path} is damaged or was changed ({found['bytes']} bytes); {REMEDY}")


def _read_vectors(path: Path) -> tuple[np.ndarray, TextMap, TextMap | None]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        tensors = load_file(path)
        words = _map(tensors, "text", float(tensors["text_reach"][0]))
        placing = _map(tensors, "placing") if "placing_mean" in tensors else None
        # Rounding to 16 bits has moved the lengths a little.
        vectors = unit_rows(tensors["vectors"].astype(np.float32))
    except (SafetensorError, KeyError) as error:
        raise IndexFolderError(f"{path} is damaged ({error}); {REMEDY}") from error
    return vectors, words, placing


def _map(tensors: Mapping[str, np.ndarray], name: str, reach: float = 1.0) -> TextMap:
    mean, matrix = (tensors[f"{name}_{part}"].astype(np.float32) for part in ("mean", "matrix"))
    return TextMap(mean, matrix, reach)


def _read_links(path: Path, n_items: int) -> Links:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return Links.of_arrays(load_file(path), n_items)
    except (SafetensorError, KeyError, ValueError) as error:
        raise IndexFolderError(f"{path} is damaged ({error}); {REMEDY}") from error


def _read_ranker(folder: Path, index: Index) -> Ranker:
    from safetensors import SafetensorError

    try:
        return load_ranker(folder, index.catalog, index.embedder, index.vectors, index.groups.of_item, index.terms)
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise IndexFolderError(f"{folder / ARRAYS_FILE} is damaged ({error!r}); {REMEDY}") from error


def _read_groups(path: Path, vectors: np.ndarray) -> Groups:
    from index.groups import group_means

    try:
        stored = json.loads(path.read_text("utf-8"))
        names = tuple(str(name) for name in stored["names"])
        of_item = np.array(stored["of_item"], dtype=np.int64)
        return Groups(names, of_item, group_means(vectors, of_item, len(names)))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise IndexFolderError(f"{path} is damaged ({error!r}); {REMEDY}") from error
