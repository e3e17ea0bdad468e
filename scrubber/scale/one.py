"""What is known of one record before and after it was worked on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from scrubber.containers.block import Document
from scrubber.containers.jsonl import BadRecord, Record
from scrubber.containers.kinds import Kind
from scrubber.edits import apply, edits_of
from scrubber.files import mirror_host
from scrubber.model import Report, Settings
from scrubber.report.writers import Told
from scrubber.run import sha256
from scrubber.scale.task import Task


class Outcome(NamedTuple):
    """What is written for a record, and what is to be told of it; or the error that lets it pass unchanged."""

    output: Any
    told: Told | None = None
    error: str = ""


AnyRecord = Record | BadRecord | Document
Look = Callable[[Any], Outcome]


def place(task: Task, record: AnyRecord) -> str:
    """Return where a record stands: file and line, or archive and member."""
    if isinstance(record, Document) and task.kind in (Kind.TAR, Kind.ZIP):
        return f"{task.name}/{record.data['id']}"
    return task.name if task.kind == Kind.TEXT else f"{task.name}:{record.number}"


def host(task: Task, record: Document) -> str:
    """Return the host that a folder in the path of a whole document is named after, or nothing."""
    return mirror_host(task.name if task.kind == Kind.TEXT else record.data["id"])


def told_of(report: Report, source: str, rules: str, settings: Settings) -> Told:
    """Return what is told of a text that is no file of its own."""

    def about() -> Mapping[str, Any]:
        from scrubber.settings import as_json

        before = source.encode("utf-8", "surrogatepass")
        after = apply(source, edits_of(report)).encode("utf-8", "surrogatepass")
        return {
            "encoding": "utf-8", "bom": b"", "decode_errors": "surrogatepass", "sha256_in": sha256(before),
            "sha256_out": sha256(after), "rules": rules, "settings": as_json(settings),
        }  # fmt: skip

    return Told(report, source, about)
