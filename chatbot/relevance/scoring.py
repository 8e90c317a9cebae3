"""How good a judge is: accuracy, F1 and AUC; and the judges that need no language model."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from chatbot.relevance.pairs import Pair


def figures(liked: np.ndarray, scores: np.ndarray, threshold: float = 0.5) -> dict[str, float]:
    """Of truths (n,) bool and scores (n,) in 0..1: accuracy, macro F1, F1 of the dislikes, area under the ROC curve.

    Dislikes are few: accuracy flatters whoever always says yes, and the AUC is what tells.
    """
    from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

    said = scores >= threshold
    return {
        "accuracy": float(accuracy_score(liked, said)),
        "f1_macro": float(f1_score(liked, said, average="macro", zero_division=0)),
        "f1_dislike": float(f1_score(~liked, ~said, zero_division=0)),
        "auc": float(roc_auc_score(liked, scores)) if 0 < liked.sum() < len(liked) else float("nan"),
    }


def best_threshold(liked: np.ndarray, scores: np.ndarray) -> float:
    """The threshold of best macro F1 on these (to be taken from validation rows, never from test rows)."""
    tried = np.quantile(scores, np.linspace(0.0, 0.6, 61))
    return float(max(tried, key=lambda t: figures(liked, scores, t)["f1_macro"]))


def truths(pairs: Sequence[Pair]) -> np.ndarray:
    """Whether each was liked: (n,) bool."""
    return np.array([pair.liked for pair in pairs], dtype=bool)


def majority(train: Sequence[Pair], test: Sequence[Pair]) -> np.ndarray:
    """The share of likes in the training rows, for every row: (n,)."""
    return np.full(len(test), truths(train).mean())


def logistic_regression(train: Sequence[Pair], test: Sequence[Pair], seed: int) -> np.ndarray:
    """Probabilities (n,) by logistic regression on TF-IDF words of the context and of the item, apart."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    parts: list[Any] = []
    for text in ("context", "item"):
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        seen = words.fit_transform([getattr(pair, text) for pair in train])
        parts.append((seen, words.transform([getattr(pair, text) for pair in test])))
    from scipy.sparse import hstack

    model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=500, random_state=seed)
    model.fit(hstack([seen for seen, _ in parts]).tocsr(), truths(train))
    return np.asarray(model.predict_proba(hstack([unseen for _, unseen in parts]).tocsr())[:, 1])
