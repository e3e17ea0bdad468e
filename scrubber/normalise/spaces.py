"""White space: no-break and exotic spaces, trailing space, inner runs, tabs, runs of blank lines.

Indentation and runs that align columns are layout and stay. The ideographic space of CJK text,
line and paragraph separators are not touched, and line ends stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrubber.model import Edit
from scrubber.native import native
from scrubber.normalise.places import positions
from scrubber.pattern import pattern

_EXOTIC = frozenset("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f")
_EXOTIC_RUN = pattern("[\u00a0\u2000-\u200a\u202f\u205f]+")
_SPACE_RUN = pattern("[ \t\u00a0\u2000-\u200a\u202f\u205f]+")
_NARROW = "\u00a0\u2007\u2009\u202f"
_FRENCH_BEFORE = ";:!?"
_FRENCH_LIKE = frozenset(("", "fr", "frp", "oc", "br"))
_UNIT_SIGNS = "%\u2030\u20ac"

_SPACE_END = pattern(r"\n(?<=[ \t]\n)")
_SPACE_END_CR = pattern(r"[\r\n](?<=[ \t][\r\n])")
_NEXT_LINE = pattern(r"\r?\n[ \t]*[^ \t\r\n]")
_BLANKS = pattern(r"\n[ \t]*\n(?:[ \t]*\n)+")
_END = r"(?:\r\n|\n|\r(?!\n))"
_BLANKS_CR = pattern(rf"{_END}[ \t]*{_END}(?:[ \t]*{_END})+")
_TEXT = pattern(r"[ \t]*[^ \t\r\n]")
_TWO_ENDS = pattern(rf"{_END}[ \t]*{_END}")

_LINE = pattern(r"[^\r\n]+")
_INNER = pattern(r"(?<=[^\s]) {2,}(?=[^\s])")
_MARK = pattern(r"\s*(?:(?:[-*+>#•]|\(?\w{1,3}[.)]|\[[^\]\s]*\]:?)\s*)*")
_GAP_WORD = pattern(r"(?<=[^\s])(?:  +|[ \t]*\t[ \t]*)([^\s]+)")


def plain_spaces(text: str, rare: frozenset[str], *, markdown: bool = False, lang: str = "") -> list[Edit]:
    """Return the edits that make a plain space of every no-break or exotic one that is not spelling.

    One for one, so columns stay. Runs that indent stay. French spacing stays unless ``lang`` says
    that the text is in a language without it; so do separators of thousands.
    """
    found = rare & _EXOTIC
    if not found:
        return []
    french = lang.replace("_", "-").partition("-")[0].lower() in _FRENCH_LIKE
    out: list[Edit] = []
    done = 0
    for at in positions(text, found):
        if at < done:
            continue
        start, done = _run(text, at)
        starts = start == 0 or text[start - 1] in "\r\n"
        ends = done == len(text) or text[done] in "\r\n"
        if done - start == 1 and not (starts or ends) and _spelling(text, at, french):
            continue
        if starts and not ends and done - start > 1:
            continue
        if markdown and ends and not starts:
            # spaces made here could become a hard line break
            last = max(m.end() for m in _EXOTIC_RUN.finditer(text, start, done))
            out.append(Edit(start, last, "", "spaces"))
            continue
        runs = _EXOTIC_RUN.finditer(text, start, done)
        out += [Edit(m.start(), m.end(), " " * (m.end() - m.start()), "spaces") for m in runs]
    return out


def _run(text: str, at: int) -> tuple[int, int]:
    match = _SPACE_RUN.match(text, at)
    return _run_start(text, at), match.end() if match else at + 1


def _run_start(text: str, end: int) -> int:
    """Return where the spaces and tabs that end at ``end`` start."""
    while end > 0 and text[end - 1] in " \t":
        end -= 1
    return end


def _spelling(text: str, at: int, french: bool) -> bool:
    """Return whether the spelling around asks for the lone no-break space at ``at``."""
    if text[at] not in _NARROW:
        return False
    before, after = text[at - 1], text[at + 1]
    if before in "«‹" or after in "»›" or (french and after in _FRENCH_BEFORE):
        return True
    if before.isdigit() and (after in _UNIT_SIGNS or _groups_digits(text, at)):
        return True
    if text[at] == "\u202f" and ("\u1800" <= before <= "\u18af" or "\u1800" <= after <= "\u18af"):
        return True
    # half of a letter in text decoded wrongly: leave it to be repaired
    return text[at] == "\u00a0" and before == "\u00c3"


def _groups_digits(text: str, at: int) -> bool:
    """Return whether the space at ``at`` stands between thousands and hundreds of a number."""
    size = 1
    while size < 4 and text[at - size - 1 : at - size].isdigit():
        size += 1
    after = text[at + 1 : at + 5]
    return size < 4 and len(after) > 2 and after[:3].isdigit() and not after[3:].isdigit()


def trailing_space(text: str, rare: frozenset[str]) -> list[Edit]:
    """Return the edits that take spaces and tabs off line ends."""
    if native:
        return [Edit(start, end, "", "trailing") for start, end in native.trailing_spaces(text)]
    pattern = _SPACE_END_CR if "\r" in text else _SPACE_END
    ends = [match.start() for match in pattern.finditer(text)]
    if text.endswith((" ", "\t")):
        ends.append(len(text))
    return [Edit(_run_start(text, end), end, "", "trailing") for end in ends]


def markdown_trailing_space(text: str, rare: frozenset[str]) -> list[Edit]:
    """Return the same edits without those on the hard line breaks of Markdown."""
    return [edit for edit in trailing_space(text, rare) if not _hard_break(text, edit.start, edit.end)]


def _hard_break(text: str, start: int, end: int) -> bool:
    """Return whether ``text[start:end]`` breaks a line: two spaces between lines that hold text."""
    if not text.endswith("  ", start, end) or start == 0 or text[start - 1] in "\r\n":
        return False
    return _NEXT_LINE.match(text, end) is not None


def blank_lines(text: str, rare: frozenset[str]) -> list[Edit]:
    """Return the edits that leave one of several blank lines; those at either end all stay."""
    if text.find("\n") < 0 and text.find("\r") < 0:
        return []
    out: list[Edit] = []
    pattern = _BLANKS_CR if "\r" in text else _BLANKS
    for match in pattern.finditer(text):
        first = _TWO_ENDS.match(text, match.start())
        inside = out or text[: match.start()].strip(" \t\r\n")
        if first and inside and _TEXT.match(text, match.end()):
            out.append(Edit(first.end(), match.end(), "", "blank-lines"))
    return out


def expand_tabs(text: str, rare: frozenset[str], *, width: int) -> list[Edit]:
    """Return the edits that fill tabs inside lines with spaces up to stops ``width`` columns apart."""
    if "\t" not in text:
        return []
    out: list[Edit] = []
    for match in _LINE.finditer(text):
        line = match.group()
        if "\t" not in line:
            continue
        column = done = 0
        for at in positions(line, "\t"):
            column += at - done
            stop = width - column % width
            if not _follows_mark(line, at):
                out.append(Edit(match.start() + at, match.start() + at + 1, " " * stop, "tabs"))
            column, done = column + stop, at + 1
    return out


def inner_spaces(text: str, rare: frozenset[str]) -> list[Edit]:
    """Return the edits that make one space of several inside a line.

    Lines that share a column behind a gap with a line next to them are a table and stay whole.
    """
    if "  " not in text:
        return []
    lines = [m for m in _LINE.finditer(text) if not m.group().isspace()]
    columns = [_columns(m.group()) for m in lines]
    out: list[Edit] = []
    for i, match in enumerate(lines):
        own = columns[i]
        if not own or "|" in match.group():
            continue
        if (i and own & columns[i - 1]) or (i + 1 < len(lines) and own & columns[i + 1]):
            continue
        out += _collapsed(match)
    return out


def _follows_mark(line: str, at: int) -> bool:
    """Return whether ``line[:at]`` is indentation and list marks, which say where text starts."""
    return at <= 32 and _MARK.fullmatch(line, 0, at) is not None


def _columns(line: str) -> frozenset[tuple[str, int]]:
    """Return the columns where a word behind a gap starts or ends."""
    if "  " not in line and "\t" not in line:
        return frozenset()
    width = 8
    return frozenset(_edges(line.expandtabs(width)))


def _edges(line: str) -> Iterator[tuple[str, int]]:
    for match in _GAP_WORD.finditer(line):
        yield "start", match.start(1)
        yield "end", match.end(1)


def _collapsed(line: re.Match[str]) -> Iterator[Edit]:
    text = line.group()
    for match in _INNER.finditer(text):
        if not _follows_mark(text, match.start()):
            yield Edit(line.start() + match.start() + 1, line.start() + match.end(), "", "inner-spaces")
