"""Boosted trees stored as complete trees and evaluated level by level for all rows at once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

_ROWS = 4096


class Forest(NamedTuple):
    """``feature`` and ``threshold`` have the shape (trees, 2**depth - 1), ``leaf`` (trees, 2**depth)."""

    feature: Any
    threshold: Any
    leaf: Any

    @classmethod
    def of(cls, feature: Any, threshold: Any, leaf: Any) -> Forest:
        """Return the forest of stored arrays."""
        return cls(feature.astype(np.int32), threshold.astype(np.float32), leaf.astype(np.float32))

    def log_odds(self, matrix: Any) -> Any:
        """Return the sum of the leaves each row of ``matrix`` (rows, features) falls into, shape (rows,)."""
        if len(matrix) > _ROWS:  # keep memory flat on the largest pages
            return np.concatenate([self.log_odds(matrix[i : i + _ROWS]) for i in range(0, len(matrix), _ROWS)])
        trees, inner = self.feature.shape
        columns = np.ascontiguousarray(matrix.T)
        rows = np.arange(len(matrix))
        feature, threshold = self.feature.ravel(), self.threshold.ravel()
        offset = (np.arange(trees, dtype=np.int32) * inner)[:, None]
        node = np.zeros((trees, len(matrix)), dtype=np.int32)
        flat, width = columns.ravel(), len(matrix)
        for _ in range(int(inner + 1).bit_length() - 1):
            at = node + offset
            node = 2 * node + 1 + (flat[feature[at] * width + rows] > threshold[at])
        return np.take(self.leaf.ravel(), node - inner + (np.arange(trees) * (inner + 1))[:, None]).sum(axis=0)

    def arrays(self) -> dict[str, Any]:
        """Return what is stored, in small types."""
        return {
            "feature": self.feature.astype(np.uint16), "threshold": self.threshold.astype(np.float32),
            "leaf": self.leaf.astype(np.float16),
        }  # fmt: skip
