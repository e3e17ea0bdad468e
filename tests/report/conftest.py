"""Reports made from plain edits, so that no test here needs rules or normalisers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from scrubber.edits import places
from scrubber.model import Edit, Removal, Report, Rewrite

Maker = Callable[..., Report]


def made(source: str, edits: Sequence[Edit], name: str = "a.txt", why: str = "It is a label.") -> Report:
    """Return the report of ``edits``: removals are those whose cause has a slash, like a rule id."""
    removals, rewrites = [], []
    for edit, out in zip(edits, places(edits), strict=True):
        old = source[edit.start : edit.end]
        seen = edit.start + (len(old) - len(old.lstrip()) if "/" in edit.cause and old.strip() else 0)
        line = source.count("\n", 0, seen) + 1
        column = seen - source.rfind("\n", 0, seen)
        if "/" in edit.cause:
            role = edit.cause.split("/")[1]
            at = (edit.start, edit.end, line, column)
            removals.append(Removal((edit.cause,), role, why, *at, old, out, 2.5))
        else:
            rewrites.append(Rewrite(edit.cause, edit.start, edit.end, line, column, old, edit.new, out))
    return Report(name, "", "text", tuple(removals), tuple(rewrites), characters=len(source))


@pytest.fixture(scope="session")
def make() -> Maker:
    """The function that makes a report of a source and edits."""
    return made
