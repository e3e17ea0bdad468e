"""The original comes back byte for byte, or not at all."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.edits import apply, places
from scrubber.errors import RestoreError
from scrubber.model import Edit, Removal, Report, Rewrite
from scrubber.report.jsonl import Entry, lines, read
from scrubber.restore import pick, restore


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def cleaned(
    text: str,
    edits: list[Edit],
    encoding: str = "utf-8",
    bom: bytes = b"",
    errors: str = "strict",
    name: str = "a",
) -> tuple[bytes, bytes, Entry]:
    """Return source, output and the entry for them, which went through a report file."""
    source = bom + text.encode(encoding, errors)
    output = bom + apply(text, edits).encode(encoding, errors)
    removals, rewrites = [], []
    for (start, end, new, cause), out in zip(edits, places(edits), strict=True):
        if new:
            rewrites.append(Rewrite(cause, start, end, 1, 1, text[start:end], new, out))
        else:
            removals.append(Removal((cause,), "share", "", start, end, 1, 1, text[start:end], out, 1.0))
    report = Report(name, removals=tuple(removals), rewrites=tuple(rewrites), characters=len(text))
    about = {"encoding": encoding, "bom": bom, "decode_errors": errors}
    (entry,) = read(list(lines(report, sha256_in=sha256(source), sha256_out=sha256(output), **about)))
    return source, output, entry


TEXT = "It “rained”.\r\n\r\nShare.\r\nEnd"
EDITS = [Edit(3, 4, '"', "quotes"), Edit(10, 11, '"', "quotes"), Edit(14, 24, "", "core/share/x")]


@pytest.mark.parametrize(
    ("encoding", "bom"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("cp1252", b""),
    ],
)
def test_encodings(encoding: str, bom: bytes) -> None:
    source, output, entry = cleaned(TEXT, EDITS, encoding, bom)
    assert output != source
    assert restore(output, entry) == source


@st.composite
def cleanings(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(st.text("ab \r\n“\ufeff\udcff\U0001f600", max_size=60))
    at = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    rows = [
        Edit(start, end, draw(st.sampled_from(["", "", '"', "\n", "long\udcfe"])), "x")
        for start, end in zip(at[::2], at[1::2], strict=False)
    ]
    return text, rows


@given(cleanings())
def test_any_edits(cleaning: tuple[str, list[Edit]]) -> None:
    text, edits = cleaning
    source, output, entry = cleaned(text, edits, errors="surrogateescape")
    assert restore(output, entry) == source


def test_bytes_that_are_no_text() -> None:
    source, output, entry = cleaned("a\udcff “b”", [Edit(3, 4, '"', "q")], errors="surrogateescape")
    assert source.startswith(b"a\xff")
    assert restore(output, entry) == source


def test_unchanged_or_refused() -> None:
    source, output, entry = cleaned("It rained.", [])
    assert restore(output, entry) == source == output


def test_a_text_that_changed() -> None:
    _, output, entry = cleaned(TEXT, EDITS)
    for other in (output + b"\n", output[:-1], b"", output.replace(b"It", b"it")):
        with pytest.raises(RestoreError, match="a: changed since it was cleaned"):
            restore(other, entry)


def test_a_report_that_was_edited() -> None:
    _, output, entry = cleaned(TEXT, EDITS)
    removal = entry.report.removals[0]._replace(text="\r\nShame.\r\n")
    with pytest.raises(RestoreError, match="does not lead back"):
        restore(output, replace(entry, report=entry.report._replace(removals=(removal,))))
    rewrite = entry.report.rewrites[0]._replace(new="'")
    with pytest.raises(RestoreError, match="character 3 is not what"):
        restore(output, replace(entry, report=entry.report._replace(rewrites=(rewrite,))))
    for encoding in ("no-such-thing", "utf-32"):
        with pytest.raises(RestoreError, match=encoding):
            restore(output, replace(entry, encoding=encoding))


def test_pick() -> None:
    one, two, again = (cleaned(text, [], name=name)[2] for text, name in (("1", "x.md"), ("2", "y.md"), ("1", "z.md")))
    entries = [one, two, again]
    assert pick(entries, b"2") is two
    assert pick(entries, b"1") is again
    assert pick(entries, b"1", "x.md") is one
    assert pick(entries, b"changed", "x.md") is one
    assert pick([two], b"changed") is two
    with pytest.raises(RestoreError, match=r'x\.mb: not in this report \(did you mean "x\.md"\?\)'):
        pick(entries, b"1", "x.mb")
    with pytest.raises(RestoreError, match="no document of this report has this text"):
        pick(entries, b"changed")
    with pytest.raises(RestoreError, match="it is empty"):
        pick([], b"", "x")


def test_the_latest_of_several_runs() -> None:
    first = cleaned("ab", [Edit(0, 1, "", "x")])[2]
    second = cleaned("cb", [Edit(0, 1, "", "x")])[2]
    assert restore(b"b", pick([first, second], b"b", "a")) == b"cb"
