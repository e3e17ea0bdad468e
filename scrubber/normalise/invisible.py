"""Invisible characters: zero-width, byte order marks, bidi controls, tags, soft hyphens.

Joiners stay where a script or an emoji needs them. Variation selectors, fillers and invisible
mathematical operators are content and no business of this module; nor are spaces with a width.
"""

from __future__ import annotations

from unicodedata import category

from scrubber.model import Edit
from scrubber.pattern import pattern

_BIDI = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_TAGS = frozenset(map(chr, range(0xE0000, 0xE0080)))
_ALL = frozenset("\u00ad\u180e\u200b\u200c\u200d\u2060\ufeff" + _BIDI) | _TAGS
_BIDI_SET = frozenset(_BIDI)
_RUN = pattern("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\U000e0000-\U000e007f]+")
_RTL = pattern("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
# Scripts whose letters join or form conjuncts, so that a (non-)joiner next to them is spelling:
# Arabic to Tibetan, Myanmar, Khmer, Mongolian, Balinese and kin, Brahmic planes.
_JOINING = pattern(
    "[\u0600-\u08ff\u0900-\u0fff\u1000-\u109f\u1700-\u1c7f\u1cd0-\u1cff\ua840-\ua8ff\ua900-\uaaff\uabc0-\uabff"
    "\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00010fff\U00011000-\U00011fff\U00016a00-\U00016fff"
    "\U0001e800-\U0001e95f]"
)
# Scripts written without spaces, where a zero-width space marks where words end.
_SPACELESS = pattern("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaadf]")
_MONGOLIAN = pattern("[\u1800-\u18af]")
_EMOJI = pattern(
    "[\u00a9\u00ae\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\u20e3\ufe0f\u3030\u303d\u3297"
    "\u3299\U0001f000-\U0001faff]"
)
_BLACK_FLAG = "\U0001f3f4"
_FLAG_TAGS = pattern("[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,7}\U000e007f")
_OPENERS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"}
_OPENERS |= {"\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}
_BALANCE = pattern("[\u202a-\u202e\u2066-\u2069\n\r]")


def invisible(text: str, rare: frozenset[str]) -> list[Edit]:
    """Return the edits that take out invisible characters which carry no meaning where they stand."""
    if rare.isdisjoint(_ALL):
        return []
    bidi_kept: frozenset[int] | None = None
    if not rare.isdisjoint(_BIDI_SET) and _RTL.search("".join(rare)):
        bidi_kept = _balanced(text)
    out: list[Edit] = []
    for match in _RUN.finditer(text):
        start, end = match.span()
        before, after = text[start - 1 : start], text[end : end + 1]
        new = _kept(match.group(), before, after, start, bidi_kept)
        if len(new) < end - start:
            out.append(Edit(start, end, new, "invisible"))
    return out


def _kept(run: str, before: str, after: str, start: int, bidi_kept: frozenset[int] | None) -> str:
    """Return what stays of a run of invisible characters between two visible ones."""
    flag = _FLAG_TAGS.match(run) if before == _BLACK_FLAG else None
    head = flag.end() if flag else 0
    out = [run[:head]]
    for i in range(head, len(run)):
        character = run[i]
        if character in _BIDI_SET:
            stays = bidi_kept is not None and (character in "\u200e\u200f" or start + i in bidi_kept)
        else:
            stays = _needed(character, before, after)
        if stays:
            out.append(character)
    return "".join(out)


def _needed(character: str, before: str, after: str) -> bool:
    """Return whether the characters around give an invisible character a meaning."""
    if character == "\u200d" and _EMOJI.match(before) and _EMOJI.match(after):
        return True
    if character in "\u200c\u200d":
        return bool(_JOINING.match(before) or _JOINING.match(after))
    if character == "\u200b":
        return bool(_SPACELESS.match(before) or _SPACELESS.match(after))
    if character == "\u180e":
        return bool(_MONGOLIAN.match(before) or _MONGOLIAN.match(after))
    if character == "\u00ad":
        # after these two capitals it is half of a letter in text decoded wrongly
        return before in "\u00c2\u00c3" or not (_in_word(before) and _in_word(after))
    return False


def _in_word(character: str) -> bool:
    return character.isalpha() or (character != "" and category(character)[0] == "M")


def _balanced(text: str) -> frozenset[int]:
    """Return the positions of embeddings and isolates that are closed on their own line."""
    out: set[int] = set()
    stack: list[tuple[str, int]] = []
    for match in _BALANCE.finditer(text):
        character, at = match.group(), match.start()
        if character in "\r\n":
            stack.clear()
        elif character in _OPENERS:
            stack.append((_OPENERS[character], at))
        elif stack and stack[-1][0] == character:
            out.update((stack.pop()[1], at))
    return frozenset(out)
