"""A document as rules see it: its lines, their keys and what kind of block each is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property

from scrubber.fold import LONGEST, fold_line, fold_text
from scrubber.model import BlockKind

_TERMINAL = re.compile(r"[.!?…。！？।؟۔:;][\"'”’»›)\]*_」』]*\s*$|[\"”»」』]\s*$")
_SENTENCE_END = re.compile(r"[.!?…。！？।؟۔][\"'”’»›)\]*_」』]*\s*$")
_LINK = re.compile(r"\]\(\s*<?[^()\s]*(?:\([^()\s]*\)[^()\s]*)*>?(?:\s+\"[^\"]*\")?\s*\)")
_WIDE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_CJK_PER_WORD = 2.0
_PROSE_WORDS = 12

Classifier = Callable[[Sequence[str]], list[BlockKind]]


class View:
    """Lines of a text with lazily computed folded keys, offsets and kinds.

    ``keys[i]`` is "" for blank lines and for lines longer than ``fold.LONGEST``.
    """

    def __init__(self, text: str, classify: Classifier, markdown: bool = False) -> None:
        self.text = text
        self.markdown = markdown
        self.lines = text.split("\n")
        self.folded = fold_text(text)
        self.folded_lines = self.folded.split("\n")
        self.classify = classify
        self._words: dict[int, int] = {}
        self._prose: dict[int, bool] = {}

    @cached_property
    def keys(self) -> list[str]:
        """The folded key of every line."""
        return [fold_line(line) if len(line) <= LONGEST else "" for line in self.folded_lines]

    @cached_property
    def starts(self) -> list[int]:
        """The offset of every line's first code point."""
        starts, at = [], 0
        for line in self.lines:
            starts.append(at)
            at += len(line) + 1
        return starts

    @cached_property
    def kinds(self) -> list[BlockKind]:
        """The block kind of every line."""
        return self.classify(self.lines)

    def blank(self, i: int) -> bool:
        """Return whether line ``i`` holds white space only."""
        line = self.lines[i]
        return not line or line.isspace()

    def words(self, i: int) -> int:
        """Return how many words line ``i`` has, link targets left out; two CJK characters count as one."""
        found = self._words.get(i)
        if found is None:
            line = self.lines[i]
            if "](" in line:
                line = _LINK.sub("]", line)
            found = len(line.split())
            if not line.isascii():
                found += int(len(_WIDE.findall(line)) / _CJK_PER_WORD)
            self._words[i] = found
        return found

    def ends_sentence(self, i: int) -> bool:
        """Return whether line ``i`` closes a sentence."""
        return _SENTENCE_END.search(self.lines[i]) is not None

    def ends_clause(self, i: int) -> bool:
        """Return whether line ``i`` ends in any closing punctuation, colon and quote mark included."""
        return _TERMINAL.search(self.lines[i]) is not None

    def prose(self, i: int) -> bool:
        """Return whether line ``i`` is running prose: twelve words or more and a sentence's end."""
        found = self._prose.get(i)
        if found is None:
            n = self.words(i)
            found = n >= _PROSE_WORDS and (self.ends_sentence(i) or n >= 4 * _PROSE_WORDS)
            self._prose[i] = found
        return found

    def linked(self, i: int) -> bool:
        """Return whether line ``i`` is wholly a Markdown link (list mark aside)."""
        line = self.lines[i].strip().lstrip("*-+•0123456789.) \t")
        return line.startswith("[") and line.endswith(")") and "](" in line
