"""What is already done in a folder of outputs, so that a run can go on where another was broken off.

One line is added for every shard that is done; a line that was cut short counts as none.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from scrubber.errors import ResumeError
from scrubber.model import Settings
from scrubber.report.summary import Totals
from scrubber.report.sums import TABLES, Row, Summary
from scrubber.scale.shard import Result
from scrubber.scale.task import Job, Shard, Sums
from scrubber.scale.tools import cleaner

FOLDER = ".scrubber"
NAME = "done.jsonl"


class Entry(NamedTuple):
    """A shard that was done: with what, from what, how large it became, and its sums, in full if that was asked for."""

    key: str
    source: list[int]
    size: int
    failed: int
    totals: dict[str, Any]
    summary: dict[str, Any] | None = None


class Journal:
    """The journal of one folder. With ``go_on`` what it holds need not be done again.

    Raises ``ResumeError`` when something was done with other rules or settings, unless that is to be made ``anew``.
    """

    def __init__(self, folder: Path, shards: Sequence[Shard], go_on: bool = False, anew: bool = False) -> None:
        self.folder = folder
        self.path = folder / FOLDER / NAME
        self.shards = shards
        self.keys = {shard.target: key_of(shard) for shard in shards}
        self.entries = dict(self._read()) if go_on else {}
        others = [t for t, entry in self.entries.items() if t in self.keys and entry.key != self.keys[t]]
        if others and not anew:
            what = f"{len(others)} of {len(self.entries)} files there were made with other rules or settings"
            raise ResumeError(f"{folder}: {what}; use those again, or say --restart to make them anew")

    def _read(self) -> Iterator[tuple[str, Entry]]:
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return
        for line in lines:
            try:
                data = json.loads(line)
                yield str(self.folder / data.pop("target")), Entry(**data)
            except (ValueError, TypeError, KeyError):
                continue

    def done(self, shard: Shard) -> Result | None:
        """Return what became of a shard that need not be done again: its input and its outputs are as they were."""
        entry = self.entries.get(str(shard.target))
        if entry is None or shard.target is None or entry.key != self.keys[shard.target]:
            return None
        if identity_of(shard.source) != entry.source:
            return None
        if any(side and not os.path.exists(side) for side in (shard.report, shard.attributes)):
            return None
        if shard.job.summary and entry.summary is None:
            return None
        try:
            whole = os.stat(shard.target).st_size == entry.size
        except FileNotFoundError:
            return None
        return Result(Sums(Totals(**entry.totals), _summary(entry.summary)), entry.failed) if whole else None

    @contextmanager
    def open(self) -> Iterator[Journal]:
        """Be ready to add to the journal; halves of files that a killed run left behind are gone then."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(self.shards)
        with open(self.path, "a+b", buffering=0) as self.handle:
            if self.handle.tell() and (self.handle.seek(-1, os.SEEK_END), self.handle.read(1))[1] != b"\n":
                self.handle.write(b"\n")
            yield self
        _sweep(self.shards)  # what a worker that was killed had begun

    def add(self, shard: Shard, source: list[int], result: Result) -> None:
        """Write down that a shard is done; ``source`` is the identity its input had before."""
        target = str(shard.target)
        if not os.path.exists(target):  # its one document was taken out
            return
        sums = result.sums
        entry = Entry(
            self.keys[target], source, os.stat(target).st_size, result.failed, _plain(sums.totals),
            _plain(sums.summary) if sums.summary else None,
        )  # fmt: skip
        line = {"target": os.path.relpath(target, self.folder), **entry._asdict()}
        self.handle.write(json.dumps(line).encode() + b"\n")


def _sweep(shards: Sequence[Shard]) -> None:
    outputs = {Path(p) for shard in shards for p in (shard.target, shard.report, shard.quarantine, shard.attributes) if p}
    for folder in {path.parent for path in outputs}:
        for part in folder.glob(".*.part") if folder.is_dir() else ():
            if folder / part.name[1:-5].rpartition(".")[0] in outputs:
                part.unlink(missing_ok=True)


def _plain(sums: Totals | Summary) -> dict[str, Any]:
    """Return sums as plain JSON values; pairs that are keys become lists."""
    from dataclasses import fields

    values = {field.name: getattr(sums, field.name) for field in fields(sums)}
    lines = [[*key, n] for key, n in values.pop("lines").items()] if isinstance(sums, Summary) else None
    plain = {name: dict(value) if isinstance(value, Mapping) else value for name, value in values.items()}
    return plain if lines is None else {**plain, "lines": lines}


def _summary(data: dict[str, Any] | None) -> Summary | None:
    if data is None:
        return None
    lines = {(host, line): n for host, line, n in data["lines"]}
    tables = {name: {key: Row(*row) for key, row in data[name].items()} for name in TABLES}
    return Summary(**{**data, **tables, "lines": lines})


def identity_of(path: str) -> list[int]:
    """Return what tells a file from a changed one: its size in bytes and its time in nanoseconds."""
    found = os.stat(path)
    return [found.st_size, found.st_mtime_ns]


def key_of(shard: Shard) -> str:
    """Return a hash of all that decides what becomes of an input: rules, settings, fields, version."""
    from hashlib import sha256

    told = (_rules(shard.job.settings, shard.job.page is not None), _told(shard.job), str(shard.kind), shard.most)
    return sha256(repr(told).encode()).hexdigest()


def _told(job: Job) -> str:
    return repr(job._replace(settings=job.settings._replace(rules=()), summary=False))


@lru_cache(maxsize=64)
def _rules(settings: Settings, pages: bool) -> tuple[str, ...]:
    """Return what stands for the rule set, the program and, for pages, the model."""
    from hashlib import sha256
    from importlib.metadata import version

    import scrubber.structure

    model = Path(scrubber.structure.__file__).with_name("model.npz")
    return (cleaner(settings).library.digest, version("scrubber"), sha256(model.read_bytes()).hexdigest() if pages else "")
