"""Cold starts: items that nobody has rated, and people of whom nothing but one sentence is known."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import scipy.sparse as sparse

from chatbot.bot import LANGUAGE, Chatbot
from chatbot.evaluation.ranking.data import Data, Person, Split, cells
from chatbot.evaluation.ranking.methods import TEXT_DIMENSION, Settings, Workshop
from chatbot.evaluation.ranking.metrics import RECALL_AT, interval, ndcg, recall, top
from chatbot.generation.lines import read_words
from chatbot.generation.templates import TemplateWriter
from chatbot.ranking import rank
from index.catalog import Catalog
from index.embedding import Embedder
from index.folder import Index
from index.space import text_directions, text_map

COLD = 0.1
METHODS = ("popularity", "EASE", "content-based", "hybrid", "sketch", "AIGC as shipped", "AIGC")


def new_items(data: Data, split: Split, settings: Mapping[str, Settings], seed: int) -> list[dict[str, Any]]:
    """Recall of hits among a tenth of the rated items, every rating of which was taken away before learning."""
    generator = np.random.default_rng(seed)
    rated = np.unique(np.concatenate([person.liked for person in split.learning]))
    cold = np.zeros(len(data.catalog), dtype=bool)
    cold[generator.choice(rated, round(COLD * len(rated)), replace=False)] = True
    learning = [Person(p.liked[~cold[p.liked]], p.other[~cold[p.other]]) for p in split.learning]
    tested = [at for at, wanted in enumerate(split.gold) if cold[wanted].any()]
    histories = sparse.csr_matrix(split.histories[tested].multiply(~cold[None]))
    gold = [split.gold[at][cold[split.gold[at]]] for at in tested]
    shop = Workshop(data, Split(learning, histories, gold), seed)
    rows = []
    for method in METHODS:
        scores = shop.build(method, settings[method]).score(histories)
        among = np.where(cold[None], scores, -np.inf)
        rows.append(
            {
                "method": method,
                "people": len(tested),
                "new_items": int(cold.sum()),
                "recall_of_all": interval(recall(top(scores, histories, RECALL_AT), gold)),
                "recall_of_new": interval(recall(top(among, histories, RECALL_AT), gold)),
            }
        )
    return rows


def one_sentence(data: Data, split: Split, aigc: Settings, embedder: Embedder, seed: int) -> list[dict[str, Any]]:
    """The bot's ranking after one sentence of a new person, against what everybody likes.

    The sentence names the two genres most frequent in the person's given history and one item of it. The bot has an
    index of the learning people only. Beside it stands AIGC with its learned weights, told that one item.
    """
    shop = Workshop(data, split, seed)
    bot = Chatbot(_index(data, shop, embedder), TemplateWriter(read_words(LANGUAGE)), date.today())
    generator = np.random.default_rng(seed)
    lists, named = [], []
    for at in range(len(split.gold)):
        history = split.histories[at].indices
        named.append(generator.choice(history, 1))
        said = sentence(data.catalog, history, int(named[-1][0]))
        ranked = rank(bot, [{"role": "user", "text": said}], set(), RECALL_AT + len(history))
        found = [p for item, _ in ranked if (p := data.catalog.positions[item]) not in set(history)]
        lists.append((found + [-1] * RECALL_AT)[:RECALL_AT])
    popular = shop.build("popularity", {}).score(split.histories)
    one = cells(range(len(named)), named, [1.0] * len(named), *split.histories.shape)
    shown = {
        "popularity": top(popular, split.histories, RECALL_AT),
        "the bot, one sentence": np.array(lists),
        "AIGC, the item named": top(shop.build("AIGC", aigc).score(one), split.histories, RECALL_AT),
    }
    return [
        {"method": name, "ndcg": interval(ndcg(rows, split.gold)), "recall": interval(recall(rows, split.gold))}
        for name, rows in shown.items()
    ]


def sentence(catalog: Catalog, history: np.ndarray, item: int) -> str:
    """What somebody with this history might say first."""
    field = catalog.field_of("genre")
    kinds = Counter(str(v) for at in history for v in catalog.items[at].values(field.name)) if field else Counter()
    liked = " and ".join(kind for kind, _ in kinds.most_common(2))
    opening = f"I like {liked} {catalog.nouns[1]}" if liked else f"I like all kinds of {catalog.nouns[1]}"
    return f"{opening}, and I loved {catalog.items[item].title}"


def _index(data: Data, shop: Workshop, embedder: Embedder) -> Index:
    """The index of the learning people, with the words that it would have."""
    index = shop.index()
    directions = text_directions(data.texts.mixed, TEXT_DIMENSION)
    return replace(
        index, embedder=embedder, text_map=text_map(data.catalog, embedder, directions, index.vectors.shape[1])
    )
