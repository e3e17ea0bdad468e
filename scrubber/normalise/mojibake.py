"""Mojibake: text decoded with the wrong encoding, put right by the optional package ftfy.

Only its repair of encodings is used; its other changes (quotes, ligatures, widths) are not.
"""

from __future__ import annotations

from collections.abc import Callable

from scrubber.errors import SettingsError
from scrubber.model import Edit
from scrubber.normalise.places import trimmed
from scrubber.pattern import pattern

_LINE = pattern(r"[^\r\n]+")
# Wrongly decoded text always shows some other character: in no encoding do these stand for a lead
# byte of UTF-8 and for what follows it as well.
_HARMLESS = "‘’“”–—…\u00a0"
_SUSPECT = pattern(f"[^\x00-\x7f{_HARMLESS}]")
_WORD = pattern(r"[^ \t]+")


def mojibake(text: str, rare: frozenset[str]) -> list[Edit]:
    """Return the edits that repair wrongly decoded words; ``SettingsError`` without ftfy."""
    repair = _ftfy()
    if rare.issubset(_HARMLESS):
        return []
    out: list[Edit] = []
    for match in _LINE.finditer(text):
        old = match.group()
        if old.isascii() or not _SUSPECT.search(old):
            continue
        new = repair(old)
        if new != old:
            out += _edits(match.start(), old, new, repair)
    return out


def _edits(start: int, old: str, new: str, repair: Callable[[str], str]) -> list[Edit]:
    """Return one edit per word where the words alone are repaired alike, else one for the line."""
    pairs = [(m.start(), m.group(), repair(m.group())) for m in _WORD.finditer(old)]
    edits = [trimmed(start + at, word, better, "mojibake") for at, word, better in pairs if better != word]
    if _WORD.sub(lambda m: repair(m.group()), old) == new:
        return edits
    return [trimmed(start, old, new, "mojibake")]


def _ftfy() -> Callable[[str], str]:
    try:
        from ftfy import fix_encoding
    except ImportError as error:
        raise SettingsError("settings: mojibake needs the package ftfy (pip install ftfy)") from error
    return fix_encoding
