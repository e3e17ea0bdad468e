"""What a call of ``clean`` asks for, checked once."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

import click

from scrubber.cleaner import Cleaner
from scrubber.cli.options import fields_of
from scrubber.containers.kinds import PAGE_SUFFIXES, Kind, kind_of_name, suffixes_of
from scrubber.files import SUFFIXES
from scrubber.model import Settings
from scrubber.run import Fields, Request
from scrubber.scale.tools import cleaner

STDIN = Path("-")


class Plan:
    """Inputs, outputs and mode of one run; ``cleaner_for`` compiles each set of settings once."""

    def __init__(self, options: dict[str, Any], given: dict[str, Any], mode: str) -> None:
        self.options = options
        self.given = given
        self.mode = mode
        self.inputs: list[Path] = []
        self.bases: list[Path] = []
        """Folders that were given, or that a pattern begins with; outputs in a folder keep the way below these."""
        self.cleaners: dict[Settings, Cleaner] = {}
        self.silenced: set[str] = set()

    @classmethod
    def of(cls, options: dict[str, Any], given: dict[str, Any]) -> Plan:
        """Return the plan for the options. Raises ``click.UsageError`` for what does not go together."""
        modes = [m for m in ("in_place", "output", "check", "diff", "patch") if options[m]]
        if len(modes) > 1 and set(modes) != {"check", "diff"}:
            names = " and ".join("--" + m.replace("_", "-") for m in modes)
            raise click.UsageError(f"{names} do not go together")
        mode = ("diff" if "diff" in modes else modes[0]) if modes else "stream"
        plan = cls(options, given, mode)
        plan.inputs = list(plan._inputs())
        if mode == "in_place" and STDIN in plan.inputs:
            raise click.UsageError("standard input cannot be rewritten in place; leave out -i")
        many = len(plan.inputs) > 1 or any(p.is_dir() for p in options["paths"])
        if mode == "output" and (many or names_folder(options["output"])):
            plan.mode = "folder"
        if many and mode == "stream":
            raise click.UsageError(
                f"{len(plan.inputs)} files for one output; say -i to rewrite them, -o FOLDER/ to keep them, "
                "or --check, --diff, --patch to look"
            )
        return plan

    def _inputs(self) -> Iterator[Path]:
        options = self.options
        paths: list[Path] = list(options["paths"])
        if options["files_from"]:
            paths += self._names(options["files_from"])
            if not paths:
                return
        if not paths:
            if sys.stdin is None or sys.stdin.isatty():
                raise click.UsageError("nothing to clean: give a file, or pipe text in (scrubber --help)")
            paths = [STDIN]
        paths, self.bases = globbed(paths)
        for path in paths:
            if path != STDIN and not path.exists() and not path.is_symlink():
                near = _near_command(path.name)
                raise click.UsageError(f"{path}: no such file or folder{near}")
        if paths == [STDIN]:
            yield STDIN
            return
        yield from self._expanded(paths)

    def _names(self, source: Path) -> list[Path]:
        from scrubber.files import read_names

        if source == STDIN:
            return [Path(n) for n in read_names(sys.stdin.buffer, self.options["null"])]
        with open(source, "rb") as handle:
            return [Path(n) for n in read_names(handle, self.options["null"])]

    def _expanded(self, paths: list[Path]) -> Iterator[Path]:
        from scrubber.files import expand

        if all(p == STDIN or p.is_file() for p in paths) and not self.options["force_exclude"]:
            yield from dict.fromkeys(paths)
            return
        loaded = self.loaded(Path.cwd())
        yield from expand(
            paths,
            exclude=(*loaded.exclude, *self.options["exclude"]),
            respect_gitignore=loaded.respect_gitignore and not self.options["no_ignore"],
            force_exclude=self.options["force_exclude"],
            suffixes=self._suffixes(),
        )

    def _suffixes(self) -> tuple[str, ...]:
        """Return what the names of files in folders end in: those of one kind, or all kinds into a new folder."""
        container = self.options["container"]
        if container not in ("auto", "text"):
            return suffixes_of((Kind(container),))
        rewritten = self.mode not in ("output", "folder")
        return SUFFIXES if container == "text" or rewritten else (*SUFFIXES, *PAGE_SUFFIXES, *suffixes_of(tuple(Kind)))

    def kind_of(self, path: Path) -> Kind:
        """Return what the user or the name says that a file holds."""
        container = self.options["container"]
        if container != "auto":
            return Kind(container)
        return kind_of_name(self.options["stdin_filename"] if path == STDIN else path.name)

    def loaded(self, path: Path | None) -> Any:
        """Return the settings files' say for ``path``."""
        from scrubber.settings import load

        return load(self.options["config"], path, self.options["isolated"])

    def settings_for(self, path: Path | None) -> Settings:
        """Return the settings for a file: its closest settings file, then the command line."""
        from scrubber.settings import override

        loaded = self.loaded(path)
        settings = override(loaded.settings, self.given)
        if path is not None and loaded.per_file:
            off = tuple(i for ids in loaded.off_in(path).values() for i in ids)
            settings = settings._replace(disable=(*settings.disable, *off))
        return settings

    def idle_ignores(self) -> list[str]:
        """Return what per-file ignores of the settings file here never had a rule to silence, after a run."""
        silenced = self.silenced.union(*(c.engine.selected.silenced for c in self.cleaners.values()))
        rows = self.loaded(Path.cwd()).per_file
        return [f'unused per-file ignore "{i}" for "{glob}"' for _, glob, ids in rows for i in ids if i not in silenced]

    def cleaner_for(self, path: Path | None) -> Cleaner:
        """Return the cleaner for a file; files with the same settings share one."""
        settings = self.settings_for(path)
        if settings not in self.cleaners:
            self.cleaners[settings] = cleaner(settings)
        return self.cleaners[settings]

    def about(self, path: Path | None) -> dict[str, Any]:
        """Return what a report's header says of rules and settings."""
        from scrubber.settings import as_json

        cleaner = self.cleaner_for(path)
        return {"rules": cleaner.library.digest, "settings": as_json(cleaner.settings)}

    @property
    def request(self) -> Request:
        """What to do with each document."""
        return Request(self.options["text_format"], self.options["encoding"], self.options["url"])

    @property
    def fields(self) -> Fields:
        """The fields of a record."""
        return fields_of(self.options)


def names_folder(output: str) -> bool:
    """Return whether an output is meant as a folder: it is one, or its name ends in a slash."""
    return output.endswith(("/", os.sep)) or Path(output).is_dir()


def globbed(paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Return the paths with patterns replaced by what they match, and the folders that outputs are relative to."""
    found: list[Path] = []
    bases: list[Path] = []
    for path in paths:
        if not _is_pattern(str(path)) or path.exists():
            bases += [path] if path.is_dir() else []
            found.append(path)
            continue
        from glob import glob

        bases.append(Path(*takewhile(lambda part: not _is_pattern(part), path.parts)))
        found += [Path(p) for p in sorted(glob(str(path), recursive=True))] or [path]
    return found, bases


def _is_pattern(name: str) -> bool:
    return any(mark in name for mark in "*?[")


def _near_command(word: str) -> str:
    from difflib import get_close_matches

    from scrubber.cli.main import COMMANDS

    near = get_close_matches(word, COMMANDS, 1, 0.75)
    return f' (did you mean the command "{near[0]}"?)' if near else ""


def read_input(path: Path) -> bytes:
    """Return the bytes of a file, or of standard input for ``-``."""
    return sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
