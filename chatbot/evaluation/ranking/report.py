"""The figures of `chatbot evaluate ranking` as text."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

LISTS = ("ndcg", "intra_list_diversity", "coverage", "gini", "popularity_lift", "miscalibration")


def table(figures: Mapping[str, Any], as_json: bool) -> str:
    """The figures as lines of text, or as JSON; ± is half of a 95 % confidence interval."""
    if as_json:
        return json.dumps(figures)
    lines = [f"{figures['people']} people who were not learned from, {figures['items']:,} items, none sampled", ""]
    compared = f"{'':<36}{'NDCG@10':>15}{'Recall@20':>15}{'AIGC less it, NDCG':>21}{'Recall':>15}"
    lines += [compared, *map(_method, figures["methods"]), "", "AIGC", *map(_method, figures["ablations"]), ""]
    lines += [f"{'lists of ten, of AIGC':<24}" + "".join(f"{name.replace('_', ' '):>22}" for name in LISTS)]
    lines += [f"{row['setting']:<24}" + "".join(f"{row[name]:>22.3f}" for name in LISTS) for row in figures["lists"]]
    lines += ["", "items that nobody has rated: Recall@20 among all items, and among the new ones"]
    lines += [
        f"{row['method']:<36}{_pm(row['recall_of_all'])}{_pm(row['recall_of_new'])}" for row in figures["new_items"]
    ]
    lines += ["", "a new person, after one sentence: NDCG@10, Recall@20"]
    lines += [f"{row['method']:<36}{_pm(row['ndcg'])}{_pm(row['recall'])}" for row in figures["one_sentence"]]
    return "\n".join(lines)


def _method(row: Mapping[str, Any]) -> str:
    compared = f"{_pm(row['aigc_less_ndcg'], 21)}{_pm(row['aigc_less_recall'])}"
    return f"{row['method']:<36}{_pm(row['ndcg'])}{_pm(row['recall'])}{compared}"


def _pm(interval: Sequence[float], width: int = 15) -> str:
    return f"{interval[0]:.4f} ±{interval[1]:.4f}".rjust(width)
