"""Report formats by name. Each writer gets documents one by one and gives the bytes to write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from scrubber.model import Report

FORMATS = ("jsonl", "sarif", "github", "html")
POINTING = ("sarif", "github")
"""Formats whose places are those of files."""

_SUFFIXES = {".sarif": "sarif", ".html": "html", ".htm": "html"}


class Told(NamedTuple):
    """A document to be told about: its report, its text, and what a header of JSON Lines says, when asked for."""

    report: Report
    text: str
    about: Callable[[], Mapping[str, Any]]


class Writer(Protocol):
    """Makes one report of many documents."""

    def add(self, told: Told) -> bytes:
        """Return what to write for a document."""

    def close(self) -> bytes:
        """Return what to write after the last one."""


class JsonLines:
    """The complete report, from which ``restore`` works."""

    def add(self, told: Told) -> bytes:
        """Return header and records."""
        from scrubber.report.jsonl import lines

        return b"".join(lines(told.report, **told.about()))

    def close(self) -> bytes:
        """Return nothing."""
        return b""


def format_for(path: Path | None, asked: str | None) -> str:
    """Return the format that was asked for, else the one a file's name says, else ``jsonl``."""
    name = path.name.removesuffix(".json") if path else ""
    return asked or _SUFFIXES.get(Path(name).suffix.lower(), "jsonl")


def writer(name: str, version: str) -> Writer:
    """Return a new writer for the format ``name``, one of ``FORMATS``; ``version`` is scrubber's."""
    if name == "sarif":
        from scrubber.report.sarif import Sarif

        return Sarif(version)
    if name == "github":
        from scrubber.report.github import Github

        return Github()
    if name == "html":
        from scrubber.report.html import Html

        return Html()
    return JsonLines()
