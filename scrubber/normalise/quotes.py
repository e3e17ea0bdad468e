"""Quotation marks and apostrophes: straight or curly.

Guillemets, corner brackets, primes and the letters that look like apostrophes are other
characters and stay. Curly marks are set the English way; feet, inches and lone marks stay straight.
"""

from __future__ import annotations

import re

from scrubber.model import Edit
from scrubber.native import native
from scrubber.normalise.places import markup, outside, positions
from scrubber.pattern import pattern

_STRAIGHT = dict.fromkeys("‘’‚‛", "'") | dict.fromkeys("“”„‟", '"')
_CURLY = frozenset(_STRAIGHT)
_MOJIBAKE = frozenset("â\u00c2\u00c3")

_MARKS = pattern("[\"'“”‘’\r\n]")
_LINE_END = pattern(r"[\r\n]|\Z")
_OPEN_AFTER = frozenset(" \t\u00a0\u202f\u2009([{<«‹¡¿“‘*_~|>=/")
_DASHES = frozenset("-–—")
_EMPHASIS = frozenset("*_~")
_ELIDED = pattern(r"(?:tis|twas|twere|twill|twould|em|til|n|[0-9]0s|[0-9]{2})\b", re.I)
_FEET = pattern(r"(?<=[0-9])'(?=\s?[0-9]|\s|-|[,.;:)]|\Z)")
_FEET_INCHES = pattern(r"[0-9]['’][ ]?[0-9]{1,2}(?:\.[0-9]+)?\Z")
_CLOSER = pattern(r"(?<=[^\s])['’](?!\w)")


def straighten_quotes(text: str, rare: frozenset[str]) -> list[Edit]:
    """Return the edits that make curly quotation marks and apostrophes straight."""
    found = rare & _CURLY
    if not found:
        return []
    if native:
        edits: list[Edit] = native.replacements(text, "".join(_STRAIGHT), tuple(_STRAIGHT.values()), "quotes", Edit)
    else:
        edits = [Edit(at, at + 1, _STRAIGHT[text[at]], "quotes") for at in positions(text, found)]
    if not rare.isdisjoint(_MOJIBAKE):
        edits = [edit for edit in edits if not half_of_letter(text, edit.start)]
    return outside(edits, markup(text))


def half_of_letter(text: str, at: int) -> bool:
    """Return whether the mark at ``at`` is part of a letter or mark that was decoded wrongly."""
    if text[at - 2 : at] == "â€":
        return True
    return text[at - 1 : at] in ("\u00c2", "\u00c3") and text[at + 1 : at + 2].isalpha()


def curl_quotes(text: str, rare: frozenset[str]) -> list[Edit]:
    """Return the edits that make straight quotation marks and apostrophes curly where it is clear how."""
    if '"' not in text and "'" not in text:
        return []
    shielded = markup(text)
    line = _Line(text, 0)
    out: list[Edit] = []
    for match in _MARKS.finditer(text):
        at, mark = match.start(), match.group()
        if mark in "\r\n":
            line = _Line(text, at + 1)
        elif not shielded or outside([Edit(at, at + 1, "", "")], shielded):
            new = line.set(at, mark)
            if new != mark:
                out.append(Edit(at, at + 1, new, "quotes"))
    return out


class _Line:
    """Which quotations are open on a line that starts at ``start``; marks are set left to right.

    A mark already set counts as the one it would become, so setting twice changes nothing.
    """

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start
        self.end = -1
        self.ahead = 0
        self.double = False
        self.single = False
        self.last = (-2, "")

    def set(self, at: int, mark: str) -> str:
        """Return what the mark at ``at`` should be."""
        if self.end < 0:
            end = _LINE_END.search(self.text, at)
            self.end = end.start() if end else len(self.text)
            self.ahead = sum(self.text.count(c, at, self.end) for c in '"“”')
        before = self.text[at - 1] if at > self.start else " "
        if self.last[0] == at - 1:
            before = self.last[1]
        after = self.text[at + 1] if at + 1 < self.end else " "
        if mark in '"“”':
            self.ahead -= 1
            new = mark if mark != '"' else self._double(at, before, after)
            self.double = new == "“" or (self.double and new != "”")
        else:
            new = mark if mark != "'" else self._single(at, before, after)
            self.single = new == "‘" or (self.single and (new != "’" or after.isalnum()))
        self.last = (at, new)
        return new

    def _double(self, at: int, before: str, after: str) -> str:
        if before.isspace() and after.isspace():
            return '"'
        if before.isdigit():
            size = _FEET_INCHES.search(self.text, max(at - 8, self.start), at)
            if size or not self.double or self.ahead % 2:
                return '"'
        if before in _DASHES and not after.isspace():
            return "”" if self.double else "“"
        if self.double and before in _EMPHASIS and not after.isalnum():
            return "”"
        return "“" if _opens(before) else "”"

    def _single(self, at: int, before: str, after: str) -> str:
        if before.isspace() and after.isspace():
            return "'"
        if not self.single and _FEET.match(self.text, at):
            return "'"
        if _opens(before) or (before in _DASHES and before != "—" and not after.isspace()):
            elided = _ELIDED.match(self.text, at + 1, self.end)
            if after.isspace() or elided or not _CLOSER.search(self.text, at + 2, self.end):
                return "’"
            return "‘"
        return "’"


def _opens(before: str) -> bool:
    return before in _OPEN_AFTER or before.isspace()
