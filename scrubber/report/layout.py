"""Where the lines of a text begin, as tools that read patches count them. Nothing here knows edits."""

from __future__ import annotations

from bisect import bisect_right


class Lines:
    r"""The lines of ``text``, which end in ``\n`` and nothing else; positions are code points.

    >>> lines = Lines("one\ntwo\x0cstill two\r\nlast")
    >>> len(lines), lines[1], lines.of(4)
    (3, 'two\x0cstill two\r\n', 1)
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = _starts(text)

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, i: int) -> str:
        """Return line ``i`` (from 0) with its line end."""
        return self.text[self.start(i) : self.start(i + 1)]

    def start(self, i: int) -> int:
        """Return where line ``i`` begins; the end of the text when there is no such line."""
        return self.starts[i] if i < len(self.starts) else len(self.text)

    def of(self, position: int) -> int:
        """Return the line that holds ``position``, ``len(self)`` after the last line end."""
        if position >= len(self.text) and (not self.text or self.text.endswith("\n")):
            return len(self.starts)
        return bisect_right(self.starts, position) - 1

    def begins(self, position: int) -> bool:
        """Return whether a line begins (or would begin) at ``position``."""
        return position == 0 or self.text[position - 1] == "\n"


def _starts(text: str) -> list[int]:
    starts, at = ([0] if text else []), text.find("\n") + 1
    while 0 < at < len(text):
        starts.append(at)
        at = text.find("\n", at) + 1
    return starts


def split(text: str) -> list[str]:
    r"""Return the lines of ``text`` with their line ends, split at ``\n`` only."""
    rows = text.split("\n")
    last = rows.pop()
    return [row + "\n" for row in rows] + ([last] if last else [])
