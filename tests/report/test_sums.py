"""Summaries: they add up to the reports, whatever the order, and every form shows the same numbers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

from scrubber.model import Edit, Report
from scrubber.report import sums
from scrubber.report.sums import NUMBERS, OTHERS, TABLES, Row, Summary
from scrubber.report.tables import as_csv, as_json, markdown, table

Maker = Callable[..., Report]
TEXT = "It rained.\n\nShare.\nTweet\n\nHe said “no”.\nLike"
EDITS = [
    Edit(11, 19, "", "core/share/label"),
    Edit(19, 25, "", "core/share/tweet"),
    Edit(34, 35, '"', "quotes"),
    Edit(37, 38, '"', "quotes"),
    Edit(39, 44, "", "core/like/like"),
]


@pytest.fixture
def one(make: Maker) -> Summary:
    return Summary.of(make(TEXT, EDITS), "a.example", "en", {("a.example", "Top {n}"): 2})


def test_one_document(one: Summary) -> None:
    assert [getattr(one, name) for name in NUMBERS] == [1, 1, 0, 0, len(TEXT), 3, 19, 2, 2]
    assert one.roles == {"share": Row(1, 1, 2, 14), "like": Row(1, 1, 1, 5)}
    assert one.rules["core/share/label"] == Row(1, 1, 1, 8)
    assert one.normalisers == {"quotes": Row(1, 1, 2, 2)}
    assert one.hosts == {"a.example": Row(1, 1, 3, 19)}
    assert one.languages == {"en": Row(1, 1, 3, 19)}


def test_summaries_add_up_in_any_order(one: Summary, make: Maker) -> None:
    other = Summary.of(make(TEXT, EDITS[:1]), "b.example", "en")
    none = Summary.of(Report(refused="too much"), "b.example", "de")
    total = one + other + none
    assert total == none + (other + one)
    assert Summary() + total == total
    assert (total.documents, total.changed, total.refused) == (3, 2, 1)
    assert total.hosts == {"a.example": Row(1, 1, 3, 19), "b.example": Row(2, 1, 1, 8)}
    for name in ("roles", "rules", "hosts", "languages"):
        rows = getattr(total, name).values()
        assert sum(row.changes for row in rows) == total.removals, name
        assert sum(row.characters for row in rows) == total.removed, name
    assert (one + one).lines == {("a.example", "Top {n}"): 4}


def test_too_many_hosts_become_others_and_still_add_up(monkeypatch: pytest.MonkeyPatch, make: Maker) -> None:
    monkeypatch.setattr(sums, "HOSTS_MOST", 4)
    monkeypatch.setattr(sums, "LINES_MOST", 4)
    total = Summary()
    for i in range(9):
        report = make(TEXT, EDITS) if i == 3 else Report()
        total += Summary.of(report, f"h{i}", lines={(f"h{i}", "x"): i})
    assert len(total.hosts) <= 5
    assert total.hosts["h3"] == Row(1, 1, 3, 19)
    assert total.hosts[OTHERS].documents > 1
    assert sum(row.documents for row in total.hosts.values()) == 9
    assert len(total.lines) <= 4
    assert total.lines["h8", "x"] == 8


def test_every_form_holds_the_same_numbers(one: Summary) -> None:
    total = one + one
    data = json.loads(as_json(total))
    assert {name: data[name] for name in NUMBERS} == {name: getattr(total, name) for name in NUMBERS}
    rows = list(csv.DictReader(io.StringIO(as_csv(total))))
    kinds = {"role": "roles", "rule": "rules", "normaliser": "normalisers", "host": "hosts", "language": "languages"}
    for row in rows:
        if row["kind"] in kinds:
            told = data[kinds[row["kind"]]][row["name"]]
            assert told == {key: int(row[key]) for key in Row._fields}
    assert {row["kind"] for row in rows} == {*kinds, "total", "line"}
    assert set(kinds.values()) == set(TABLES)
    for line in ("core/share/label        2         2          16", "a.example          2        2         6          38"):
        assert line in table(total)
    assert "| core/share/label | 2 | 2 | 16 |" in markdown(total)
    assert "Top {n}" in table(total)
    assert "Top {n}" in markdown(total)


def test_a_table_is_cut_and_says_so(make: Maker) -> None:
    total = Summary()
    for i in range(30):
        total += Summary.of(make(TEXT, [Edit(11, 19, "", f"core/r{i}/x")]))
    assert "(20 more)" in table(total)
    assert len(json.loads(as_json(total))["rules"]) == 30
    assert "host" not in table(total)


def test_markdown_stays_a_table(make: Maker) -> None:
    told = markdown(Summary.of(Report(), "h", lines={("h", "a | b <img>"): 3}))
    assert "| 3 | h | a \\| b &lt;img> |" in told


def test_nothing_at_all() -> None:
    assert table(Summary()) == "0 documents, 0 changed; 0 removals (0 characters); 0 rewrites (0 characters)\n"
