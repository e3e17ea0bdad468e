"""Reports as GitHub annotations: one for every removal, one a file for its rewrites, and the sums at the end.

The format: workflow commands (https://docs.github.com/actions/reference/workflow-commands-for-github-actions). GitHub shows
only some of a step's annotations, so removals and problems come as warnings and errors, rewrites as notices.
"""

from __future__ import annotations

from collections.abc import Iterator

from scrubber.model import Removal, Report
from scrubber.report.sarif import excerpt
from scrubber.report.summary import Totals, counted, ranked, told_in_full
from scrubber.report.writers import Told


class Github:
    """Annotations as documents come, the sums last."""

    def __init__(self) -> None:
        self._total = Totals()

    def add(self, told: Told) -> bytes:
        """Return the annotations of a document."""
        self._total += Totals.of(told.report)
        return "".join(f"{line}\n" for line in _annotations(told.report)).encode("utf-8", "backslashreplace")

    def close(self) -> bytes:
        """Return the sums as a notice without a place."""
        return f"::notice title=scrubber::{_data(told_in_full(self._total))}\n".encode()


def _annotations(report: Report) -> Iterator[str]:
    for error in report.errors:
        yield _command("error", {"file": report.name, "title": "scrubber"}, error)
    if report.refused:
        yield _command("warning", {"file": report.name, "title": "scrubber"}, f"left unchanged: {report.refused}")
    for removal in report.removals:
        yield _command("warning", _place(report.name, removal), f"{excerpt(removal.text)} ({removal.reason})")
    if report.rewrites:
        total = Totals.of(report)
        place = {"file": report.name, "line": str(report.rewrites[0].line), "title": "scrubber: rewrites"}
        yield _command("notice", place, f"{counted(total.rewritten, 'character')} rewritten: {ranked(total.normalisers)}")


def _place(name: str, removal: Removal) -> dict[str, str]:
    shown = removal.text.strip("\r\n \t")
    last = removal.line + shown.count("\n")
    place = {"file": name, "line": str(removal.line), "endLine": str(last)}
    if last == removal.line:
        place |= {"col": str(removal.column), "endColumn": str(removal.column + max(len(shown), 1))}
    return {**place, "title": f"scrubber: {removal.rules[0]}"}


def _command(name: str, properties: dict[str, str], message: str) -> str:
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {told}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
