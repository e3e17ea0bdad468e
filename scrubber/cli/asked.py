"""What a call asks for that is about records or a folder of outputs: checked, and made into shards."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from scrubber.cli.plan import STDIN
from scrubber.containers.kinds import Kind, kind_of_name, output_name
from scrubber.report.writers import POINTING, format_for
from scrubber.scale.task import STREAM, Job, Shard


class Asked:
    """Inputs, outputs, and what becomes of bad records. Raises ``click.UsageError`` for what does not go together.

    ``page_suffix`` is that of extracted documents; without it texts are cleaned.
    """

    def __init__(
        self, options: dict[str, Any], mode: str, inputs: Sequence[Path], bases: Sequence[Path], page_suffix: str = ""
    ) -> None:
        self.options = options
        self.mode = mode
        self.inputs = inputs
        self.bases = bases
        self.page_suffix = page_suffix
        self.folder = Path(options["output"]) if mode == "folder" else None
        self.on_error: str = options["on_error"] or ("quarantine" if options["quarantine"] else "skip")
        container = options["container"]
        self.kind = None if container == "auto" else Kind.TEXT if container == "html" else Kind(container)
        report: Path | None = options["report"]
        self.report = format_for(report, options.get("report_format")) if report else ""
        self._check_options()
        self._check_kinds()

    def _check_options(self) -> None:
        options = self.options
        if (self.on_error == "quarantine") != bool(options["quarantine"]):
            raise click.UsageError("--on-error quarantine and --quarantine FILE go together")
        if self.report in POINTING:
            raise click.UsageError(f"{self.report} points into files; for records use jsonl or html")
        if self.folder is None:
            for option in ("resume", "restart"):
                if options[option]:
                    raise click.UsageError(f"--{option} is for an output folder: -o out/")
            if options["engine"] != "local":
                raise click.UsageError("--engine ray is for an output folder that all machines see: -o out/")
            return
        if STDIN in self.inputs:
            raise click.UsageError("give standard input an output file, not a folder")
        for option in ("report", "quarantine"):
            if options[option] and (str(options[option]) == STREAM or Path(options[option]).is_file()):
                raise click.UsageError(f"--{option} is a folder when -o is one")

    def _check_kinds(self) -> None:
        for kind in (Kind.PARQUET, Kind.ZIP):
            if STDIN in self.inputs and self.kind == kind:
                raise click.UsageError(f"{kind} cannot be read from a pipe: give a file")
            if self._has(kind) and self.mode == "stream" and not self.page_suffix:
                raise click.UsageError(f"{kind} cannot be written to a pipe: say -o")
        if self._has(Kind.WARC) and self.mode == "in_place":
            raise click.UsageError("a WARC becomes JSON Lines: say -o")
        if self.options.get("attributes") and any(self.kind_of(path) != Kind.JSONL for path in self.inputs):
            raise click.UsageError("--attributes stand beside records in JSON Lines")

    def kind_of(self, path: Path) -> Kind:
        """Return what the user or the name says that an input holds."""
        return self.kind or kind_of_name(self.options.get("stdin_filename", "") if path == STDIN else path.name)

    def _has(self, kind: Kind) -> bool:
        return any(self.kind_of(path) == kind for path in self.inputs)

    def shards(self, job: Callable[[Path], Job]) -> list[Shard]:
        """Return a shard for every input."""
        found = [self._shard(path, job(path)) for path in self.inputs]
        if self.folder is not None:
            _check_targets(found)
        for shard in found:
            beside = shard.attributes
            if beside and shard.source != STREAM and os.path.exists(beside) and os.path.samefile(beside, shard.source):
                raise click.UsageError(f"{beside}: the attributes would take the place of their documents")
        return found

    def _shard(self, path: Path, job: Job) -> Shard:
        source = STREAM if path == STDIN else str(path)
        name = self.options.get("stdin_filename") or "<stdin>" if path == STDIN else str(path)
        below = self._below(path)
        beside = os.path.join(self.options["attributes"], below) if self.options.get("attributes") else None
        shard = Shard(job, source, kind=self.kind, name=name, most=self.options["max_record"] << 20, attributes=beside)
        if self.folder is None:
            return shard._replace(target=self._target(path), only_changed=self.mode == "in_place")
        target = os.path.join(self.folder, output_name(below, self.kind_of(path), self.page_suffix))
        report = self._side("report", f"{below}.report.{self.report}")
        return shard._replace(target=target, report=report, quarantine=self._side("quarantine", f"{below}.bad.jsonl"))

    def _side(self, option: str, name: str) -> str | None:
        return os.path.join(self.options[option], name) if self.options[option] else None

    def _target(self, path: Path) -> str | None:
        if self.mode == "stream":
            return STREAM
        if self.mode == "output":
            return str(self.options["output"])
        return str(path) if self.mode == "in_place" else None

    def _below(self, path: Path) -> str:
        """Return the way to an input below the folder that was given or that its pattern begins with."""
        if path == STDIN:
            return Path(self.options.get("stdin_filename") or "stdin.jsonl").name
        base = next((base for base in self.bases if path.is_relative_to(base)), None)
        return str(path.relative_to(base)) if base is not None else path.name


def _check_targets(shards: Iterator[Shard] | Sequence[Shard]) -> None:
    seen: dict[str, str] = {}
    for shard in shards:
        target = str(shard.target)
        if target in seen:
            both = f"{seen[target]} and {shard.source} would both become {target}"
            raise click.UsageError(f"{both}; quote the pattern, or give the folder")
        seen[target] = shard.source
        if os.path.exists(target) and os.path.samefile(target, shard.source):
            raise click.UsageError(f"{shard.source} would be written over itself; say -i, or another folder")
