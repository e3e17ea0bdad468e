"""HTML entities left over in text, also escaped twice: ``&nbsp;``, ``&amp;#8217;``.

``<`` and ``>`` are never made: a tag could come to life. Markdown's own characters are not made
in Markdown. What becomes of a decoded no-break space is the business of the spaces.
"""

from __future__ import annotations

from scrubber.model import Edit
from scrubber.normalise.places import markup, outside
from scrubber.pattern import pattern

_ENTITY = pattern(
    r"&(?:(?:amp|AMP|#0{0,4}38|#[xX]0{0,4}26);)*"
    r"(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
_TAIL = pattern(r"[#A-Za-z0-9]{0,33};?")
_OPENERS = frozenset("\"'«“‘„(|`")
_CLOSERS = frozenset("\"'»”’)|`")
_SYNTAX = frozenset("\\`*_{}[]()#+-.!|~=:$^")


def entities(text: str, rare: frozenset[str], *, markdown: bool = False) -> list[Edit]:
    """Return the edits that decode entities into the characters they stand for."""
    if "&" not in text or ";" not in text:
        return []
    out: list[Edit] = []
    for match in _ENTITY.finditer(text):
        new = _decoded(match.group(1), markdown)
        if new and not (new == "&" and _ambiguous(text, match.end())) and not _mentioned(text, *match.span()):
            out.append(Edit(match.start(), match.end(), new, "entities"))
    return outside(out, markup(text)) if out else out


def _decoded(name: str, markdown: bool) -> str:
    """Return what ``&name;`` stands for, or nothing where it should stay."""
    from html import unescape
    from unicodedata import category

    source = f"&{name};"
    new = unescape(source)
    if new == source or len(new) > 2 or (";" in new and new != ";"):
        return ""
    for character in new:
        if character in "<>\ufffd" or (markdown and character in _SYNTAX):
            return ""
        if not character.isprintable() and category(character) not in ("Zs", "Cf"):
            return ""
    return new


def _mentioned(text: str, start: int, end: int) -> bool:
    """Return whether an entity is spoken of or part of a source: alone in quotes or a cell, or next to a tag."""
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    if before.endswith(">") or after.startswith("<"):
        return True
    return before.strip()[-1:] in _OPENERS and (after.strip()[:1] in _CLOSERS or after in ("  ", " "))


def _ambiguous(text: str, at: int) -> bool:
    """Return whether a bare ``&`` before ``text[at:]`` would read as another entity."""
    from html import unescape

    match = _TAIL.match(text, at)
    tail = "&" + (match.group() if match else "")
    return unescape(tail) != tail
