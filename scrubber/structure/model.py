"""The bundled model: a forest for pages of every kind, one for articles, and the gate that tells which to ask."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from scrubber.formats.page import Page
from scrubber.structure.choice import ENOUGH, bridged, choose, in_container
from scrubber.structure.features import features, sizes
from scrubber.structure.forest import Forest
from scrubber.structure.rows import HEADING, LINKS

RULE_WEIGHT = 2.5
"""The log-odds a site's rule about its main content adds or takes."""


GATE = 0.35
"""The probability of an article from which the forest for articles is asked as well."""

MIX = 0.3
"""The share of what that forest says in the log-odds of such a page."""

FIRST, HOPELESS, STRETCH = 0.16, -2.0, 1.57
"""After this share of the trees a block with log-odds below this is given up: all trees would say about so many times as
much."""

SURER = 1.2
"""Many small steps stop short of the log-odds that pages bear out."""

LEAST, HEADING_LEAST = 0.25, 0.15

LIKELY = 0.35
"""A page without any block this likely has no main content."""


class Choice(NamedTuple):
    """What the model says of a page's blocks. ``probability`` and ``keep`` have the shape (blocks,)."""

    keep: Any
    probability: Any
    confidence: float
    """Expected word F1 of the kept blocks, 0 to 1."""
    article: float
    """Probability that the page is an article."""


class Model(NamedTuple):
    """Three forests over the columns of ``features``; ``about`` says what they were fitted on."""

    pages: Forest
    articles: Forest
    gate: Forest
    about: dict[str, Any]

    def choose(self, page: Page, content: Sequence[bool] = ()) -> Choice:
        """Return which blocks of a page are its main content.

        ``content`` tells of each block whether a rule says it is, if any rule speaks of this page.
        """
        if not page.spots:
            return Choice(np.zeros(0, dtype=bool), np.zeros(0), 0.0, 0.0)
        size = sizes(page)
        known = np.array(content, dtype=bool)
        told = RULE_WEIGHT * np.where(known, 1, -1) if known.any() and size[known].sum() >= ENOUGH else 0.0
        return self.judge(features(page), size, page.elements[5:], told)

    def judge(self, matrix: Any, size: Any, ranges: Any, told: Any = 0.0) -> Choice:
        """The same from ``features``, ``sizes`` and the block range of each element; ``told`` are log-odds to add."""
        article = float(chance(self.gate.log_odds(summary(matrix, size)[:, None]))[0])
        probability = chance(self._odds(matrix, article > GATE) * SURER + told)
        keep, confidence = choose(probability, size)
        if article > GATE:
            keep &= in_container(probability, size, ranges)
        if probability.max() < LIKELY:
            keep[:] = False
        keep = bridged(rounded(keep, probability, matrix), probability, size, matrix[LINKS])
        return Choice(keep, probability, confidence, article)

    def _odds(self, matrix: Any, article: bool) -> Any:
        """Return log-odds of the blocks; those that the first trees give up are not asked about further."""
        first = int(FIRST * len(self.pages.feature))
        odds = self.pages.part(slice(first)).log_odds(matrix)
        rest = np.flatnonzero(odds > HOPELESS)
        asked = matrix[:, rest]
        more = odds[rest] + self.pages.part(slice(first, None)).log_odds(asked)
        odds *= STRETCH
        odds[rest] = (1 - MIX) * more + MIX * self.articles.log_odds(asked) if article else more
        return odds

    def save(self, path: Any) -> None:
        """Write the model as one compressed file."""
        about = np.frombuffer(json.dumps(self.about).encode(), dtype=np.uint8)
        parts = {f"{name}_{key}": value for name in self._fields[:3] for key, value in getattr(self, name).arrays().items()}
        np.savez_compressed(path, about=about, **parts)


def rounded(keep: Any, probability: Any, matrix: Any) -> Any:
    """Return the choice without what is very unlikely, and with the headings between blocks that stay."""
    keep = keep & (probability >= LEAST)
    between = np.insert(keep[:-1], 0, False) & np.append(keep[1:], False)
    return keep | (between & (matrix[HEADING] > 0) & (probability > HEADING_LEAST))


def chance(log_odds: Any) -> Any:
    """Return probabilities for log-odds."""
    return 1 / (1 + np.exp(-log_odds))


def summary(matrix: Any, size: Any) -> Any:
    """Return a page as one row: the mean of each column, weighted by size, then plain."""
    return np.concatenate([matrix @ size / size.sum(), matrix.mean(axis=1)]).astype(np.float32)


def load(path: Any) -> Model:
    """Return the model stored at ``path``."""
    with np.load(path) as data:
        pages, articles, gate = (Forest.of(*(data[f"{name}_{key}"] for key in Forest._fields)) for name in Model._fields[:3])
        return Model(pages, articles, gate, json.loads(bytes(data["about"]).decode()))


@cache
def bundled() -> Model:
    """Return the model that ships with scrubber."""
    with (files("scrubber.structure") / "model.npz").open("rb") as handle:
        return load(handle)
