"""Patches are taken by the real programs and lead to the very bytes that the edits lead to."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from scrubber.edits import apply
from scrubber.model import Edit
from scrubber.report.patch import Utf8, patch, patchable

COMMANDS = {"git": ["git", "apply", "-v"], "patch": ["patch", "-p1", "--binary"]}
Row = tuple[str, list[tuple[int, int, str]]]


@pytest.fixture(params=["git", "patch"])
def program(request: pytest.FixtureRequest) -> list[str]:
    """A program that reads patches from standard input."""
    if not shutil.which(request.param):
        pytest.skip(f"{request.param} is not installed")
    return COMMANDS[request.param]


def takes(program: list[str], folder: Path, data: bytes) -> None:
    """Run ``program`` on a patch; any fuzz, offset or reject is a failure."""
    done = subprocess.run(program, cwd=folder, input=data, capture_output=True, check=False)
    told = (done.stdout + done.stderr).decode(errors="replace")
    assert done.returncode == 0, f"{told}\n{data.decode(errors='replace')}"
    assert "fuzz" not in told, told
    assert "offset" not in told, told
    assert "rej" not in told, told


def edits(rows: list[tuple[int, int, str]]) -> list[Edit]:
    return [Edit(start, end, new, "x") for start, end, new in rows]


def cut(text: str, part: str) -> list[tuple[int, int, str]]:
    """Return the deletion of ``part``, as a row of ROWS has it."""
    start = text.index(part)
    return [(start, start + len(part), "")]


LONG = "".join(f"line {i}\n" for i in range(40))
ROWS: dict[str, Row] = {
    "a line": ("one\ntwo\nthree\n", cut("one\ntwo\nthree\n", "two\n")),
    "the first line": ("one\ntwo\n", cut("one\ntwo\n", "one\n")),
    "last line without a line end": ("one\ntwo\n\nShare.", cut("one\ntwo\n\nShare.", "\n\nShare.")),
    "no line end on either side": ("one\ntwo", [(4, 7, "TWO")]),
    "the line end arrives": ("one\ntwo", [(7, 7, "\n")]),
    "the line end goes": ("one\ntwo\n", [(7, 8, "")]),
    "emptied": ("one\ntwo\nthree\n", [(0, 14, "")]),
    "emptied without line end": ("one\ntwo", [(0, 7, "")]),
    "filled": ("", [(0, 0, "one\n")]),
    "CRLF": ("one\r\ntwo\r\nthree\r\n", cut("one\r\ntwo\r\nthree\r\n", "two\r\n")),
    "CRLF to LF": ("one\r\ntwo\r\n", [(3, 5, "\n")]),
    "form feed": ("a\x0cb\nc\x0c\nd\n", [(2, 3, "B")]),
    "other line ends": ("a\u2028b\x85c\x0bd\re\nf\n", [(2, 3, "B")]),
    "inside lines": (
        "he said “no”.\nand “yes”.\n",
        [(8, 9, '"'), (11, 12, '"'), (18, 19, '"'), (22, 23, '"')],
    ),
    "lines joined": ("foo bar\nX\nbaz\nend\n", [(3, 8, ""), (8, 10, "")]),
    "line end goes, next line too": ("foo\nX\nbaz\nend\n", [(3, 6, "")]),
    "far apart": (
        LONG,
        [(0, 7, ""), (LONG.index("line 20"), LONG.index("line 21"), "new\n"), *cut(LONG, "line 39\n")],
    ),
    "hunks that just touch": (LONG, [*cut(LONG, "line 5\n"), *cut(LONG, "line 12\n")]),
    "hunks one line apart": (LONG, [*cut(LONG, "line 5\n"), *cut(LONG, "line 13\n")]),
    "blank lines": ("a\n\n\n\nb\n", [(3, 5, "")]),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_programs_take_it(program: list[str], row: Row, tmp_path: Path) -> None:
    text, changes = row
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    wanted = apply(text, edits(changes)).encode()
    assert wanted != text.encode()
    takes(program, tmp_path, patch("a.txt", text, edits(changes)))
    found = path.read_bytes() if path.exists() else b""  # both programs may delete a file that they empty
    assert found == wanted


@pytest.mark.parametrize("context", [1, 3])
def test_anything_goes(program: list[str], tmp_path: Path, context: int) -> None:
    """A few hundred files of few letters and many line ends, with edits anywhere, in one patch."""
    dice = random.Random(7)
    whole, wanted = b"", {}
    for n in range(300):
        text = "".join(dice.choices("ab\n\n\r\x0c\u2028“", k=dice.randint(0, 40)))
        places = sorted(dice.sample(range(len(text) + 1), min(2 * dice.randint(0, 5), len(text) // 2 * 2)))
        rows = [
            Edit(a, b, dice.choice(["", "", "x", "\n", "y\n", "\nz"]), "x")
            for a, b in zip(places[::2], places[1::2], strict=True)
        ]
        name = f"{n}.txt"
        (tmp_path / name).write_bytes(text.encode())
        wanted[name] = apply(text, rows).encode()
        change = patch(name, text, rows, context)
        assert bool(change) == (wanted[name] != text.encode())
        whole += change
    takes(program, tmp_path, whole)
    for name, data in wanted.items():
        path = tmp_path / name
        assert (path.read_bytes() if path.exists() else b"") == data, name


@pytest.mark.parametrize(
    "name",
    [
        "with blank.txt",
        "tab\there.txt",
        'quo"te.txt',
        "back\\slash.txt",
        "späti.txt",
        "deep/er/a b.txt",
        "line\nend.txt",
        " lead",
        "bell\x07ü.txt",
    ],
)
def test_odd_names(program: list[str], name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"one\ntwo\n")
    takes(program, tmp_path, patch(name, "one\ntwo\n", [Edit(4, 8, "", "x")]))
    assert path.read_bytes() == b"one\n"


def test_headers() -> None:
    change = [Edit(0, 4, "", "x")]
    assert patch("./a.txt", "one\n", change).startswith(b"--- a/a.txt\n+++ b/a.txt\n@@ -1 +0,0 @@\n-one\n")
    assert patch("/x/a b", "one\n", change).startswith(b"--- a/x/a b\t\n+++ b/x/a b\t\n")
    assert patch('a"\té', "one\n", change).startswith(b'--- "a/a\\"\\t\\303\\251"\n')
    assert patch("a", "1\n2\n3\n", [Edit(0, 6, "", "x")]).splitlines()[2] == b"@@ -1,3 +0,0 @@"
    assert patch("a", "one\n", []) == b""
    assert patch("a", "one\n", [Edit(0, 3, "one", "x")]) == b""


def test_missing_line_end_is_said() -> None:
    body = patch("a", "one\n\nShare.", [Edit(3, 11, "", "x")]).split(b"\n", 2)[2]
    assert body == (b"@@ -1,3 +1 @@\n-one\n-\n-Share.\n\\ No newline at end of file\n+one\n\\ No newline at end of file\n")


@pytest.mark.parametrize(("encoding", "bom"), [("utf-8", b"\xef\xbb\xbf"), ("latin-1", b""), ("shift_jis", b"")])
def test_bytes_of_the_file(program: list[str], encoding: str, bom: bytes, tmp_path: Path) -> None:
    text = {"latin-1": "été\nShare\nnoël\n"}.get(encoding, "表示\nShare\n能\n")
    start = text.index("Share")
    path = tmp_path / "a.txt"
    path.write_bytes(bom + text.encode(encoding))
    rows = [Edit(0, 1, "X", "x"), Edit(start, start + 6, "", "x")]
    takes(program, tmp_path, patch("a.txt", text, rows, encoding=Utf8(encoding, bom, "strict")))
    assert path.read_bytes() == bom + apply(text, rows).encode(encoding)


@pytest.mark.parametrize(
    ("encoding", "errors", "fits"),
    [
        ("utf-8", "strict", True),
        ("cp1252", "strict", True),
        ("euc-jp", "strict", True),
        ("utf-16-le", "strict", False),
        ("utf-32", "strict", False),
        ("cp037", "strict", False),
        ("iso2022_jp", "strict", False),
        ("utf-7", "strict", False),
        ("utf-8", "surrogateescape", False),
    ],
)
def test_what_can_be_patched(encoding: str, errors: str, fits: bool) -> None:
    coding = Utf8(encoding, b"", errors)
    assert patchable(coding) == fits
    if not fits:
        with pytest.raises(ValueError, match=r"a\.txt: no patch"):
            patch("a.txt", "one\n", [Edit(0, 1, "x", "x")], encoding=coding)


def test_cost_grows_with_the_text() -> None:
    """Ten thousand edits in twenty thousand lines: a search for differences would take minutes."""
    text = "a “word” in it\n" * 20_000
    rows = [Edit(i * 15 + 2, i * 15 + 3, '"', "x") for i in range(0, 20_000, 2)]
    assert patch("a", text, rows).count(b"\n+a") == 10_000
