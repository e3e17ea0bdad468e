"""Reports, summaries and attributes as the command line writes them, and ``apply``, which makes text of attributes."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

RUN = [sys.executable, "-c", "from scrubber.cli.entry import main; main()"]
PROSE = "The ferry sails again from Monday, with one “boat” in the morning."
DIRTY = f"{PROSE}\n\nShare.\nExit mobile version\n"


def run(*args: str, stdin: bytes | str = b"", cwd: Path | None = None) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of one call."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run([*RUN, *args], input=data, capture_output=True, cwd=cwd, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """A folder with ``a.jsonl``: debris, prose, a blank line, no record, no text, debris again."""
    rows = [
        json.dumps({"id": 1, "url": "https://a.example/1", "text": DIRTY}, ensure_ascii=False),
        '{"id": "b" , "text": "x", "n": 1.0}',
        "",
        "no record",
        '{"id": 5}',
        json.dumps({"url": "https://a.example/2", "text": DIRTY}),
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("word", ["--summary", "--summary=table"])
def test_a_summary_goes_to_standard_error(tmp_path: Path, word: str) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, encoding="utf-8")
    plain = run("clean", "a.txt", cwd=tmp_path)
    status, out, told = run("clean", word, "a.txt", cwd=tmp_path)
    assert (status, out) == plain[:2]
    assert "1 document, 1 changed; 2 removals" in told
    assert "mobile-switch" in told


def test_a_summary_of_records_by_name_of_the_file(records: Path) -> None:
    status, _, told = run("clean", "--format", "jsonl", "a.jsonl", "--summary-file", "s.json", cwd=records)
    assert status == 2
    assert told.count("\n") == 2
    data = json.loads((records / "s.json").read_text(encoding="utf-8"))
    assert (data["documents"], data["changed"], data["removals"]) == (3, 2, 4)
    assert data["hosts"]["a.example"] == {"documents": 2, "changed": 2, "changes": 4, "characters": 56}
    assert (
        run("clean", "--format", "jsonl", "a.jsonl", "-q", "--summary", "csv", cwd=records)[2].count("host,a.example") == 1
    )


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
def test_half_characters_are_told(form: str) -> None:
    feed = '{"text": "Gazette of \\ud83d boats"}\n' * 2
    status, out, told = run("clean", "--format", "jsonl", "--summary", form, "-", stdin=feed)
    assert (status, out) == (0, feed)
    assert "Gazette of" in told


def test_the_form_of_a_report_is_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, encoding="utf-8")
    for name, begins in (
        ("r.sarif", '{"$schema"'),
        ("r.sarif.json", '{"$schema"'),
        ("r.html", "<!doctype"),
        ("r", '{"type"'),
    ):
        assert run("clean", "--check", "a.txt", "--report", name, cwd=tmp_path)[0] == 1
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)
    assert run("clean", "--check", "a.txt", "--report", "r.html", "--report-format", "jsonl", cwd=tmp_path)[0] == 1
    assert (tmp_path / "r.html").read_text(encoding="utf-8").startswith('{"type"')


def test_annotations_go_to_standard_output(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, encoding="utf-8")
    status, out, _ = run("clean", "--check", "-q", "--report-format", "github", "a.txt", cwd=tmp_path)
    assert status == 1
    assert "::warning file=a.txt,line=3,endLine=3,col=1,endColumn=7," in out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--report-format", "sarif", "a.jsonl"), "--report FILE"),
        (("--format", "jsonl", "--report", "r.sarif", "a.jsonl"), "points into files"),
        (("--format", "text", "--attributes", "x", "a.jsonl"), "--format jsonl"),
        (("--format", "jsonl", "--attributes", ".", "a.jsonl"), "take the place of their documents"),
    ],
)
def test_what_does_not_go_together(records: Path, args: tuple[str, ...], message: str) -> None:
    before = (records / "a.jsonl").read_bytes()
    status, _, said = run("clean", *args, cwd=records)
    assert status == 2
    assert message in said
    assert (records / "a.jsonl").read_bytes() == before


@pytest.mark.parametrize("switches", [(), ("--quotes", "keep")])
def test_apply_makes_what_clean_makes(records: Path, switches: tuple[str, ...]) -> None:
    _, cleaned, _ = run("clean", "--format", "jsonl", "a.jsonl", "--attributes", "attributes", *switches, cwd=records)
    rows = (records / "attributes" / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(row)["id"] for row in rows] == [1, "b", None, None, 5, None]
    assert run("apply", "a.jsonl", "attributes", cwd=records) == (0, cleaned, "")
    assert run("apply", "-", "attributes/a.jsonl", stdin=(records / "a.jsonl").read_bytes(), cwd=records)[1] == cleaned
    assert run("apply", "a.jsonl", "attributes", "-o", "c.jsonl", cwd=records) == (0, "", "")
    assert (records / "c.jsonl").read_text(encoding="utf-8") == cleaned


def test_apply_selects(records: Path) -> None:
    run("clean", "--format", "jsonl", "a.jsonl", "--attributes", "attributes", cwd=records)
    status, out, _ = run("apply", "a.jsonl", "attributes", "--select", "scrubber__*/*", cwd=records)
    assert (status, json.loads(out.splitlines()[0])["text"]) == (0, f"{PROSE}\n")
    same = (records / "a.jsonl").read_text(encoding="utf-8")
    assert run("apply", "a.jsonl", "attributes", "--min-score", "1e9", cwd=records)[1] == same
    assert run("apply", "a.jsonl", "attributes", "--select", "nobody__*", cwd=records)[1] == same


def test_apply_refuses_what_does_not_belong_together(records: Path) -> None:
    run("clean", "--format", "jsonl", "a.jsonl", "--attributes", "attributes", cwd=records)
    rows = (records / "attributes" / "a.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    for changed, message in (
        (rows[:-1], "ends before line 6"),
        ([*rows, rows[-1]], "ends before line 7"),
        ([rows[0].replace('"id":1', '"id":2'), *rows[1:]], "id 2, but a.jsonl has 1"),
        ([rows[0].replace("[[", "[[9999,"), *rows[1:]], "inside a text of"),
        (["[]\n", *rows[1:]], "must be a JSON object"),
        (['{"id":1,"attributes":[]}\n', *rows[1:]], '"attributes" is no object'),
    ):
        (records / "bad.jsonl").write_text("".join(changed), encoding="utf-8")
        status, _, said = run("apply", "a.jsonl", "bad.jsonl", "-o", "out.jsonl", cwd=records)
        assert (status, message in said) == (2, True), said
        assert not (records / "out.jsonl").exists()
    (records / "empty").mkdir()
    assert "holds one named like" in run("apply", "a.jsonl", "empty", cwd=records)[2]


def test_compressed_documents_have_compressed_attributes(records: Path) -> None:
    run("clean", "--format", "jsonl", "a.jsonl", "--attributes", "attributes", cwd=records)
    plain = (records / "attributes" / "a.jsonl").read_bytes()
    (records / "attributes" / "a.jsonl.gz").write_bytes(gzip.compress(plain))
    (records / "a.jsonl.gz").write_bytes(gzip.compress((records / "a.jsonl").read_bytes()))
    assert run("apply", "a.jsonl.gz", "attributes", cwd=records) == run("apply", "a.jsonl", "attributes", cwd=records)
