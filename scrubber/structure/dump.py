"""The bundled model for dumps: which lines of a whole page's text are its main content."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from scrubber.structure.choice import choose
from scrubber.structure.dump_features import Witness, matrix
from scrubber.structure.forest import Forest
from scrubber.structure.lines import Lines

LEAST = 0.2
"""A line less likely than this is never kept."""

_WORD = re.compile(r"\w+")


class Choice(NamedTuple):
    """What the model says of the lines of a dump. ``probability`` and ``keep`` have the shape (lines,)."""

    keep: Any
    probability: Any
    confidence: float
    """Expected word F1 of the kept lines, 0 to 1."""


class DumpModel(NamedTuple):
    """A forest over the columns of ``dump_features``; ``about`` says what it was fitted on."""

    forest: Forest
    about: dict[str, Any]

    def choose(self, lines: Lines, witnesses: Mapping[int, Witness], url: str = "") -> Choice:
        """Return which lines are main content; ``witnesses`` say what the rules know, by number of the line."""
        if not len(lines.starts):
            return Choice(np.zeros(0, bool), np.zeros(0), 0.0)
        return self.judge(matrix(lines, witnesses, url), sizes(lines))

    def judge(self, table: Any, size: Any) -> Choice:
        """The same from ``matrix`` and ``sizes``."""
        probability = 1 / (1 + np.exp(-self.forest.log_odds(table.T)))
        keep, confidence = choose(probability, size)
        return Choice(keep & (probability >= LEAST), probability, confidence)

    def save(self, path: Any) -> None:
        """Write the model as one compressed file."""
        about = np.frombuffer(json.dumps(self.about).encode(), dtype=np.uint8)
        np.savez_compressed(path, about=about, **self.forest.arrays())


def sizes(lines: Lines) -> Any:
    """Return how many words each line has."""
    return np.array([len(_WORD.findall(text)) for text in lines.texts], float)


def reason(lines: Lines, witnesses: Mapping[int, Witness], choice: Choice, i: int) -> str:
    """Return why line ``i`` is left out, as far as a reader can see it."""
    parts = [f"not main content ({choice.probability[i]:.0%} likely)"]
    kept = np.flatnonzero(choice.keep)
    if len(kept):
        parts.append("above it" if i < kept[0] else "below it" if i > kept[-1] else "between its parts")
    if witness := witnesses.get(int(lines.numbers[i])):
        parts.append(f"known to the rules ({witness.role})")
    return ", ".join(parts)


def load(path: Any) -> DumpModel:
    """Return the model stored at ``path``."""
    with np.load(path) as data:
        return DumpModel(Forest.of(*(data[key] for key in Forest._fields)), json.loads(bytes(data["about"]).decode()))


@cache
def bundled() -> DumpModel:
    """Return the model that ships with scrubber."""
    with (files("scrubber.structure") / "dump.npz").open("rb") as handle:
        return load(handle)
