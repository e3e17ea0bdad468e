"""The original bytes back, from clean ones and the report of the cleaning. Nothing here touches files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from scrubber.errors import RestoreError
from scrubber.model import Report
from scrubber.report.jsonl import Entry


def restore(output: bytes, entry: Entry) -> bytes:
    """Return the source of ``output``, byte for byte.

    Raises ``RestoreError`` if ``output`` is not what the cleaning wrote, or the report does not lead back.
    """
    label = entry.report.name or "text"
    if _sha256(output) != entry.sha256_out:
        raise RestoreError(f"{label}: changed since it was cleaned (put the cleaned text back, then restore)")
    if entry.sha256_in == entry.sha256_out:
        return output
    try:
        text = output.removeprefix(entry.bom).decode(entry.encoding, entry.decode_errors)
        source = entry.bom + undo(text, entry.report).encode(entry.encoding, entry.decode_errors)
    except (LookupError, UnicodeError) as error:
        raise RestoreError(f"{label}: {error} (the report names encoding {entry.encoding})") from None
    if _sha256(source) != entry.sha256_in:
        raise RestoreError(f"{label}: the report does not lead back to the original (was it edited?)")
    return source


def undo(text: str, report: Report) -> str:
    """Return the source that ``text`` is the clean version of. Raises ``RestoreError`` if they do not fit."""
    changes = [(r.start, r.end, r.out, r.text, "") for r in report.removals]
    changes += [(r.start, r.end, r.out, r.old, r.new) for r in report.rewrites]
    parts: list[str] = []
    at = 0
    for _, _, out, old, new in sorted(changes):
        if out < at or text[out : out + len(new)] != new:
            raise RestoreError(f"{report.name or 'text'}: character {out} is not what the report says it is")
        parts += (text[at:out], old)
        at = out + len(new)
    parts.append(text[at:])
    return "".join(parts)


def pick(entries: Sequence[Entry], output: bytes, name: str = "") -> Entry:
    """Return the entry for ``output``: called ``name`` if given, with its hash, the latest of several.

    Raises ``RestoreError`` when there is none.
    """
    found = [e for e in entries if not name or e.report.name == name]
    if not found:
        raise RestoreError(f"{name}: not in this report ({_near(name, entries)})")
    digest = _sha256(output)
    fitting = [e for e in found if e.sha256_out == digest]
    if fitting:
        return fitting[-1]
    if len({e.report.name for e in found}) > 1:
        raise RestoreError("no document of this report has this text (changed since? pick one with --name)")
    return found[-1]


def _near(name: str, entries: Sequence[Entry]) -> str:
    from difflib import get_close_matches

    names = list(dict.fromkeys(e.report.name for e in entries))
    near = get_close_matches(name, names, 1)
    if near:
        return f'did you mean "{near[0]}"?'
    return f"it has {', '.join(names[:3])}{' …' if len(names) > 3 else ''}" if names else "it is empty"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
