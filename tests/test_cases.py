"""Every small case of ``fixtures/cases``, and those of ``fixtures/known-failures``, which must still fail.

A file holds cases, one after the other, with a line ``===`` between them::

    # What the case is about
    level: aggressive
    --- in
    The text as it comes.

    Exit mobile version
    --- out
    The text as it should leave.
    --- removed
    mobile-switch: Exit mobile version

The lines below the title are optional; ``KEYS`` lists them. ``level`` is a level of the verdict, ``url`` says where
the text comes from, ``format`` is ``text`` or ``markdown`` (``auto`` if left out), and ``ends: crlf`` gives both texts
the line ends of Windows. The part ``--- removed`` is optional as well: it lists every line that goes, in order, as
``role: line``; a part of a line is given as it is in the text, without the space around it. An empty part says that nothing
may go.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from scrubber import Cleaner, Settings
from scrubber.model import Level, Report
from scrubber.packs.check import check_packs
from scrubber.packs.find import pack_files

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
KEYS = ("level", "url", "format", "ends")


class Case(NamedTuple):
    """A text before and after, and what was taken out of it (``None``: the case does not say)."""

    name: str
    source: str
    expected: str
    removed: tuple[str, ...] | None
    keys: Mapping[str, str]


def cases(folder: str) -> list[Case]:
    """Return all cases below a folder of fixtures."""
    found = []
    for path in sorted((FIXTURES / folder).glob("*.md")):
        for number, part in enumerate(path.read_text(encoding="utf-8").split("\n===\n"), 1):
            if "--- in\n" in part:
                found.append(read_case(f"{path.stem}-{number}", part))
    return found


def read_case(name: str, part: str) -> Case:
    """Return the case that ``part`` of a file describes."""
    head, _, rest = part.strip("\n").partition("--- in\n")
    source, _, rest = rest.partition("--- out\n")
    expected, has_list, listed = (rest + "\n").partition("--- removed\n")
    title, *lines = head.strip().split("\n")
    keys = {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}
    assert set(keys) <= set(KEYS), f"{name}: unknown key in {sorted(keys)}"
    if keys.get("ends") == "crlf":
        source, expected = source.replace("\n", "\r\n"), expected.replace("\n", "\r\n")
    removed = tuple(line for line in listed.split("\n") if line) if has_list else None
    return Case(f"{name}-{title.strip('# ')}", source, expected, removed, keys)


@cache
def cleaner(level: str) -> Cleaner:
    """Return the cleaner of a level; its rules are compiled once."""
    return Cleaner(Settings(level=Level(level)))


def removed_lines(report: Report) -> tuple[str, ...]:
    """Return ``role: line`` for every line, or part of one, that a report says is gone."""
    return tuple(f"{r.role}: {line.strip()}" for r in report.removals for line in r.text.splitlines() if line.strip())


def check(case: Case) -> None:
    """Assert that a text comes out as its case says, and that nothing is left to do."""
    level, url, text_format = (case.keys.get(k) for k in ("level", "url", "format"))
    cleaned = cleaner(level or "standard").clean(case.source, url=url, text_format=text_format or "auto")
    again = cleaner(level or "standard").clean(cleaned.text, url=url, text_format=text_format or "auto")
    assert not again.report.changed
    assert cleaned.text.rstrip("\r\n") == case.expected.rstrip("\r\n")
    assert case.removed is None or removed_lines(cleaned.report) == case.removed


@pytest.mark.parametrize("case", cases("cases"), ids=lambda c: c.name)
def test_case(case: Case) -> None:
    check(case)


@pytest.mark.parametrize("case", cases("known-failures"), ids=lambda c: c.name)
@pytest.mark.xfail(strict=True, reason="known to be wrong today")
def test_known_failure(case: Case) -> None:
    check(case)


def test_every_rule_holds_its_own_examples() -> None:
    failures = [str(f) for _, found in check_packs(pack_files()) for f in found]
    assert failures == []
