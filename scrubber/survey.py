"""A summary kept while documents go by: their hosts, languages, and lines that come back and no rule knows.

Adding up lives in ``scrubber.report.sums``. Memory is bounded, however many documents there are.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from functools import cached_property
from hashlib import blake2b

from scrubber.cleaner import Cleaner
from scrubber.edits import apply, edits_of
from scrubber.model import Report
from scrubber.report.sums import Summary, Tally

_LONGEST = 80
_SLOTS = 1 << 20
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Survey:
    """Reports added up one by one. Summaries of several surveys, and those a survey gave away, can be added up."""

    def __init__(self) -> None:
        self._tally = Tally()

    @cached_property
    def _seen(self) -> array[int]:
        """Hashes of lines, each where its low bits say; the last bit says that the first sighting is counted.

        A newer line takes the place of an older one: what has not been seen for long is forgotten.
        """
        return array("Q", bytes(8 * _SLOTS))

    def add(self, cleaner: Cleaner, text: str, report: Report) -> None:
        """Add a document that became of ``text`` what ``report`` says, cleaned by ``cleaner``."""
        hosts = cleaner.hosts(text, report.url or None)
        host = hosts[0].removeprefix("www.") if hosts else ""
        language = "" if report.format == "html" else cleaner.library.guesser.best(text)
        self._tally.add(Summary.of(report, host, language))
        if report.format != "html":
            self._see(host, apply(text, edits_of(report)))

    def summary(self) -> Summary:
        """Return what was added so far."""
        return self._tally.summary()

    def take(self) -> Summary:
        """Return what was added since the last time; lines seen before are still known."""
        taken, self._tally = self._tally.summary(), Tally()
        return taken

    def _see(self, host: str, text: str) -> None:
        lines, seen = self._tally.lines, self._seen
        for line in set(_short(text)):
            key = (host, line)
            mark = _hash(f"{host}\n{line}") & -2
            slot = (mark >> 1) & (_SLOTS - 1)
            known = seen[slot]
            if known == mark | 1 or key in lines:
                lines[key] = lines.get(key, 0) + 1
            elif known == mark:
                lines[key] = 2
                seen[slot] = mark | 1
            else:
                seen[slot] = mark


def _short(text: str) -> Iterator[str]:
    """Yield the short lines of ``text`` that hold a letter, with ``{n}`` for numbers, as phrases of rules have it."""
    for line in text.split("\n"):
        stripped = line.strip()
        if 1 < len(stripped) <= _LONGEST and any(map(str.isalpha, stripped)):
            yield stripped if stripped.isalpha() else _NUMBER.sub("{n}", stripped)


def _hash(text: str) -> int:
    """Return 64 bits that are the same in every process."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
