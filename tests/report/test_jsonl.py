"""What is written can be read; what was tampered with is refused, with its line."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.errors import RecordError
from scrubber.model import Edit, Report, Rewrite, Term
from scrubber.report.jsonl import header, lines, read

Maker = Callable[..., Report]
ABOUT: dict[str, Any] = {
    "encoding": "utf-8",
    "bom": b"\xef\xbb\xbf",
    "sha256_in": "a" * 64,
    "sha256_out": "b" * 64,
}
TEXT = "It rained — “twice”.\n\nShare.\nExit\n"
EDITS = [Edit(12, 13, '"', "quotes"), Edit(18, 19, '"', "quotes"), Edit(21, 29, "", "core/share/label")]


@pytest.fixture
def written(make: Maker) -> list[bytes]:
    return list(lines(make(TEXT, EDITS), **ABOUT))


def test_header(make: Maker) -> None:
    report = make(TEXT, EDITS)
    assert header(report, **ABOUT, rules="f00", settings={"quotes": "straight"}) == {
        "type": "document",
        "name": "a.txt",
        "url": "",
        "format": "text",
        "characters": 34,
        "encoding": "utf-8",
        "bom": "efbbbf",
        "decode_errors": "strict",
        "sha256_in": "a" * 64,
        "sha256_out": "b" * 64,
        "rules": "f00",
        "settings": {"quotes": "straight"},
        "removals": 1,
        "rewrites": 2,
        "notes": [],
        "errors": [],
        "refused": "",
    }


def test_records(written: list[bytes]) -> None:
    records = [json.loads(line) for line in written]
    assert [r["type"] for r in records] == ["document", "rewrite", "rewrite", "removal"]
    assert records[1] == {
        "type": "rewrite",
        "file": "a.txt",
        "line": 1,
        "column": 13,
        "start": 12,
        "end": 13,
        "out": 12,
        "normaliser": "quotes",
        "old": "“",
        "new": '"',
    }
    assert records[3] == {
        "type": "removal",
        "file": "a.txt",
        "line": 3,
        "column": 1,
        "start": 21,
        "end": 29,
        "out": 21,
        "rules": ["core/share/label"],
        "role": "share",
        "reason": "It is a label.",
        "evidence": 2.5,
        "terms": [],
        "text": "\nShare.\n",
    }


def test_lines_are_compact_utf8(written: list[bytes]) -> None:
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 and b": " not in line for line in written)
    assert "“".encode() in written[1]


def test_round_trip(make: Maker, written: list[bytes]) -> None:
    entries = list(read(io.BytesIO(b"".join(written) * 2)))
    assert [e.report for e in entries] == [make(TEXT, EDITS)] * 2
    assert (entries[0].bom, entries[0].encoding, entries[0].decode_errors) == (
        b"\xef\xbb\xbf",
        "utf-8",
        "strict",
    )


def test_everything_survives(make: Maker) -> None:
    report = make("a\udcffb“\n", [Edit(0, 2, "", "core/share/x"), Edit(3, 4, '"', "quotes")])
    removal = report.removals[0]
    terms = (Term("certain", 4.5), Term("head", -0.25))
    full = Report(
        "naïve\udc80.txt",
        "https://example.com/é",
        "markdown",
        (removal._replace(rules=("core/share/x", "core/follow/y"), reason="Because — so.", terms=terms),),
        report.rewrites,
        ("noted",),
        ("slow rule",),
        "",
        5,
    )
    written = list(lines(full, **ABOUT, rules="f00", settings={"level": "strict", "tabs": 4}))
    assert b"\\udcff" in written[1]
    (entry,) = read(written)
    assert entry.report == full
    assert (entry.rules, entry.settings) == ("f00", {"level": "strict", "tabs": 4})


@given(st.text(st.characters(exclude_categories=()), min_size=1), st.sampled_from(["", "x", "\udcfe"]))
def test_any_text(old: str, new: str) -> None:
    report = Report("a", rewrites=(Rewrite("quotes", 0, len(old), 1, 1, old, new, 0),), characters=len(old))
    raw = [json.loads(line) for line in lines(report, **ABOUT)]
    assert raw[1]["old"].encode("utf-16", "surrogatepass") == old.encode("utf-16", "surrogatepass")


def changed(written: list[bytes], number: int, **values: object) -> list[bytes]:
    """Return the report with values of line ``number`` replaced; None takes a key away."""
    record = {k: v for k, v in (json.loads(written[number]) | values).items() if v is not None}
    return [*written[:number], json.dumps(record).encode() + b"\n", *written[number + 1 :]]


@pytest.mark.parametrize(
    ("number", "values", "told"),
    [
        (1, {"old": None}, ':2: "old" is missing'),
        (1, {"old": 7}, ':2: "old" is not a string'),
        (1, {"start": "12"}, ':2: "start" is not a whole number'),
        (1, {"start": -1}, ':2: "start" is not a whole number from 0 up'),
        (1, {"start": True}, ':2: "start" is not a whole number from 0 up'),
        (1, {"old": "“”"}, ":2: 2 characters of text for a range of 1"),
        (1, {"out": 13}, ':2: "out" is 13, but the changes before it put it at 12'),
        (2, {"start": 12, "end": 13}, ":3: starts at 12, before the last change ended (13)"),
        (2, {"type": "guess"}, ':3: unknown type "guess"'),
        (3, {"rules": []}, ':4: "rules" is empty'),
        (3, {"rules": [1]}, ':4: "rules" is not a list of strings'),
        (3, {"terms": [["x"]]}, ':4: "terms" or "evidence" has no number'),
        (0, {"bom": "xyz"}, ':1: "bom" is not hexadecimal'),
        (0, {"rewrites": 3}, ":1: 3 rewrites announced, 2 found"),
        (0, {"sha256_out": None}, ':1: "sha256_out" is missing'),
    ],
)
def test_what_is_refused(written: list[bytes], number: int, values: dict[str, object], told: str) -> None:
    with pytest.raises(RecordError) as caught:
        list(read(changed(written, number, **values), "r.jsonl"))
    assert told in str(caught.value)
    assert str(caught.value).startswith("r.jsonl:")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'{"type":"removal"}\n', "r.jsonl:1: a change before any document"),
        (b"\n{\n", "r.jsonl:2: no JSON"),
        (b"\xff\n", "r.jsonl:1: no JSON"),
        (b"[]\n", "r.jsonl:1: not a JSON object"),
        (b"{}\n", 'r.jsonl:1: "type" is missing'),
    ],
)
def test_what_is_no_report(data: bytes, told: str) -> None:
    with pytest.raises(RecordError) as caught:
        list(read(io.BytesIO(data), "r.jsonl"))
    assert str(caught.value).startswith(told)


def test_a_report_cut_short(written: list[bytes]) -> None:
    with pytest.raises(RecordError, match="1 removals announced, 0 found"):
        list(read(written[:-1]))


def test_an_empty_report() -> None:
    assert list(read(io.BytesIO(b""))) == []
