"""A ranker on disk: its arrays as safetensors, its words as JSON. What the catalog tells is made anew on loading."""

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sparse

from index.aigc import Terms
from index.catalog import Catalog
from index.embedding import Embedder
from index.files import replace_file
from index.ranker.blend import Blend
from index.ranker.contexts import ContextReader
from index.ranker.facts import item_facts
from index.ranker.features import Counts, Memory
from index.ranker.neighbours import Alike
from index.ranker.phrases import Phrases
from index.ranker.ranker import Ranker, Sources
from index.ranker.served import Served

ARRAYS_FILE = "ranker.safetensors"
WORDS_FILE = "ranker.json"
_MATRICES = ("company", "followers", "rated_company")
_PLACING = ("mean", "directions", "factors", "rarity", "known")
_TOLD = ("words", "answers", "later")
_WIDE = ("blend", "counts")
"""Small or counted: kept at 32 bits. The rest is rounded to 16."""


def save_ranker(ranker: Ranker, folder: Path) -> None:
    """Write the two files."""
    from safetensors.numpy import save

    memory = ranker.sources.memory
    arrays: dict[str, np.ndarray] = {}
    for number, net in enumerate(ranker.sources.nets):
        arrays |= _arrays(net, f"net.{number}")
    for number, blend in enumerate(ranker.blends):
        arrays |= _arrays(blend, f"blend.{number}")
    for name in _MATRICES:
        arrays |= _cells(getattr(memory, name), name)
    arrays |= {f"alike.{name}": getattr(memory.alike, name) for name in _PLACING}
    for name in _TOLD:
        arrays |= _cells(getattr(memory.alike, name), f"alike.{name}")
    arrays |= _arrays(memory.counts, "counts")
    rounded = {name: np.ascontiguousarray(_rounded(name, array)) for name, array in arrays.items()}
    replace_file(folder / ARRAYS_FILE, lambda to: to.write_bytes(save(rounded)))
    told = {"nets": len(ranker.sources.nets), "blends": len(ranker.blends), "words": list(ranker.reader.words)}
    replace_file(folder / WORDS_FILE, lambda to: to.write_text(json.dumps(told, ensure_ascii=False) + "\n", "utf-8"))


def load_ranker(
    folder: Path, catalog: Catalog, embedder: Embedder, vectors: np.ndarray, of_item: np.ndarray, terms: Terms
) -> Ranker:
    """Read what `save_ranker` wrote. KeyError, ValueError or SafetensorError where a file is damaged."""
    from safetensors.numpy import load_file

    arrays = load_file(folder / ARRAYS_FILE)
    told = json.loads((folder / WORDS_FILE).read_text("utf-8"))
    shape = (len(catalog), len(catalog))
    placing = {name: arrays[f"alike.{name}"].astype(np.float32) for name in _PLACING}
    known = len(placing["known"])
    told_shapes = {name: (known, len(told["words"] if name == "words" else catalog)) for name in _TOLD}
    memory = Memory(
        **{name: _matrix(arrays, name, shape) for name in _MATRICES},
        alike=Alike(**placing, **{name: _matrix(arrays, f"alike.{name}", told_shapes[name]) for name in _TOLD}),
        counts=_filled(Counts, arrays, "counts"),
    )
    nets = [_filled(Served, arrays, f"net.{number}") for number in range(told["nets"])]
    blends = [_filled(Blend, arrays, f"blend.{number}") for number in range(told["blends"])]
    facts = item_facts(catalog)
    titles = [item.title for item in catalog.items]
    reader = ContextReader(titles, told["words"], Phrases.of(facts.values), embedder)
    return Ranker(reader, facts, Sources(nets, memory, vectors, of_item, terms), blends)


def _arrays(record: Any, prefix: str) -> dict[str, np.ndarray]:
    return {f"{prefix}.{field.name}": getattr(record, field.name) for field in fields(record)}


def _filled(kind: Any, arrays: Mapping[str, np.ndarray], prefix: str) -> Any:
    return kind(**{field.name: arrays[f"{prefix}.{field.name}"].astype(np.float32) for field in fields(kind)})


def _cells(matrix: sparse.csr_matrix, name: str) -> dict[str, np.ndarray]:
    return {
        f"{name}.starts": matrix.indptr.astype(np.int32),
        f"{name}.columns": matrix.indices.astype(np.int32),
        f"{name}.values": matrix.data,
    }


def _matrix(arrays: Mapping[str, np.ndarray], name: str, shape: tuple[int, int]) -> sparse.csr_matrix:
    values = arrays[f"{name}.values"].astype(np.float32)
    return sparse.csr_matrix((values, arrays[f"{name}.columns"], arrays[f"{name}.starts"]), shape=shape)


def _rounded(name: str, array: np.ndarray) -> np.ndarray:
    if array.dtype.kind != "f":
        return array
    return array.astype(np.float32 if name.startswith(_WIDE) else np.float16)
