"""SARIF: the shape the schema asks for, places that a reader of lines and columns finds, fixes that make the clean text."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.edits import apply
from scrubber.model import Edit, Report
from scrubber.report.sarif import Sarif, uri_of
from scrubber.report.writers import Told

Maker = Callable[..., Report]


def log(*documents: tuple[str, Report]) -> dict[str, Any]:
    """The log written for documents, parsed."""
    sarif = Sarif("1.2.3")
    written = b"".join(sarif.add(Told(report, text, dict)) for text, report in documents) + sarif.close()
    data: dict[str, Any] = json.loads(written)
    return data


def fixed(text: str, results: list[dict[str, Any]]) -> str:
    """``text`` with every fix made, places taken from lines and columns alone."""
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:i]) for i in range(len(lines) + 1)]
    edits = []
    for result in results:
        for replacement in result["fixes"][0]["artifactChanges"][0]["replacements"]:
            region = replacement["deletedRegion"]
            start = starts[region["startLine"] - 1] + region["startColumn"] - 1
            end = starts[region["endLine"] - 1] + region["endColumn"] - 1
            assert (start, end - start) == (region["charOffset"], region["charLength"])
            edits.append(Edit(start, end, replacement.get("insertedContent", {}).get("text", ""), ""))
    return apply(text, edits)


def test_the_log_has_its_parts(make: Maker) -> None:
    text = "It “rained”.\r\n\r\nShare.\r\nTweet\r\n"
    report = make(text, [Edit(3, 4, '"', "quotes"), Edit(14, 24, "", "core/share/label")], name="a b/ü.txt")
    data = log((text, report), ("", Report("c.txt", errors=("too slow",), refused="too much")))
    assert data["version"] == "2.1.0"
    assert data["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = data["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("scrubber", "1.2.3")
    assert [rule["id"] for rule in driver["rules"]] == ["core/share/label", "normalise/quotes"]
    note, warning = run["results"]
    assert (note["level"], warning["level"]) == ("note", "warning")
    place = warning["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b/%C3%BC.txt"
    region = {"startLine": 3, "startColumn": 1, "endLine": 3, "endColumn": 7, "charOffset": 16, "charLength": 6}
    assert place["region"] == region | {"snippet": {"text": "Share."}}
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    told = [(n["level"], n["message"]["text"]) for n in invocation["toolExecutionNotifications"]]
    assert told == [("error", "too slow"), ("warning", "left unchanged: too much")]


def test_an_empty_run_is_a_log() -> None:
    assert log()["runs"][0]["results"] == []
    assert log(("clean", Report()))["runs"][0]["invocations"][0]["executionSuccessful"] is True


def test_fingerprints_tell_like_lines_apart_and_stay_when_lines_move(make: Maker) -> None:
    edits = [Edit(0, 6, "", "core/share/x"), Edit(6, 12, "", "core/share/x")]
    first = log(("Share\nShare\n", make("Share\nShare\n", edits)))["runs"][0]["results"]
    moved_edits = [e._replace(start=e.start + 5, end=e.end + 5) for e in edits]
    moved = log(("Much\nShare\nShare\n", make("Much\nShare\nShare\n", moved_edits)))["runs"][0]["results"]
    prints = [r["partialFingerprints"]["scrubberLine/v1"] for r in first]
    assert len(set(prints)) == 2
    assert prints == [r["partialFingerprints"]["scrubberLine/v1"] for r in moved]


@pytest.mark.parametrize(("name", "uri"), [("/a/b c.md", "file:///a/b%20c.md"), ("x#y.md", "x%23y.md"), ("", "-")])
def test_uris(name: str, uri: str) -> None:
    assert uri_of(name) == uri


@given(text=st.text(alphabet="ab \n\r\u2028𝒳“", max_size=40), data=st.data())
def test_fixes_make_the_clean_text(make: Maker, text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    edits = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        new = data.draw(st.sampled_from(["", '"', "x\n"]))
        if text[start:end] != new:
            edits.append(Edit(start, end, new, "quotes" if new else "core/share/x"))
    results = log((text, make(text, edits)))["runs"][0]["results"]
    assert fixed(text, results) == apply(text, edits)
