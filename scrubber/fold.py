"""The folded view of text that rules are compared with: one key a line, pure functions.

Folding drops what never tells debris from prose: case, quote and dash styles, invisible
characters, list marks, Markdown links and emphasis, trailing colons, dots and arrows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scrubber.native import native
from scrubber.pattern import pattern

_CHARACTERS = {
    "‘": "'", "’": "'", "‛": "'", "`": "'", "´": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
    "…": "...", "\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u2009": " ", "\u3000": " ",
    "\u200b": "", "\u2060": "", "\ufeff": "", "\u00ad": "", "\u200e": "", "\u200f": "", "️": "",
    "：": ":", "，": ",", "（": "(", "）": ")", "！": "!", "？": "?",
}  # fmt: skip
_IMAGE = pattern(r"!\[([^\]\n]*)\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)")
_LINK_TAIL = pattern(r"\]\(\s*<?[^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)")
_EDGE = " \t\r\f\v*_#•·●▪■□◦‣–—|:.…»«›‹→←↑↓▸▾►▼▲◄❯❮-+=~\\[]&,;⋅✕×✖✓✔➤➔⟶/"
_ASCII = "\x7f"
_ASCII_EDGE = "".join(filter(str.isascii, _EDGE))  # a short list costs less to strip by
_NUMBER = pattern(r"\d(?:[\d.,]*\d)?(?: ?[kmb](?![^\W\d_])| ?(?:тыс|млн|mil|mio|万|千|億|亿))?(?! ?\d)")
_INNER_MARKS = ("  ", "\t", "[", "**", "__")
_LIST_MARK = pattern(r"\d{1,3}[.)]\s+")
LONGEST = 250
"""Lines longer than this many code points are no phrases; block and span rules look at them all the same."""

NUMERIC = 80
"""The same for phrases that have no words to be known by: numbers, dates and times."""


HEADS = (6, 4, 2)
"""How many characters a phrase with holes is filed under, by how it starts: the most that its start has."""

TAILS = (6, 4)
"""The same for one that starts with a hole, by how it ends."""


if native:
    native.configure(_EDGE, _CHARACTERS, LONGEST, NUMERIC)


def fold_text(text: str) -> str:
    """Return ``text`` lower-cased and folded as a whole; it keeps every line break."""
    if native and (quick := native.fold_text(text)) is not None:
        return str(quick)
    folded = text.lower()
    if not folded.isascii():
        for old, new in _CHARACTERS.items():
            if old in folded:
                folded = folded.replace(old, new)
    if "]" in folded and "](" in folded:  # one character is looked for at a tenth of the cost
        folded = _LINK_TAIL.sub("", _IMAGE.sub("", folded))
    return folded


def fold_line(folded: str) -> str:
    """Return the key of one line of ``fold_text``: edges stripped, white space single."""
    key = folded.strip(_EDGE)
    if "  " in key or "\t" in key:  # with what follows, asks for no mark but those of _INNER_MARKS
        key = " ".join(key.split())
    if "[" in key and "![" not in key and key.count("[") > key.count("]"):
        key = key.replace("[", "")
    if "**" in key or "__" in key:
        key = key.replace("**", "").replace("__", "")
    if key[:1].isdigit() and (mark := _LIST_MARK.match(key)):
        key = key[mark.end() :].strip(_EDGE)
    return key


def fold_lines(folded: str, lines: Sequence[str]) -> list[str]:
    """Return ``fold_line`` of every line of ``folded``, which is ``fold_text``; "" for lines longer than ``LONGEST``."""
    if native:
        return native.fold_lines(folded)  # type: ignore[no-any-return]
    keys = [line.strip(_ASCII_EDGE) if len(line) <= LONGEST else "" for line in lines]
    if not folded.isascii():
        keys = [key.strip(_EDGE) if key and (key[0] > _ASCII or key[-1] > _ASCII) else key for key in keys]
    wanting = [i for i, key in enumerate(keys) if key[:1].isdigit()]
    for mark in _INNER_MARKS:
        if mark in folded:
            wanting += [i for i, key in enumerate(keys) if mark in key]
    for i in set(wanting):
        keys[i] = fold_line(keys[i])
    return keys


def fold_phrase(phrase: str) -> str:
    """Return the key a phrase of a rule is filed under; holes such as ``{n}`` stay."""
    parts = re.split(r"(\{[a-z]+\})", phrase)
    folded = "".join(p if i % 2 else fold_text(p) for i, p in enumerate(parts))
    return fold_line(folded)


DIGIT = pattern(r"\d")
"""Finds out whether a key holds a number at all."""


def numbers_out(key: str) -> str:
    """Return the key with every number and count replaced by ``{n}``."""
    return _NUMBER.sub("{n}", key)
