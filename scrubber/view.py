"""A document as rules see it: its lines, their keys and what kind of block each is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate

from scrubber.fold import DIGIT, NUMERIC, fold_line, fold_lines, fold_text
from scrubber.model import BlockKind
from scrubber.native import native
from scrubber.pattern import pattern

_SENTENCE_ENDS = frozenset(".!?…。！？।؟۔")
_CLAUSE_ENDS = _SENTENCE_ENDS | {":", ";"}
_CLOSERS = "\"'”’»›)]*_」』"
_QUOTE_ENDS = frozenset('"”»」』')
_LINK = pattern(r"\]\(\s*<?[^()\s]*(?:\([^()\s]*\)[^()\s]*)*>?(?:\s+\"[^\"]*\")?\s*\)")
_WIDE = pattern(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_LINK_RUN = pattern(
    r"(?:!?\[(?:[^\[\]!]|!(?!\[)|!?\[[^\[\]]*\](?:\([^()]*\))?)*\]\([^()]*(?:\([^()]*\)[^()]*)*\)[\s|·•,]*)+"
)
_JOINT = pattern(r".*\]\([^()\s]*\)!?\[")
_IMAGE = pattern(r"!\[[^\[\]]*\]\([^()\s]*\)")
MANY = 60
"""No question about words asks for more."""

SHORTEST_PROSE = 23
"""A line with fewer code points is never prose."""

_LONGEST_LINK = 12
_CJK_PER_WORD = 2.0
_PROSE_WORDS = 12
_LONG_LINE = 45
_LONG_WORDS = 7
_LONGEST_MARK = 400
_LETTER = pattern(r"\w")

Classifier = Callable[[Sequence[str]], list[BlockKind]]


class View:
    """Lines of a text with lazily computed folded keys, offsets and kinds.

    ``keys[i]`` is "" for blank lines and for lines longer than ``fold.LONGEST``.
    """

    def __init__(self, text: str, classify: Classifier) -> None:
        self.text = text
        self.markdown = "]" in text and "](" in text
        self.folded = fold_text(text)
        self.classify = classify
        self._words: dict[int, int] = {}
        self._prose: dict[int, bool] = {}

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without their line breaks."""
        return self.text.split("\n")

    @cached_property
    def folded_lines(self) -> list[str]:
        """The lines of the folded text."""
        return self.folded.split("\n")

    @cached_property
    def keys(self) -> list[str]:
        """The folded key of every line that may be a phrase."""
        return fold_lines(self.folded, self.folded_lines)

    @cached_property
    def phrases(self) -> list[tuple[int, str]]:
        """The lines that may be phrases: number and key."""
        return [row for row in enumerate(self.keys) if row[1]]

    @cached_property
    def numeric(self) -> list[tuple[int, str]]:
        """The short lines that may be phrases and hold a digit: number and key."""
        digit = DIGIT.search
        return [row for row in self.phrases if len(row[1]) <= NUMERIC and digit(row[1])]

    def key(self, i: int) -> str:
        """Return the folded key of line ``i``, however long it is."""
        return self.keys[i] or fold_line(self.folded_lines[i])

    @cached_property
    def encoded(self) -> bytes:
        """The folded text in UTF-8, which automata read as it is."""
        return self.folded.encode("utf-8", "surrogatepass")

    @cached_property
    def encoded_starts(self) -> list[int]:
        """The offset in ``encoded`` of every line's first byte."""
        if len(self.encoded) == len(self.folded):
            return _starts(self.folded_lines)
        return _starts(self.encoded.split(b"\n"))

    @cached_property
    def starts(self) -> list[int]:
        """The offset of every line's first code point."""
        return _starts(self.lines)

    @cached_property
    def kinds(self) -> list[BlockKind]:
        """The block kind of every line."""
        return self.classify(self.lines)

    @cached_property
    def free_of_context(self) -> bool:
        """Whether every line's kind depends on that line alone, so that removals leave it as it is."""
        if BlockKind.CODE in self.kinds or BlockKind.MATTER in self.kinds:
            return False
        if "    " in self.text or "\t" in self.text:
            return False
        return all(line.lstrip()[:1] == "#" for line in self._headings())

    def _headings(self) -> list[str]:
        return [line for k, line in zip(self.kinds, self.lines, strict=True) if k is BlockKind.HEADING]

    @cached_property
    def blanks(self) -> list[bool]:
        """Whether each line holds white space only."""
        if native:
            return native.blanks(self.lines)  # type: ignore[no-any-return]
        return [not line or line.isspace() for line in self.lines]

    def blank(self, i: int) -> bool:
        """Return whether line ``i`` holds white space only."""
        return self.blanks[i]

    def wordless(self, i: int) -> bool:
        """Return whether line ``i`` is made of marks and link targets only: an underline, a lone bullet."""
        if self.keys[i] or len(self.lines[i]) > _LONGEST_MARK or self.lines[i][:1].isalpha():
            return False
        return _LETTER.search(self.key(i)) is None

    def words(self, i: int) -> int:
        """Return how many words line ``i`` has, link targets left out; two CJK characters count as one.

        Counting stops at ``MANY``: beyond it a line is long, however long.
        """
        found = self._words.get(i)
        if found is None:
            line = self.lines[i]
            if "](" in line:
                line = _LINK.sub("]", line)
            found = self._words[i] = native.count_words(line, MANY) if native else count_words(line)
        return found

    def ends_sentence(self, i: int) -> bool:
        """Return whether line ``i`` closes a sentence."""
        return self.lines[i].rstrip().rstrip(_CLOSERS)[-1:] in _SENTENCE_ENDS

    def ends_clause(self, i: int) -> bool:
        """Return whether line ``i`` ends in any closing punctuation, colon and quote mark included."""
        line = self.lines[i].rstrip()
        return line[-1:] in _QUOTE_ENDS or line.rstrip(_CLOSERS)[-1:] in _CLAUSE_ENDS

    def prose(self, i: int) -> bool:
        """Return whether line ``i`` is running prose: twelve words or more and a sentence's end."""
        found = self._prose.get(i)
        if found is None:
            n = self.words(i) if len(self.lines[i]) >= SHORTEST_PROSE else 0
            found = n >= _PROSE_WORDS and not self.linked(i) and (self.ends_sentence(i) or n >= 4 * _PROSE_WORDS)
            self._prose[i] = found
        return found

    def long(self, i: int) -> bool:
        """Return whether line ``i`` is as long as a line of a wrapped paragraph; links and list items are not."""
        line = self.lines[i]
        return len(line) >= _LONG_LINE and "](" not in line and self.words(i) >= _LONG_WORDS and not self.linked(i)

    def linked(self, i: int) -> bool:
        """Return whether line ``i`` is wholly link text: a Markdown link, or a part of one that spans lines."""
        if not self.markdown:
            return False
        if i in self.link_parts:
            return True
        line = self.lines[i].strip().lstrip("*-+•#0123456789.) \t").rstrip("*_")
        return line.startswith("[") and line.endswith(")") and "](" in line and _LINK_RUN.fullmatch(line) is not None

    @cached_property
    def cards(self) -> list[tuple[range, int]]:
        """Stretches of links around several lines, one opened where the last ends (``](url)[``), and how many links."""
        found: list[tuple[range, int]] = []
        for i in sorted(self.link_parts):
            if _JOINT.fullmatch(self.lines[i].strip()) is None:
                continue
            if found and i in found[-1][0]:
                found[-1] = found[-1][0], found[-1][1] + 1
            else:
                found.append((self._links_around(i), 2))
        return found

    def _links_around(self, i: int) -> range:
        """Return the lines around ``i`` up to the first and the last that is neither blank nor a part of a link."""
        first = last = i
        while first > 0 and (first - 1 in self.link_parts or self.blank(first - 1)):
            first -= 1
        while last + 1 < len(self.lines) and (last + 1 in self.link_parts or self.blank(last + 1)):
            last += 1
        return range(first, last + 1)

    @cached_property
    def link_parts(self) -> frozenset[int]:
        """Lines inside Markdown links that span several lines, first and last included."""
        parts: set[int] = set()
        opened = -1
        for i, line in enumerate(self.lines):
            if "![" in line:
                line = _IMAGE.sub("", line)
            if opened >= 0:
                if "](" in line or i - opened >= _LONGEST_LINK:
                    if "](" in line:
                        parts.update(range(opened, i + 1))
                    opened = -1
                elif "[" in line and "]" not in line:
                    opened = i
                    continue
            if opened < 0 and "[" in line and line.rfind("[") > line.rfind("]"):
                opened = i
        return frozenset(parts)


def count_words(line: str) -> int:
    """Return how many words ``line`` has; two characters of scripts without spaces count as one."""
    found = len(line.split(None, MANY))
    return found if line.isascii() else found + int(len(_WIDE.findall(line)) / _CJK_PER_WORD)


def _starts(lines: Sequence[str] | Sequence[bytes]) -> list[int]:
    """Return where each of ``lines`` starts in the text they were split from, a line break after each."""
    return [end + n for n, end in enumerate(accumulate(map(len, lines), initial=0))][:-1]
