"""The files a shard leaves: its output, and what is told beside it. They appear when all is well, or not at all."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

from scrubber.containers.block import Writer
from scrubber.containers.codecs import codec_of_name, packed
from scrubber.containers.kinds import Kind
from scrubber.files import written
from scrubber.report.writers import Told, writer
from scrubber.scale.source import Source
from scrubber.scale.task import STREAM, Done, Shard


class ReportFile:
    """Writes what is told of blocks into an open file, in the format asked for."""

    def __init__(self, handle: BinaryIO, form: str) -> None:
        self.handle = handle
        self.writer = writer(form, version("scrubber"))

    def add(self, done: Done) -> None:
        """Write what is told of a block."""
        self.handle.write(done.report)
        for report, text, about in done.told:
            self.handle.write(self.writer.add(Told(report, text, lambda about=about: about)))  # type: ignore[misc]

    def close(self) -> None:
        """Write what can be said only now."""
        self.handle.write(self.writer.close())
        self.handle.flush()


class Outputs:
    """The outputs of one shard, a context; ``finish`` lets them appear under their names."""

    def __init__(self, shard: Shard, source: Source) -> None:
        self.shard = shard
        self.source = source
        self.stack = ExitStack()
        self.good = self.wanted = self.dropped = False

    def __enter__(self) -> Outputs:
        with ExitStack() as stack:
            self.quarantine = self._sink(stack, self.shard.quarantine, lambda: self.good and self.dropped)
            report = self._sink(stack, self.shard.report, lambda: self.good)
            self.report = ReportFile(report, self.shard.job.report) if report else None
            self.attributes = self._sink(stack, self.shard.attributes, lambda: self.good)
            self.rows = False
            handle = self._sink(stack, self.shard.target, lambda: self.good and self.wanted)
            self.writer: Writer | None = self.source.writer(handle) if handle else None
            self.stack = stack.pop_all()
        return self

    def _sink(self, stack: ExitStack, name: str | None, keep: Callable[[], bool]) -> BinaryIO | None:
        if name is None:
            return None
        if name == STREAM:
            return sys.stdout.buffer
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        return stack.enter_context(written(path, keep))

    def write(self, rest: Any, done: Done) -> None:
        """Write what became of a block."""
        if self.writer is not None:
            self.writer.write(rest, done.output)
            if self.shard.target == STREAM:
                sys.stdout.buffer.flush()
        if self.report is not None:
            self.report.add(done)
        if self.attributes is not None and done.attributes:
            self.rows = True
            self.attributes.write(done.attributes)
        if done.quarantine:
            self.dropped = True
            if self.quarantine is not None:
                self.quarantine.write(done.quarantine)

    def finish(self, changed: bool) -> None:
        """Let the files appear, the output of a shard that is rewritten only if it ``changed``."""
        gone = self.source.kind == Kind.TEXT and self.dropped
        self.wanted = (changed or self.dropped or not self.shard.only_changed) and not gone
        if self.writer is not None:
            self.writer.close()
        if self.source.packing is not None:
            self.source.packing.close()
        if self.report is not None:
            self.report.close()
        if self.attributes is not None and not self.rows:
            self.attributes.write(packed(b"", codec_of_name(str(self.shard.attributes))))
        self.good = True

    def __exit__(self, *error: Any) -> None:
        self.stack.__exit__(*error)
        if self.good and not self.dropped and self.shard.quarantine not in (None, STREAM):
            Path(str(self.shard.quarantine)).unlink(missing_ok=True)
