"""Which blocks to keep, given how likely each is main content."""

from __future__ import annotations

from typing import Any

import numpy as np

ENOUGH = 15
"""Fewer expected words of main content than this means that the page has none."""


def choose(probability: Any, words: Any) -> tuple[Any, float]:
    """Return a mask of the blocks that maximise the expected word F1, and that F1 (a confidence from 0 to 1).

    Source: Lewis (1995), the set that maximises expected F1 is a prefix of the blocks sorted by probability.
    """
    expected = float((probability * words).sum())
    if expected < ENOUGH:
        return np.zeros(len(words), dtype=bool), 1 - min(expected / ENOUGH, 1.0)
    order = np.argsort(-probability, kind="stable")
    right = np.cumsum((probability * words)[order])
    chosen = np.cumsum(words[order])
    value = 2 * right / (chosen + expected)
    best = int(value.argmax())
    mask = np.zeros(len(words), dtype=bool)
    mask[order[: best + 1]] = True
    return mask, float(value[best])
