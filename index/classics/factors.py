"""iALS: matrix factors of implicit feedback (Hu, Koren and Volinsky, 2008), by the library `implicit`."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Self

import numpy as np
import scipy.sparse as sparse

from index.errors import ModelError


def require_implicit() -> None:
    """ModelError, with the remedy, where the library is not installed."""
    if find_spec("implicit") is None:
        raise ModelError(
            "iALS needs the library implicit, which is not installed; install it with "
            "`pip install 'implicit>=0.7.2,<0.8'`, or with the extra `measure`"
        )


@dataclass
class ImplicitALS:
    """Alternating least squares; a new person is folded in. ModelError where `implicit` is not installed."""

    factors: int = 128
    regularisation: float = 10.0
    confidence: float = 5.0
    iterations: int = 15
    seed: int = 0

    def fit(self, rows: sparse.csr_matrix) -> Self:
        """Learn from rows (u, n)."""
        require_implicit()
        from implicit.cpu.als import AlternatingLeastSquares

        self._model = AlternatingLeastSquares(
            factors=self.factors,
            regularization=self.regularisation,
            alpha=self.confidence,
            iterations=self.iterations,
            random_state=self.seed,
            num_threads=1,
        )
        self._model.fit(sparse.csr_matrix(rows, dtype=np.float32), show_progress=False)
        return self

    def score(self, histories: sparse.csr_matrix) -> np.ndarray:
        """Histories (v, n) → scores (v, n) float32."""
        rows = sparse.csr_matrix(histories, dtype=np.float32)
        users = self._model.recalculate_user(np.arange(rows.shape[0]), rows)
        return np.asarray(users @ self._model.item_factors.T, dtype=np.float32)
