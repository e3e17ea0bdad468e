"""Sums of reports: they add up, and they read well."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scrubber.model import Edit, Removal, Report
from scrubber.report.summary import Totals, is_part, ranked, summary

Maker = Callable[..., Report]

TEXT = "It rained.\n\nShare.\nTweet\n\nSign up\nHe said “no”.  And so on. Share Tweet\nLike"
EDITS = [
    Edit(11, 19, "", "core/share/label"),
    Edit(19, 25, "", "core/share/tweet"),
    Edit(26, 34, "", "core/newsletter/signup"),
    Edit(42, 43, '"', "quotes"),
    Edit(45, 46, '"', "quotes"),
    Edit(47, 49, " ", "spaces"),
    Edit(59, 71, "", "core/share/glued"),
    Edit(71, 76, "", "core/like/like"),
]


@pytest.fixture
def report(make: Maker) -> Report:
    return make(TEXT, EDITS)


def test_one_document(report: Report) -> None:
    assert summary([report]) == (
        "removed 4 lines and 1 part of a line in 1 document: share 3, like 1, newsletter 1; "
        "rewrote 4 characters: quotes 2, spaces 2"
    )


def test_totals_add_up(report: Report) -> None:
    total = Totals.of(report)
    assert (total.lines, total.parts, total.rewritten) == (4, 1, 4)
    assert sum(total.roles.values()) == sum(total.rules.values()) == total.lines + total.parts
    assert sum(total.normalisers.values()) == total.rewritten
    assert total.characters == sum(e.end - e.start for e in EDITS if "/" in e.cause)
    assert Totals.of_all([report, report, report]) == total + total + total
    assert Totals() + total == total
    assert (total + total).rules["core/share/label"] == 2


@pytest.mark.parametrize(
    ("reports", "told"),
    [
        ([], "nothing to clean in 0 documents"),
        ([Report()], "nothing to clean in 1 document"),
        (
            [Report(), Report(refused="too much")],
            "nothing to clean in 2 documents; left 1 document unchanged",
        ),
    ],
)
def test_nothing(reports: list[Report], told: str) -> None:
    assert summary(reports) == told


def test_only_documents_that_change_are_counted(make: Maker) -> None:
    rewritten = make("“a", [Edit(0, 1, '"', "quotes")])
    removed = make("a\nShare\n", [Edit(2, 8, "", "core/share/x")])
    assert summary([rewritten, Report(), rewritten]) == "rewrote 2 characters in 2 documents: quotes 2"
    assert summary([removed, Report()]) == "removed 1 line in 1 document: share 1"


@pytest.mark.parametrize(
    ("text", "start", "end", "part"),
    [
        ("a\nb\nc\n", 2, 4, False),
        ("a\nb", 1, 3, False),
        ("a\r\nb", 1, 4, False),
        ("b", 0, 1, False),
        ("a\nb", 2, 3, False),
        ("a b\n", 1, 3, True),
        ("a b", 1, 3, True),
        ("a b\n", 0, 2, True),
    ],
)
def test_parts_of_lines(make: Maker, text: str, start: int, end: int, part: bool) -> None:
    report = make(text, [Edit(start, end, "", "core/share/x")])
    assert is_part(report.removals[0], len(text)) == part


@pytest.mark.parametrize(
    ("text", "start", "end", "column", "part"),
    [
        ("a\n   b\nc\n", 2, 7, 4, False),  # the column is that of the first visible character
        ("a\n   b", 1, 6, 4, False),
        ("a  \n  b\nc", 1, 7, 3, False),
        ("a   b\n", 1, 5, 5, True),
        ("   b c\n", 0, 4, 4, True),
    ],
)
def test_indented_lines_are_lines(text: str, start: int, end: int, column: int, part: bool) -> None:
    removal = Removal(("core/share/x",), "share", "", start, end, 1, column, text[start:end], start, 1.0)
    assert is_part(removal, len(text)) == part


def test_many_roles_are_cut() -> None:
    told = ranked({f"role-{i:02}": 1000 + i for i in range(20)})
    assert told.startswith("role-19 1,019, role-18 1,018")
    assert told.endswith("role-08 1,008, 8,028 others")
