"""Boosted trees stored as complete trees and evaluated level by level for all rows at once, compiled or in numpy."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from scrubber.native import native

_ROWS = 4096
_CACHED = 7_000
"""Trees times rows looked at together: what fits a processor's cache is twice as fast."""


class Forest(NamedTuple):
    """``feature`` and ``threshold`` have the shape (trees, 2**depth - 1), ``leaf`` (trees, 2**depth); depth is 2 or more."""

    feature: Any
    threshold: Any
    leaf: Any

    @classmethod
    def of(cls, feature: Any, threshold: Any, leaf: Any) -> Forest:
        """Return the forest of stored arrays."""
        return cls(feature.astype(np.int16), threshold.astype(np.float32), leaf.astype(np.float32))

    def part(self, trees: slice) -> Forest:
        """Return the forest of some of the trees."""
        return Forest(*(array[trees] for array in self))

    def log_odds(self, columns: Any) -> Any:
        """Return the sum of the leaves each column of ``columns`` (features, rows) falls into, float64 of shape (rows,)."""
        if native is not None:
            return self._compiled(columns)
        rows = columns.shape[1]
        if rows > _ROWS:  # keep memory flat on the largest pages
            return np.concatenate([self._sum(columns[:, i : i + _ROWS]) for i in range(0, rows, _ROWS)])
        return self._sum(columns)

    def _compiled(self, columns: Any) -> Any:
        width, rows = columns.shape
        out = np.empty(rows)
        if rows:
            matrix = np.ascontiguousarray(columns.T, dtype=np.float32)
            native.tree_sums(matrix, width, self.feature, self.threshold, self.leaf, self.feature.shape[1], out)
        return out

    def _sum(self, columns: Any) -> Any:
        total = np.zeros(columns.shape[1])
        columns = np.ascontiguousarray(columns)
        step = max(_CACHED // max(columns.shape[1], 1), 1)
        for start in range(0, len(self.feature), step):
            total += _leaves(self.part(slice(start, start + step)), columns)
        return total

    def arrays(self) -> dict[str, Any]:
        """Return what is stored, in small types."""
        return {
            "feature": self.feature.astype(np.uint16), "threshold": self.threshold.astype(np.float32),
            "leaf": self.leaf.astype(np.float16),
        }  # fmt: skip


def _leaves(forest: Forest, columns: Any) -> Any:
    """Return the sum of leaves of a few trees; the first two levels row by row, which needs no look-ups.

    No index is out of bounds: "clip" only spares the check."""
    feature, threshold, leaf = forest
    feature = feature.astype(np.int64)
    trees, inner = feature.shape
    rows = columns.shape[1]
    root, left, right = (columns[feature[:, i]] > threshold[:, i, None] for i in range(3))
    node = (np.arange(trees)[:, None] * 4 + root * 2 + np.where(root, right, left)).ravel()
    flat, place, low = columns.ravel(), np.arange(rows), 3
    while low < inner:
        high = 2 * low + 1
        at = (feature[:, low:high].ravel() * rows).take(node, mode="clip").reshape(trees, rows)
        at += place
        beyond = flat.take(at.ravel(), mode="clip") > threshold[:, low:high].ravel().take(node, mode="clip")
        node += node
        node += beyond
        low = high
    return leaf.ravel().take(node, mode="clip").reshape(trees, rows).sum(axis=0, dtype=np.float64)
