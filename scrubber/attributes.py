"""Clean records from documents and the attributes beside them. Spans become edits in ``scrubber.report.dolma``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import zip_longest
from typing import Any, BinaryIO, NamedTuple

from scrubber.containers.jsonl import BadRecord, Record, records, splice
from scrubber.edits import apply
from scrubber.errors import RecordError
from scrubber.report.dolma import PREFIX, edits
from scrubber.run import Fields, value_of


class Wanted(NamedTuple):
    """Which attributes count: their names (with ``*``), and the score a span needs."""

    names: tuple[str, ...] = (f"{PREFIX}*",)
    least: float = float("-inf")

    def has(self, name: str) -> bool:
        """Return whether the attribute ``name`` counts."""
        return any(fnmatchcase(name, glob) for glob in self.names)


def apply_attributes(
    documents: BinaryIO, attributes: BinaryIO, names: tuple[str, str], fields: Fields, wanted: Wanted
) -> Iterator[bytes]:
    """Yield every line of ``documents`` with the edits of the same line of ``attributes`` made on its text.

    A record without edits comes back as it is. ``names`` are those of the two files. Raises ``RecordError`` where they do
    not fit together: another number of lines, another id, a span outside the text.
    """
    name, beside = names
    pairs = zip_longest(records(documents, name), records(attributes, beside))
    for number, (document, row) in enumerate(pairs, 1):
        if document is None or row is None:
            short, long = (name, beside) if document is None else (beside, name)
            raise RecordError(f"{short}: ends before line {number}, {long} does not (do they belong together?)")
        if isinstance(row, RecordError):
            raise row
        if isinstance(document, BadRecord):
            yield document.raw
        else:
            yield _applied(document, row, (name, beside), fields, wanted)


def _applied(document: Record, row: Record, names: tuple[str, str], fields: Fields, wanted: Wanted) -> bytes:
    place = f"{names[1]}:{row.number}"
    identity, other = value_of(document.data, fields.identity), row.data.get("id")
    if identity is not None and other != identity:
        raise RecordError(f"{place}: id {json.dumps(other)}, but {names[0]} has {json.dumps(identity)} in this line")
    spans: Any = row.data.get("attributes", {})
    if not isinstance(spans, dict):
        raise RecordError(f'{place}: "attributes" is no object')
    if not any(map(wanted.has, spans)):
        return document.raw
    text = value_of(document.data, fields.text)
    if not isinstance(text, str):
        raise RecordError(f'{place}: spans for a record without the field "{fields.text}" (name another with --text-field)')
    try:
        changes = edits(spans, wanted.has, wanted.least, len(text))
    except ValueError as error:
        raise RecordError(f"{place}: {error}") from None
    return splice(document, fields.text, apply(text, changes)) if changes else document.raw
