"""The classics of collaborative and content-based filtering, each one small class.

All share one form: `fit(rows)` learns from people's rows (u, n) and returns itself, `score(histories)` gives every
item a score for new people's histories (v, n) → (v, n) float32. Rows are scipy CSR, a cell is how much somebody
liked an item, 0 where nothing is known. Scores compare within a row only; what a history holds is scored like the
rest, and left out by the caller.
"""

from index.classics.content import ContentBased
from index.classics.ease import Ease
from index.classics.factors import ImplicitALS
from index.classics.hybrid import Hybrid
from index.classics.neighbours import ItemKNN, UserKNN
from index.classics.popularity import Popularity
from index.classics.ranker import Ranker

__all__ = ["ContentBased", "Ease", "Hybrid", "ImplicitALS", "ItemKNN", "Popularity", "Ranker", "UserKNN"]
