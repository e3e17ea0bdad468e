"""``extract`` on dumps: a whole page as text, its tags lost."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from scrubber.cli.main import cli
from scrubber.edits import apply, edits_of
from scrubber.extract import Extractor
from scrubber.structure.dump_features import columns, matrix
from scrubber.structure.lines import FAR, Lines, mass, runs, shift, since, until, window

STORY = [
    "The old quay at Lower Marsh was built of oak in 1742, and for most of its life nobody gave it a thought, because "
    "there was always another boat to load and another tide to catch before dark.",
    "When the harbour board closed the ferry last spring, the carpenters who had mended it for forty years were asked to "
    "take it apart. They refused, politely, and went on mending it instead.",
    "“You do not throw away a thing that still carries weight,” said Marta Olsen, who learned the trade from her father "
    "and keeps his tools in a box under the bench. “You ask it what it needs, and then you do that.”",
    "By the end of August they had replaced eleven of the sixty piles, all by hand, and the board had changed its mind. "
    "The ferry will run again on Sundays, with a bell that the school has cast for it.",
    "Nobody in the village expects much trade from it. They expect to cross the water without walking nine miles around, "
    "which is what their grandparents expected too, and what the quay was for.",
]
TOP = "Marsh Courier|Skip to content|Home|News|Sport|Weather|Jobs|Subscribe|Log in|Search|Menu".split("|")
END = (
    "Share this article|Facebook|Twitter|WhatsApp|Related articles|Ten knots for winter|The bell of St Anne|"
    "Why the dredger left|Most read|Storm closes the bridge|Council votes on parking|Newsletter|Sign up|"
    "About us|Contact|Advertise with us|Privacy policy|Terms of use|Cookie settings|"
    "© 2026 Marsh Courier Ltd. All rights reserved."
).split("|")
DUMP = "\n".join([*TOP, *STORY, *END]) + "\n"
URL = "https://courier.example/news/old-quay"


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def test_prose_stays_and_the_rest_goes(extractor: Extractor) -> None:
    found = extractor.dump(DUMP, URL, "quay")
    assert found.text == "\n".join(STORY).replace("“", '"').replace("”", '"') + "\n"
    assert found.confidence > 0.8
    assert found.metadata.url == URL


def test_the_report_tells_every_line(extractor: Extractor) -> None:
    found = extractor.dump(DUMP, URL)
    assert apply(DUMP, edits_of(found.report)) == found.text
    gone = {r.text.strip("\n"): r for r in found.report.removals}
    assert set(gone) == {*TOP, *END}
    assert "above it" in gone["Weather"].reason
    assert "below it" in gone["Newsletter"].reason
    assert "known to the rules (share)" in gone["Share this article"].reason
    assert gone["Weather"].line == TOP.index("Weather") + 1
    assert sum(len(r.text) for r in found.report.removals) + sum(map(len, STORY)) + len(STORY) == len(DUMP)


def test_without_rules_prose_stays_and_less_goes(extractor: Extractor) -> None:
    found = Extractor(rules=False).dump(DUMP)
    left = set(found.text.split("\n"))
    assert set(STORY) <= left
    assert not left & {"Home", "Privacy policy", "Terms of use", END[-1]}
    assert len(extractor.dump(DUMP).text) <= len(found.text) < len(DUMP)


@pytest.mark.parametrize(
    "text", ["", "\n\n \t\n", "Home", "Home\nNews\n", "\0", "a\r\nb\r\n", "\ud800", "¶" * 5000, "word " * 9000]
)
def test_whatever_comes_is_answered(extractor: Extractor, text: str) -> None:
    found = extractor.dump(text)
    assert apply(text, edits_of(found.report)) == found.text


def test_nothing_to_keep_is_said(extractor: Extractor) -> None:
    found = extractor.dump("Home\nNews\nSport\n")
    assert (found.text, found.report.notes) == ("", ("no main content found",))


def test_prose_alone_stays_whole(extractor: Extractor) -> None:
    text = "\n\n".join(STORY).replace("“", '"').replace("”", '"') + "\n"
    assert extractor.dump(text).text == text


def test_command(tmp_path: Path) -> None:
    path, report = tmp_path / "dump.txt", tmp_path / "r.jsonl"
    path.write_text(DUMP, encoding="utf-8")
    run = CliRunner().invoke(cli, ["extract", str(path), "--url", URL, "--report", str(report)])
    assert run.output.startswith("The old quay")
    assert run.output.count("\n") == len(STORY)
    rows = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert any(row.get("rules") == ["structure/main-content"] for row in rows)
    piped = CliRunner().invoke(cli, ["extract", "--url", URL], input=DUMP)
    assert piped.output == run.output, "nothing in it looks like a tag"
    shown = CliRunner().invoke(cli, ["extract", str(path), "--diff", "--color", "never"])
    assert "not main content" in shown.output
    told = json.loads(CliRunner().invoke(cli, ["extract", str(path), "--to", "json"]).output)
    assert told["text"].startswith("The old quay")
    assert 0 < told["confidence"] <= 1
    wrong = CliRunner().invoke(cli, ["extract", str(path), "--to", "html"])
    assert "a dump has no tags" in wrong.output


def test_a_page_is_still_a_page(tmp_path: Path) -> None:
    page = "<div><h1>Quay</h1>" + "".join(f"<p>{p}</p>" for p in STORY) + "</div>"
    assert "# Quay" in CliRunner().invoke(cli, ["extract"], input=page).output
    plain = CliRunner().invoke(cli, ["extract", "--text-format", "text"], input=page.replace("</p>", "</p>\n"))
    assert "<p>" in plain.output


def test_records(tmp_path: Path) -> None:
    page = "<html><body>" + "".join(f"<p>{p}</p>" for p in STORY) + "</body></html>"
    rows = [{"id": 1, "url": URL, "text": DUMP, "n": 1.50}, {"id": 2, "html": page, "text": "old"}, {"id": 3}]
    source = "".join(json.dumps(row) + "\n" for row in rows)
    run = CliRunner().invoke(cli, ["extract", "--format", "jsonl"], input=source, standalone_mode=False)
    dump, of_page, bare = [json.loads(line) for line in run.stdout.splitlines()]
    assert list(dump) == ["id", "url", "text", "n", "confidence"]
    assert dump["text"].startswith("The old quay")
    assert dump["text"].count("\n") == len(STORY)
    assert of_page["text"].startswith("The old quay")
    assert bare == {"id": 3}
    assert run.return_value == 2
    assert 'field "html" is missing' in run.stderr
    only = CliRunner().invoke(cli, ["extract", "--format", "jsonl", "--text-format", "text", "--text-field", "body.raw"],
                              input=json.dumps({"body": {"raw": DUMP}, "html": page}) + "\n")  # fmt: skip
    out = json.loads(only.stdout)
    assert out["body"]["raw"] == dump["text"]
    assert out["html"] == page


def test_lines() -> None:
    lines = Lines.of("\n one\n\n\ntwo\r\n \nthree")
    assert lines.texts == [" one", "two\r", "three"]
    assert lines.numbers.tolist() == [1, 4, 6]
    assert lines.blanks.tolist() == [1, 2, 1]


@given(st.lists(st.sampled_from(["", " ", "a", "b c", "\r"]), max_size=9), st.data())
def test_what_is_left_out_and_what_stays_make_the_text(rows: list[str], data: st.DataObject) -> None:
    lines = Lines.of("\n".join(rows))
    keep = np.array([data.draw(st.booleans()) for _ in lines.starts], bool)
    cuts = list(lines.without(keep))
    assert [i for i, _, _ in cuts] == np.flatnonzero(~keep).tolist()
    flat = [at for _, start, end in cuts for at in (start, end)]
    assert flat == sorted(flat)
    left = lines.text
    for _, start, end in reversed(cuts):
        left = left[:start] + left[end:]
    kept = [text for text, stays in zip(lines.texts, keep, strict=True) if stays]
    assert [line for line in left.split("\n") if line.strip()] == kept


def test_figures_of_lines_around() -> None:
    values, mask = np.array([1.0, 2, 3, 4]), np.array([False, True, True, False])
    assert window(values, 1, 1).tolist() == [3, 6, 9, 7]
    assert window(values, 2, -1).tolist() == [0, 1, 3, 5]
    assert shift(values, 1).tolist() == [2, 3, 4, -1]
    assert shift(values, -2).tolist() == [-1, -1, 1, 2]
    assert since(mask).tolist() == [FAR, 0, 0, 1]
    assert until(mask).tolist() == [1, 0, 0, FAR]
    assert [part.tolist() for part in runs(mask)] == [[0, 1, 1, 2], [1, 2, 1]]
    assert mass(np.array([0, 1.0, 0]), 0.5).tolist() == [0.5, 1, 0.5]


def test_every_feature_has_one_figure_a_line() -> None:
    lines = Lines.of(DUMP)
    table = columns(lines, {}, URL)
    assert {len(values) for values in table.values()} == {len(lines.starts)}
    assert np.isfinite(matrix(lines, {}, URL)).all()
    assert table["words"][0] == 2
    assert table["stops"][len(TOP)] == 1
    assert table["prose"].nonzero()[0].tolist() == list(range(len(TOP), len(TOP) + len(STORY)))
