"""Dashes and ellipses, by choice: as ASCII or as the characters of typography.

The minus sign is mathematics and stays; so do rules, table rows, comments and option flags.
"""

from __future__ import annotations

from scrubber.model import Edit
from scrubber.normalise.places import markup, outside, positions
from scrubber.normalise.quotes import half_of_letter
from scrubber.pattern import pattern

_HYPHENS = dict.fromkeys("‐‑‒–", "-") | dict.fromkeys("—―", "--")
_DASHES = frozenset(_HYPHENS)
_ALONE = pattern(r"[ \t>]*[-‐‑‒–—― \t]*")
_DOUBLE = pattern(r"---*")
_SYNTAX = frozenset("|:!<>=+*~/\\")
_DOTS = pattern(r"\.\.\.+")


def dashes_to_hyphens(text: str, rare: frozenset[str], *, markdown: bool = False) -> list[Edit]:
    """Return the edits that write dashes and special hyphens as ``-`` and ``--``.

    In Markdown a dash that would start an item or make a rule stays.
    """
    found = rare & _DASHES
    if not found:
        return []
    out: list[Edit] = []
    for at in positions(text, found):
        if half_of_letter(text, at) or (markdown and _makes_block(text, at)):
            continue
        out.append(Edit(at, at + 1, _HYPHENS[text[at]], "dashes"))
    return outside(out, markup(text))


def _makes_block(text: str, at: int) -> bool:
    """Return whether hyphens for the dash at ``at`` would be a Markdown item, rule or underline."""
    if text[max(at - 1, 0) : at].strip(" \t\r\n>-‐‑‒–—―"):
        return False
    start = text.rfind("\n", 0, at) + 1
    start = max(start, text.rfind("\r", start, at) + 1)
    if text[start:at].strip(" \t>-‐‑‒–—―"):
        return False
    match = _ALONE.match(text, start)
    end = match.end() if match else at
    return end == len(text) or text[end] in "\r\n" or text[end - 1] in " \t"


def hyphens_to_dashes(text: str, rare: frozenset[str]) -> list[Edit]:
    """Return the edits that write ``--`` and ``---`` between words as an em dash (numbers: en dash)."""
    if "--" not in text:
        return []
    out: list[Edit] = []
    for match in _DOUBLE.finditer(text):
        start, end = match.span()
        before, after = text[max(start - 2, 0) : start], text[end : end + 2]
        if end - start <= 3 and _joins(before, after):
            numbers = before[-1].isdigit() and after[:1].isdigit()
            out.append(Edit(start, end, "–" if numbers else "—", "dashes"))
    return outside(out, markup(text))


def _joins(before: str, after: str) -> bool:
    """Return whether hyphens between these characters are a dash in prose."""
    if not before.strip() or before[-1] in "\r\n":
        return False
    if before[-1] in " \t":
        joins = len(before) == 2 and not before[0].isspace() and len(after) == 2 and after[0] == " "
        return joins and not after[1].isspace() and _SYNTAX.isdisjoint(before + after)
    if not after or after[0].isspace():
        return before[-1].isalnum()
    return before[-1] not in _SYNTAX and after[0] not in _SYNTAX


def ellipses_to_dots(text: str, rare: frozenset[str]) -> list[Edit]:
    """Return the edits that write the ellipsis character as three dots."""
    if "…" not in rare:
        return []
    out = [Edit(at, at + 1, "...", "ellipses") for at in positions(text, "…") if not half_of_letter(text, at)]
    return outside(out, markup(text))


def dots_to_ellipses(text: str, rare: frozenset[str]) -> list[Edit]:
    """Return the edits that write three dots, no more and no less, as the ellipsis character."""
    if "..." not in text:
        return []
    out = [
        Edit(m.start(), m.end(), "…", "ellipses")
        for m in _DOTS.finditer(text)
        if m.end() - m.start() == 3 and not _path_or_spread(text, m.start(), m.end())
    ]
    return outside(out, markup(text))


def _path_or_spread(text: str, start: int, end: int) -> bool:
    """Return whether the dots belong to a path (``a/...``) or to code (``(...args)``)."""
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if before in ("/", "\\") or after in ("/", "\\"):
        return True
    return before in ("(", "{", ",") and after.isalnum()
