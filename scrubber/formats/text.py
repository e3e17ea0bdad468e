"""Plain text and Markdown: what kind of block each line is, and which ranges are not prose."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import islice

from scrubber.model import BlockKind
from scrubber.native import native
from scrubber.pattern import pattern

_FENCE = pattern(r"^\s{0,3}(?:[-*+]\s+|\d+[.)]\s+|>\s?)?(`{3,}|~{3,})")
_HEADING = pattern(r"^\s{0,3}#{1,6}(?:\s|$)")
_UNDERLINE = pattern(r"^\s{0,3}(?:=+|-{2,})\s*$")
_ITEM = pattern(r"^\s*(?:[-*+•·▪●◦‣]|\d{1,3}[.)])\s+")
_QUOTE = pattern(r"^\s{0,3}>")
_ROW = pattern(r"^\s*\|.*\|\s*$")
_RULE_ROW = pattern(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*$")
_ASSIGNMENT = pattern(r"""\s*(?:[\w.-]+\s*=\s*(?:["'\d\[{]|true|false)|"[^"]+":\s*(?:["'\d\[{]|true|false|null))""")
_URL_STARTS = ("://", "www.", "mailto:")
_URL_END = pattern(r"[\s<>\"'“”‘’«»]")
_TARGET = pattern(r"\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)")
_SPAN = pattern(r"(`+)[^`\n](?:[^`\n]|(?!\1)`)*\1")
_TAG = pattern(r"<[a-zA-Z/!][^<>\n]*>")
_MARKS = pattern(r"\n(?:#{1,6} \S|```|\[[^\]\n]+\]: \S|[-*+] \[|[ \t]*\|[^\n]*\|[^\n]*\|[ \t\r]*(?=\n|\Z))")
_LINK_STARTS = ("](http:", "](https:", "](/", "](#", "](mailto:")
_ENOUGH = 2
_NAMES = tuple(BlockKind)

CONTROL = "scrubber:"
"""A text without it holds no control comment."""
Classifier = Callable[[Sequence[str]], list[BlockKind]]


def looks_markdown(text: str) -> bool:
    """Return whether ``text`` is most likely Markdown: front matter, or two marks of it."""
    if text.startswith(("---\n", "---\r\n")):
        return True
    links = sum(text.count(start) for start in _LINK_STARTS) if "]" in text and "](" in text else 0
    if links >= _ENOUGH:
        return True
    if native and native.count_marked(text) < _ENOUGH - links:
        return False
    return links + len(list(islice(_MARKS.finditer("\n" + text), _ENOUGH))) >= _ENOUGH


def front_matter(lines: Sequence[str]) -> int:
    """Return how many lines of front matter ``lines`` start with, fences included (0: none)."""
    if not lines or lines[0].rstrip() not in ("---", "+++"):
        return 0
    fence = lines[0].rstrip()
    for i in range(1, min(len(lines), 200)):
        if lines[i].rstrip() == fence or (fence == "---" and lines[i].rstrip() == "..."):
            return i + 1 if any(":" in x or "=" in x for x in lines[1:i]) else 0
    return 0


def text_kinds(lines: Sequence[str]) -> list[BlockKind]:
    """Return the kind of every line of plain text."""
    return _kinds(lines, markdown=False)


def markdown_kinds(lines: Sequence[str]) -> list[BlockKind]:
    """Return the kind of every line of Markdown."""
    return _kinds(lines, markdown=True)


def _kinds(lines: Sequence[str], markdown: bool) -> list[BlockKind]:
    first = front_matter(lines)
    if native:
        found = native.kinds(list(lines), first, markdown, _NAMES, _ASSIGNMENT.match, _is_row)
        if found is not None:
            return found  # type: ignore[no-any-return]
    kinds = [BlockKind.PARAGRAPH] * len(lines)
    kinds[:first] = [BlockKind.MATTER] * first
    fence = ""
    blank_before = True
    in_list = False
    for i in range(first, len(lines)):
        line = lines[i]
        opened = _FENCE.match(line) if "```" in line or "~~~" in line else None
        if fence:
            kinds[i] = BlockKind.CODE
            if opened and opened[1].startswith(fence) and line.strip().strip("`~") == "":
                fence = ""
            continue
        if opened:
            kinds[i], fence = BlockKind.CODE, opened[1]
            continue
        stripped = line.strip()
        if not stripped:
            blank_before = True
            continue
        if ("=" in line or '":' in line) and _ASSIGNMENT.match(line):
            kinds[i] = BlockKind.CODE
            blank_before = False
            continue
        if line[0].isalpha() and "|" not in line:
            blank_before = in_list = False
            continue
        kind = _line_kind(line, stripped)
        indented = line.startswith(("    ", "\t"))
        if kind is BlockKind.ITEM:
            in_list = True
        elif not line[0].isspace():
            in_list = False
        if markdown and indented and not in_list and kind is not BlockKind.QUOTE:
            code = blank_before or kinds[i - 1] is BlockKind.CODE
            kind = BlockKind.CODE if code else kind
        if _UNDERLINE.match(line) and i and lines[i - 1].strip() and kinds[i - 1] is BlockKind.PARAGRAPH:
            kinds[i - 1] = kind = BlockKind.HEADING
        kinds[i] = kind
        blank_before = False
    return kinds


def _line_kind(line: str, stripped: str) -> BlockKind:
    first = stripped[0]
    if first == "#" and _HEADING.match(line):
        return BlockKind.HEADING
    if first == ">" and _QUOTE.match(line):
        return BlockKind.QUOTE
    if "|" in stripped and _is_row(line):
        return BlockKind.TABLE
    if not first.isalpha() and _ITEM.match(line):
        return BlockKind.ITEM
    if first in "![" and stripped.startswith(("![", "[![")) and stripped.endswith(")"):
        return BlockKind.OBJECT
    return BlockKind.PARAGRAPH


def _is_row(line: str) -> bool:
    return _ROW.match(line) is not None or _RULE_ROW.match(line) is not None


def protected(text: str, markdown: bool, classify: Classifier | None = None) -> list[tuple[int, int]]:
    """Return sorted, disjoint ranges normalisers must leave alone: code, URLs, front matter.

    ``classify`` is given where more than the format says what to leave alone.
    """
    spans: list[tuple[int, int]] = []
    ticks, tildes = "`" in text, "~" in text
    fenced = (ticks and "```" in text) or (tildes and "~~~" in text)
    if classify is not None or markdown or fenced or text.startswith(("---", "+++")):
        lines = text.split("\n")
        spans += _frozen_lines(lines, classify(lines) if classify else _kinds(lines, markdown))
    if ticks:
        spans += [m.span() for m in _SPAN.finditer(text)]
    if "]" in text and "](" in text:
        spans += [m.span() for m in _TARGET.finditer(text)]
    if native is None or native.holds_address(text):
        for mark in _URL_STARTS:
            if mark in text:
                spans += _urls(text, mark)
    if "<" in text:
        spans += [m.span() for m in _TAG.finditer(text)]
    return merge(spans)


def _urls(text: str, mark: str) -> list[tuple[int, int]]:
    """Return the ranges of URLs around each ``mark``, scheme included."""
    spans, at = [], text.find(mark)
    while at >= 0:
        start = at
        while mark == "://" and start > 0 and text[start - 1].isalnum() and at - start < 12:
            start -= 1
        end = m.start() if (m := _URL_END.search(text, at + len(mark))) else len(text)
        spans.append((start, end))
        at = text.find(mark, max(end, at + 1))
    return spans


def _frozen_lines(lines: Sequence[str], kinds: Sequence[BlockKind]) -> list[tuple[int, int]]:
    spans, at = [], 0
    for line, kind in zip(lines, kinds, strict=True):
        if kind in (BlockKind.CODE, BlockKind.MATTER):
            spans.append((at, at + len(line) + 1))
        at += len(line) + 1
    return spans


def merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the union of ``spans``, sorted and disjoint."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def inside(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Return whether ``start:end`` touches one of the sorted, disjoint ``spans``."""
    i = bisect_right(spans, (start, 1 << 62)) - 1
    if i >= 0 and spans[i][1] > start:
        return True
    return i + 1 < len(spans) and spans[i + 1][0] < end
