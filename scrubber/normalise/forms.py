"""Unicode normalisation form C, as local edits.

No compatibility forms (NFKC): those change what a text says.
"""

from __future__ import annotations

from unicodedata import is_normalized, normalize

from scrubber.model import Edit
from scrubber.normalise.places import trimmed
from scrubber.pattern import pattern

# Characters that NFC neither changes nor joins with what stands before them (combining class 0,
# NFC_Quick_Check=Yes), so a text may be normalised in pieces that start at any of them.
_STABLE = (
    "\x00-\u02ff\u0400-\u0482\u048a-\u0590\u2002-\u20cf\u2190-\u2328\u3000-\u3029\u3030-\u3098\u309b-\u312f"
    "\u4e00-\u9fff\uac00-\ud7a3\ufe00-\ufe0f\U0001f000-\U0001faff"
)
_ALL_STABLE = pattern(f"[{_STABLE}]*")
_PIECE = pattern(f"[{_STABLE}]?[^{_STABLE}]+")


def nfc(text: str, rare: frozenset[str]) -> list[Edit]:
    """Return the edits that bring ``text`` into NFC, each inside one word."""
    if not rare or _ALL_STABLE.fullmatch("".join(rare)) or is_normalized("NFC", text):
        return []
    out: list[Edit] = []
    for match in _PIECE.finditer(text):
        old = match.group()
        new = normalize("NFC", old)
        if new != old:
            out.append(trimmed(match.start(), old, new, "nfc"))
    return out
