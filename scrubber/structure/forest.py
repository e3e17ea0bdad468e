"""The model: boosted trees stored as complete trees and evaluated for all blocks at once."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np


class Forest(NamedTuple):
    """``feature`` and ``threshold`` have shape (trees, 2**depth - 1), ``leaf`` (trees, 2**depth)."""

    feature: Any
    threshold: Any
    leaf: Any
    about: dict[str, Any]
    """Provenance: data, settings, date and the names of the features."""

    def log_odds(self, matrix: Any) -> Any:
        """Return the log-odds of being main content for each row of ``matrix``."""
        trees, inner = self.feature.shape
        rows = np.arange(len(matrix))[:, None]
        node = np.zeros((len(matrix), trees), dtype=np.int64)
        feature, threshold = self.feature.ravel(), self.threshold.ravel()
        offset = np.arange(trees, dtype=np.int64) * inner
        for _ in range(int(inner + 1).bit_length() - 1):
            at = node + offset
            node = 2 * node + 1 + (matrix[rows, feature[at]] > threshold[at])
        return np.take(self.leaf.ravel(), node - inner + np.arange(trees) * (inner + 1)).sum(axis=1)

    def save(self, path: Any) -> None:
        """Write the forest as one compressed file."""
        about = np.frombuffer(json.dumps(self.about).encode(), dtype=np.uint8)
        np.savez_compressed(
            path, feature=self.feature.astype(np.uint8), threshold=self.threshold.astype(np.float32),
            leaf=self.leaf.astype(np.float16), about=about,
        )  # fmt: skip


def load(path: Any) -> Forest:
    """Return the forest stored at ``path``."""
    with np.load(path) as data:
        about = json.loads(bytes(data["about"]).decode())
        leaf = data["leaf"].astype(np.float32)
        return Forest(data["feature"].astype(np.int64), data["threshold"], leaf, about)


@cache
def bundled() -> Forest:
    """Return the model that ships with scrubber."""
    with (files("scrubber.structure") / "model.npz").open("rb") as handle:
        return load(handle)
