"""The lines of a dump (a whole page as text, its tags lost), their characters counted, and figures of lines around them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np

LOWER, UPPER, DIGIT, SPACE, END, COMMA, MARK, WIDE, LETTER, OTHER = range(10)
"""Classes of code points: small and capital letters, digits, white space, ends of sentences, other punctuation inside
sentences, separators and bullets, scripts without spaces, letters without case, anything else."""

FAR = 999.0
"""How far something is that is nowhere."""

_WIDE = ((0x0E00, 0x0E7F), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF))


@cache
def classes() -> Any:
    """Return the class of every code point of the first plane; built once."""
    return np.array([_class(code) for code in range(0x10000)], np.uint8)


def _class(code: int) -> int:
    c = chr(code)
    if c.isspace():
        return SPACE
    if c.isdigit():
        return DIGIT
    for kind, members in ((END, ".!?…。！？।؟۔"), (COMMA, ",;:，、；：،؛"), (MARK, "|•·›»/>&+#@=*→~_\\-–—")):
        if c in members:
            return kind
    if any(low <= code <= high for low, high in _WIDE):
        return WIDE
    if c.islower():
        return LOWER
    if c.isupper():
        return UPPER
    return LETTER if c.isalpha() else OTHER


class Lines(NamedTuple):
    """The lines of a text that hold more than white space: half-open ranges, blank lines above, numbers from 0."""

    text: str
    starts: Any
    ends: Any
    blanks: Any
    numbers: Any

    @classmethod
    def of(cls, text: str) -> Lines:
        """Return the solid lines of ``text``, in order."""
        rows: list[tuple[int, int, int, int]] = []
        at = gap = 0
        for number, line in enumerate(text.split("\n")):
            if not line or line.isspace():
                gap += 1
            else:
                rows.append((at, at + len(line), gap, number))
                gap = 0
            at += len(line) + 1
        table = np.array(rows, np.int64).reshape(-1, 4)
        return cls(text, *table.T)

    @property
    def texts(self) -> list[str]:
        """The lines themselves."""
        return [self.text[a:b] for a, b in zip(self.starts.tolist(), self.ends.tolist(), strict=True)]

    def without(self, keep: Any) -> Iterator[tuple[int, int, int]]:
        """Yield (line, start, end) for every line that ``keep`` leaves out, with the blank lines below it."""
        starts = [*self.starts.tolist(), len(self.text)]
        if starts[:-1]:
            starts[0] = 0
        last = max(np.flatnonzero(keep).tolist(), default=-1)
        for i in np.flatnonzero(~keep).tolist():
            start = int(self.ends[last]) + 1 if i == last + 1 and i else starts[i]
            yield i, min(start, starts[i]), starts[i + 1]


class Counts(NamedTuple):
    """Figures of each line: code points by class, words and kinds of words; class of the first and last code point."""

    by_class: Any
    words: Any
    capitals: Any
    small: Any
    brief: Any
    """Words of at most three small letters, as function words are."""
    stops: Any
    """Ends of sentences, inside and at the end."""
    first: Any
    last: Any
    indent: Any

    @classmethod
    def of(cls, lines: Lines) -> Counts:
        """Return the figures of ``lines``; there is at least one."""
        data = np.frombuffer(lines.text.encode("utf-32-le", "surrogatepass"), np.uint32)
        kind = classes()[np.minimum(data, 0xFFFF)]

        def total(mask: Any) -> Any:
            sums = np.concatenate([[0], np.cumsum(mask, dtype=np.int64)])
            return (sums[lines.ends] - sums[lines.starts]).astype(np.float64)

        space = kind == SPACE
        begins = ~space & np.concatenate([[True], space[:-1]])
        before_space = np.concatenate([space[1:], [True]])
        firsts = np.flatnonzero(begins)
        lasts = np.flatnonzero(~space & before_space)
        brief = np.zeros(len(kind), bool)
        brief[firsts] = (lasts - firsts < 3) & (kind[firsts] == LOWER)
        solid = np.flatnonzero(~space)
        first = solid[np.searchsorted(solid, lines.starts)]
        last = solid[np.searchsorted(solid, lines.ends) - 1]
        by_class = np.stack([total(kind == code) for code in range(10)])
        return cls(
            by_class, total(begins) + by_class[WIDE] / 2, total(begins & (kind == UPPER)), total(begins & (kind == LOWER)),
            total(brief), total((kind == END) & before_space), kind[first], kind[last], first - lines.starts,
        )  # fmt: skip


def shift(values: Any, by: int, fill: float = -1.0) -> Any:
    """Return the values of the lines ``by`` places on (negative: before), ``fill`` where there is none."""
    out = np.full(len(values), fill)
    if by > 0:
        out[:-by] = values[by:]
    else:
        out[-by:] = values[:by]
    return out


def window(values: Any, before: int, after: int) -> Any:
    """Return for each line the sum over the lines from ``before`` places before to ``after`` places after it."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(len(values))
    return sums[np.minimum(at + after + 1, len(values))] - sums[np.maximum(at - before, 0)]


def since(mask: Any) -> Any:
    """Return how many lines ago the last line of ``mask`` was (0: this one)."""
    at = np.arange(len(mask))
    last = np.maximum.accumulate(np.where(mask, at, -1))
    return np.where(last < 0, FAR, at - last).astype(np.float64)


def until(mask: Any) -> Any:
    """Return how many lines on the next line of ``mask`` is."""
    return since(mask[::-1])[::-1]


def runs(mask: Any) -> tuple[Any, Any]:
    """Return the number of the run of equal values each line is in, and the lengths of the runs."""
    change = np.concatenate([[True], mask[1:] != mask[:-1]])
    number = np.cumsum(change) - 1
    return number, np.bincount(number).astype(np.float64)


def mass(values: Any, decay: float = 0.85) -> Any:
    """Return for each line the sum of all values, each less the more lines lie between."""
    down, up, total = [], [], 0.0
    rows = values.tolist()
    for value in rows:
        total = total * decay + value
        down.append(total)
    total = 0.0
    for value in reversed(rows):
        total = total * decay + value
        up.append(total)
    return np.array(down) + np.array(up[::-1]) - values
