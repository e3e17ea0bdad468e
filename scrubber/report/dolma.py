"""Reports as Dolma attributes: spans beside the documents, a row for each, and the way back to edits.

A removal stands under ``scrubber__<rule>`` as [start, end, evidence]. A rewrite stands under
``scrubber__<normaliser>__<new>`` with a score of 1, where ``new`` is the text that comes there as hexadecimal code
points joined by ``_``; it is left out where nothing comes. Spans are half-open code points of the original text.
See https://github.com/allenai/dolma.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from scrubber.model import Edit, Report

PREFIX = "scrubber__"
_SURE = 1.0


def row(identity: object, report: Report | None) -> bytes:
    """Return the line for a document; no report means that nothing is known of it."""
    spans: dict[str, list[list[float]]] = {}
    for removal in report.removals if report else ():
        score = round(removal.evidence, 4)
        spans.setdefault(PREFIX + removal.rules[0], []).append([removal.start, removal.end, score])
    for rewrite in report.rewrites if report else ():
        name = "__".join(filter(None, (PREFIX + rewrite.normaliser, _coded(rewrite.new))))
        spans.setdefault(name, []).append([rewrite.start, rewrite.end, _SURE])
    return json.dumps({"id": identity, "attributes": spans}, separators=(",", ":")).encode() + b"\n"


def edits(attributes: Mapping[str, Any], wanted: Callable[[str], bool], least: float, length: int) -> list[Edit]:
    """Return the edits that the wanted attributes ask for on a text of ``length``: sorted and disjoint.

    Spans scored below ``least`` are left out. Removals that overlap or touch become one, and win over rewrites. Raises
    ``ValueError`` for what is no list of spans inside the text.
    """
    removals: list[tuple[int, int, str]] = []
    rewrites: list[Edit] = []
    for name, spans in attributes.items():
        if not wanted(name):
            continue
        new = _replacement(name)
        for start, end, score in _checked(name, spans, length):
            if score < least:
                continue
            if new:
                rewrites.append(Edit(start, end, new, name))
            elif start < end:
                removals.append((start, end, name))
    return _disjoint(_joined(removals), rewrites)


def _checked(name: str, spans: object, length: int) -> list[tuple[int, int, float]]:
    if not isinstance(spans, list):
        raise ValueError(f'attribute "{name}" is no list')
    for span in spans:
        fits = isinstance(span, list) and len(span) == 3 and all(isinstance(n, int | float) for n in span)
        if not fits or not all(isinstance(n, int) for n in span[:2]) or not 0 <= span[0] <= span[1] <= length:
            raise ValueError(f'attribute "{name}": {json.dumps(span)} is no [start, end, score] inside a text of {length}')
    return [(start, end, score) for start, end, score in spans]


def _joined(removals: list[tuple[int, int, str]]) -> list[Edit]:
    joined: list[Edit] = []
    for start, end, name in sorted(removals):
        if joined and start <= joined[-1].end:
            joined[-1] = joined[-1]._replace(end=max(end, joined[-1].end))
        else:
            joined.append(Edit(start, end, "", name))
    return joined


def _disjoint(removals: list[Edit], rewrites: list[Edit]) -> list[Edit]:
    """Return both in order, without the rewrites that reach into a removal or into the rewrite before them."""
    kept: list[Edit] = []
    for edit in sorted([*removals, *rewrites], key=lambda e: (e.start, e.end)):
        at = kept[-1].end if kept else 0
        if edit.start >= at:
            kept.append(edit)
        elif not edit.new:
            while kept and kept[-1].new and kept[-1].end > edit.start:
                kept.pop()
            kept.append(edit)
    return kept


def _coded(text: str) -> str:
    return "_".join(f"{ord(c):04X}" for c in text)


def _replacement(name: str) -> str:
    """Return the text an attribute of ours puts in; nothing for removals and the attributes of others."""
    if not name.startswith(PREFIX) or "/" in name:
        return ""
    _, mark, codes = name.removeprefix(PREFIX).partition("__")
    try:
        return "".join(chr(int(code, 16)) for code in codes.split("_")) if mark else ""
    except (ValueError, OverflowError):
        return ""
