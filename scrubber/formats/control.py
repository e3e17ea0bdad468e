"""Control comments: parts of a text that its writer has told scrubber to leave alone.

``<!-- scrubber: off -->`` to ``<!-- scrubber: on -->`` (or the end), and
``<!-- scrubber: ignore-next-line -->``, each alone on its line; in code they are text like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from scrubber.formats.text import CONTROL, Classifier
from scrubber.model import BlockKind
from scrubber.pattern import pattern

_COMMENT = pattern(r"\s*<!--\s*scrubber:\s*(off|on|ignore-next-line)\s*-->\s*")


class Shield(NamedTuple):
    """Lines ``first`` to ``last`` (inclusive, from 0, the comments with them) and the word that protects them."""

    first: int
    last: int
    word: str


def shields(lines: Sequence[str], kinds: Sequence[BlockKind]) -> list[Shield]:
    """Return what the control comments of a text protect, in order."""
    out: list[Shield] = []
    opened = -1
    for i, line in enumerate(lines):
        if CONTROL not in line or kinds[i] is BlockKind.CODE or not (match := _COMMENT.fullmatch(line)):
            continue
        word = match[1]
        if opened >= 0:
            if word == "on":
                out.append(Shield(opened, i, "off"))
                opened = -1
        elif word == "off":
            opened = i
        elif word == "ignore-next-line":
            out.append(Shield(i, _next_text(lines, i), word))
    if opened >= 0:
        out.append(Shield(opened, len(lines) - 1, "off"))
    return out


def shielded(classify: Classifier) -> Classifier:
    """Return a classifier to which protected lines are as untouchable as front matter."""

    def kinds_of(lines: Sequence[str]) -> list[BlockKind]:
        kinds = classify(lines)
        for shield in shields(lines, kinds):
            for i in range(shield.first, shield.last + 1):
                kinds[i] = BlockKind.MATTER
        return kinds

    return kinds_of


def _next_text(lines: Sequence[str], i: int) -> int:
    return next((n for n in range(i + 1, len(lines)) if lines[n].strip()), i)
