"""`chatbot evaluate latency`: how long a ranking takes, and what opening only some groups costs in recall.

Two measures, on one thread. The catalog: user embedding, mask and ranking for random states of the bot's own index.
The crowd: synthetic, clustered unit vectors in the group index, beside FAISS's IVFFlat, whose very lists the groups
are, and HNSW, each at the first setting that reaches the recall wanted of its own exact list. For the two from FAISS
a user is one vector, the mean of the evidence; the group index also applies a mask that hides half of the items.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from index.aigc import TUNED
from index.embedding import unit_rows
from index.errors import RapportError
from index.folder import Index
from index.group_index import GroupIndex
from index.search import best, search

K = 10
RECALL = 0.95
SHARES = (0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 1.0)
"""Shares of the items that must be met, as far as the groups are opened."""
PROBES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
BREADTHS = (16, 32, 64, 128, 256, 512, 1024, 2048)
BLOCK = 20_000
LATENT, NOISE = 64, 0.6
EVIDENCE = 2


@dataclass(frozen=True)
class Timed:
    """One setting of one method."""

    method: str
    setting: str
    recall: float  # of the exact first ten
    cpu_ms: float  # median a query
    wall_ms: float  # median a query


@dataclass(frozen=True)
class Built:
    """What one index took."""

    method: str
    seconds: float  # of CPU
    megabytes: float


def evaluate(index: Index, states: int, items: int, dimension: int, queries: int, seed: int) -> dict[str, Any]:
    """The figures of both measures; without items the second is left out."""
    figures: dict[str, Any] = {"catalog": catalog_times(index, states, seed)}
    if items:
        if items < 1000 or dimension < 2:
            raise RapportError(
                f"--items {items} --dimension {dimension}: at least 1000 items of 2 dimensions are needed"
            )
        figures["crowd"] = Crowd(items, dimension, queries, seed).measure()
    return figures


def catalog_times(index: Index, states: int, seed: int) -> dict[str, Any]:
    """Median times of user embedding, mask and ranking, and recall by share of the groups opened."""
    from chatbot.state import DialogueState, Opinion, Request, Wish
    from chatbot.user import embed_user
    from index.constraints import Constraint, mask

    generator = np.random.default_rng(seed)
    catalog = index.catalog
    year = next((f.name for f in catalog.fields if f.kind == "number"), None)
    times: list[tuple[float, float]] = []
    users = []
    for number in range(states + 1):
        liked = generator.choice(len(catalog), size=min(3, len(catalog)), replace=False)
        evidence: list[Any] = [Opinion(True, item_id=catalog.items[at].id) for at in liked]
        if year is not None and not np.isnan(catalog.numbers(year)).all():
            evidence.append(Wish(Constraint(year, ">=", float(np.nanmedian(catalog.numbers(year))))))
        if number % 2:
            evidence.append(Request(f"something like {catalog.items[int(liked[0])].title}"))
        state = DialogueState().plus(evidence, 1)

        def answer(state: DialogueState = state) -> None:
            allowed = mask(catalog, state.constraints(catalog), ())
            user = embed_user(state, index)
            index.rank(user.evidence, user.weights, allowed, K, user.bonus)

        times.append(_clocked(answer))
        user = embed_user(state, index)
        users.append((user.evidence, user.weights))
    del times[0]  # the first loads the encoder
    everything = np.ones(len(catalog), dtype=bool)
    return {
        "items": len(catalog),
        "states": states,
        "cpu_ms": statistics.median(cpu for cpu, _ in times),
        "wall_ms": statistics.median(wall for _, wall in times),
        "by_groups": [asdict(t) for t in group_recalls(index.group_index, users[:50], [everything])],
    }


def group_recalls(
    groups: GroupIndex,
    users: Sequence[tuple[np.ndarray, np.ndarray]],
    masks: Sequence[np.ndarray],
    shares: Sequence[float] = SHARES,
) -> list[Timed]:
    """Recall of the exact first ten, and time, by how much is opened; `masks` (n,) bool are taken in turn."""

    def top(user: tuple[np.ndarray, np.ndarray], allowed: np.ndarray, share: float) -> tuple[set[int], int]:
        wanted = max(K, round(share * np.count_nonzero(allowed)))
        positions, relevance, opened = search(groups, TUNED, *user, allowed, wanted)
        return set(positions[best(positions, relevance, K)].tolist()), opened

    exact = [top(user, masks[i % len(masks)], 1.0)[0] for i, user in enumerate(users)]
    found = []
    for share in shares:
        recalls, opened, times = [], [], []
        for i, user in enumerate(users):
            result: list[tuple[set[int], int]] = []
            times.append(_clocked(lambda: result.append(top(user, masks[i % len(masks)], share))))  # noqa: B023
            recalls.append(len(result[0][0] & exact[i]) / max(1, len(exact[i])))
            opened.append(result[0][1] / len(groups.centroids))
        setting = f"{100 * statistics.mean(opened):.1f} % of groups"
        found.append(_timed("AIGC group index", setting, recalls, times))
    return found


class Crowd:
    """Synthetic items and users, and the indexes that are compared on them."""

    def __init__(self, items: int, dimension: int, queries: int, seed: int) -> None:
        self.items, self.dimension, self.seed = items, dimension, seed
        generator = np.random.default_rng(seed)
        latent = min(LATENT, dimension)
        self._spread = np.linalg.qr(generator.standard_normal((dimension, latent)))[0].T.astype(np.float32)
        self._centres = unit_rows(generator.standard_normal((max(2, items // 500), latent)).astype(np.float32))
        tastes = self._centres[generator.integers(0, len(self._centres), (queries, EVIDENCE))]
        self.users = [self._around(taste, generator) for taste in tastes]
        self.means = unit_rows(np.stack([user.mean(axis=0) for user in self.users]))
        self.mask = generator.random(items) < 0.5

    def _around(self, centres: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        noise = unit_rows(generator.standard_normal(centres.shape).astype(np.float32))
        return unit_rows((centres + NOISE * noise) @ self._spread)

    def blocks(self) -> Iterator[np.ndarray]:
        """The items, a block at a time, so that they stand in memory once; the same every time."""
        from tqdm import tqdm

        generator = np.random.default_rng(self.seed + 1)
        with tqdm(total=self.items, unit=" items", unit_scale=True) as bar:
            for start in range(0, self.items, BLOCK):
                count = min(BLOCK, self.items - start)
                yield self._around(self._centres[generator.integers(0, len(self._centres), count)], generator)
                bar.update(count)

    def measure(self) -> dict[str, Any]:
        """Build each index, measure it, and let it go."""
        lists, built = self._inverted_file()
        exact = self._exact(lists)
        chosen = [self._first_good(self._probing(lists, probes) for probes in PROBES)(exact)]
        groups = GroupIndex.of_lists(lists, lists.quantizer.reconstruct_n(0, lists.nlist))
        users = [(user, np.ones(len(user), dtype=np.float32)) for user in self.users]
        by_groups = group_recalls(groups, users, [self.mask])
        chosen.insert(0, next(t for t in by_groups if t.recall >= RECALL))
        del groups, lists
        graph, graph_built = self._graph()
        chosen.append(self._first_good(self._walking(graph, breadth) for breadth in BREADTHS)(exact))
        return {
            "items": self.items,
            "dimension": self.dimension,
            "at_recall": [asdict(t) for t in chosen],
            "by_groups": [asdict(t) for t in by_groups],
            "built": [asdict(built), asdict(graph_built)],
        }

    def _inverted_file(self) -> tuple[Any, Built]:
        """FAISS's IVFFlat with about √n lists, trained on a sample; its lists are the groups, too."""
        import faiss

        faiss.omp_set_num_threads(1)
        before, started = faiss.get_mem_usage_kb(), time.process_time()
        count = round(self.items**0.5)
        lists = faiss.IndexIVFFlat(faiss.IndexFlatIP(self.dimension), self.dimension, count, faiss.METRIC_INNER_PRODUCT)
        lists.cp.niter, lists.cp.max_points_per_centroid, lists.cp.seed = 10, 64, self.seed
        sample: list[np.ndarray] = []
        for block in self.blocks():
            sample.append(block)
            if len(sample) * BLOCK >= 64 * count:
                break
        lists.train(np.concatenate(sample))
        del sample
        for block in self.blocks():
            lists.add(block)
        megabytes = (faiss.get_mem_usage_kb() - before) / 1024
        return lists, Built("inverted file (AIGC and IVFFlat)", time.process_time() - started, megabytes)

    def _graph(self) -> tuple[Any, Built]:
        import faiss

        before, started = faiss.get_mem_usage_kb(), time.process_time()
        # Of unit vectors the nearest are those of the highest inner product, and graphs work better by distance.
        graph = faiss.IndexHNSWFlat(self.dimension, 16, faiss.METRIC_L2)
        graph.hnsw.efConstruction = 40
        for block in self.blocks():
            graph.add(block)
        megabytes = (faiss.get_mem_usage_kb() - before) / 1024
        return graph, Built("HNSW (16 links)", time.process_time() - started, megabytes)

    def _exact(self, lists: Any) -> list[set[int]]:
        lists.nprobe = lists.nlist
        return [set(lists.search(mean[None], K)[1][0].tolist()) for mean in self.means]

    def _probing(self, lists: Any, probes: int) -> tuple[str, str, Callable[[np.ndarray], np.ndarray]]:
        def ask(mean: np.ndarray) -> np.ndarray:
            lists.nprobe = probes
            return lists.search(mean[None], K)[1][0]

        return "FAISS IVFFlat", f"{probes} lists", ask

    def _walking(self, graph: Any, breadth: int) -> tuple[str, str, Callable[[np.ndarray], np.ndarray]]:
        def ask(mean: np.ndarray) -> np.ndarray:
            graph.hnsw.efSearch = breadth
            return graph.search(mean[None], K)[1][0]

        return "FAISS HNSW", f"breadth {breadth}", ask

    def _first_good(
        self, settings: Iterator[tuple[str, str, Callable[[np.ndarray], np.ndarray]]]
    ) -> Callable[[list[set[int]]], Timed]:
        """The first setting that reaches the recall wanted; the last, where none does."""

        def choose(exact: list[set[int]]) -> Timed:
            for method, setting, ask in settings:
                found: list[set[int]] = []
                times = [
                    _clocked(lambda: found.append(set(ask(mean).tolist())))  # noqa: B023
                    for mean in self.means
                ]
                timed = _timed(method, setting, [len(f & e) / K for f, e in zip(found, exact, strict=True)], times)
                if timed.recall >= RECALL:
                    break
            return timed

        return choose


def _clocked(task: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds of CPU and by the clock."""
    cpu, wall = time.process_time(), time.perf_counter()
    task()
    return 1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - wall)


def _timed(method: str, setting: str, recalls: Sequence[float], times: Sequence[tuple[float, float]]) -> Timed:
    return Timed(
        method,
        setting,
        statistics.mean(recalls),
        statistics.median(cpu for cpu, _ in times),
        statistics.median(wall for _, wall in times),
    )


def table(figures: dict[str, Any], as_json: bool) -> str:
    """The figures as text, or as JSON."""
    if as_json:
        return json.dumps(figures)
    of_catalog = figures["catalog"]
    lines = [
        f"{of_catalog['items']:,} items of the catalog: user embedding + mask + ranking, median of "
        f"{of_catalog['states']} states: {of_catalog['cpu_ms']:.1f} ms of CPU, "
        f"{of_catalog['wall_ms']:.1f} ms by the clock",
        *map(_line, of_catalog["by_groups"]),
    ]
    if crowd := figures.get("crowd"):
        lines += ["", f"{crowd['items']:,} synthetic items of {crowd['dimension']} dimensions, recall@{K} of exact:"]
        lines += [*map(_line, crowd["at_recall"]), "recall by groups opened:", *map(_line, crowd["by_groups"])]
        lines += [
            f"built {b['method']:<34} {b['seconds']:8.0f} s of CPU {b['megabytes']:8.0f} MB" for b in crowd["built"]
        ]
    return "\n".join(lines)


def _line(timed: dict[str, Any]) -> str:
    return (
        f"  {timed['method']:<17} {timed['setting']:<18} recall {timed['recall']:.3f} "
        f"{timed['cpu_ms']:8.2f} ms of CPU {timed['wall_ms']:8.2f} ms by the clock"
    )
