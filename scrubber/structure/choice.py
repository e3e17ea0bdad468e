"""Which blocks to keep, given how likely each is main content."""

from __future__ import annotations

from typing import Any

import numpy as np

ENOUGH = 15
"""Fewer expected words of main content than this means that the page has none."""


def choose(probability: Any, size: Any) -> tuple[Any, float]:
    """Return a mask of the blocks that maximise the expected word F1, and that F1 (a confidence from 0 to 1).

    Source: Lewis (1995), the set that maximises expected F1 is a prefix of the blocks sorted by probability.
    """
    expected = float((probability * size).sum())
    if expected < ENOUGH:
        return np.zeros(len(size), dtype=bool), 1 - min(expected / ENOUGH, 1.0)
    order = np.argsort(-probability, kind="stable")
    right = np.cumsum((probability * size)[order])
    chosen = np.cumsum(size[order])
    value = 2 * right / (chosen + expected)
    best = int(value.argmax())
    mask = np.zeros(len(size), dtype=bool)
    mask[order[: best + 1]] = True
    return mask, float(value[best])


SHARE, FLOOR, OUTSIDE = 0.75, 0.6, 0.8


def in_container(probability: Any, size: Any, ranges: Any) -> Any:
    """Return a mask of the blocks that belong to an article: likely, and inside the element that holds most of it.

    ``ranges`` are where the blocks of each element begin and where they end (two lists); the smallest element with
    ``SHARE`` of the expected content is the article's. Outside it a block has to be surer.
    """
    expected = np.where(probability > 0.2, probability * size, 0)
    sums = np.concatenate([[0], np.cumsum(expected)])
    first, last = np.array(ranges, dtype=np.int64)
    holds = sums[last] - sums[first] >= SHARE * sums[-1]
    holds[0] = True
    best = int(np.where(holds, last - first, len(size) + 1).argmin())
    place = np.arange(len(size))
    inside = (place >= first[best]) & (place < last[best])
    return np.where(inside, probability >= FLOOR, probability >= OUTSIDE)


SHORT, FAIR, LINKED = 20, 0.4, 0.3


def bridged(keep: Any, probability: Any, size: Any, links: Any) -> Any:
    """Return the choice with its short gaps closed: ``SHORT`` words at most, no block linked or less likely than ``FAIR``.

    A small table says little about itself; what is around it does.
    """
    kept = np.flatnonzero(keep)
    if len(kept) < 2:
        return keep
    poor = ~keep & ((probability < FAIR) | (links > LINKED))
    bad, words = (np.concatenate([[0], np.cumsum(values)]) for values in (poor, np.where(keep, 0, size)))
    start, end = kept[:-1] + 1, kept[1:]
    close = (end > start) & (bad[end] == bad[start]) & (words[end] - words[start] <= SHORT)
    out = keep.copy()
    for low, high in zip(start[close], end[close], strict=True):
        out[low:high] = True
    return out
