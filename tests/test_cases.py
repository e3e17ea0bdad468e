"""Every small case of ``fixtures/cases``, and those of ``fixtures/known-failures``, which must still fail."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from scrubber import clean
from scrubber.packs.check import check_packs
from scrubber.packs.find import pack_files

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


class Case(NamedTuple):
    """A text before and after."""

    name: str
    source: str
    expected: str


def cases(folder: str) -> list[Case]:
    """All cases below a folder of fixtures."""
    found = []
    for path in sorted((FIXTURES / folder).glob("*.md")):
        for number, part in enumerate(path.read_text(encoding="utf-8").split("\n===\n"), 1):
            if "--- in\n" not in part:
                continue
            title, _, rest = part.strip("\n").partition("--- in\n")
            source, _, expected = rest.partition("--- out\n")
            expected = expected.partition("--- removed\n")[0]
            found.append(Case(f"{path.stem}-{number}-" + title.strip("# \n"), source, expected))
    return found


@pytest.mark.parametrize("case", cases("cases"), ids=lambda c: c.name)
def test_case(case: Case) -> None:
    assert clean(case.source).text.rstrip("\n") == case.expected.rstrip("\n")


@pytest.mark.parametrize("case", cases("known-failures"), ids=lambda c: c.name)
@pytest.mark.xfail(strict=True, reason="known to be wrong today")
def test_known_failure(case: Case) -> None:
    assert clean(case.source).text.rstrip("\n") == case.expected.rstrip("\n")


def test_every_rule_holds_its_own_examples() -> None:
    failures = [str(f) for _, found in check_packs(pack_files()) for f in found]
    assert failures == []
