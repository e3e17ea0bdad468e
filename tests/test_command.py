"""The command line as a person meets it: streams, files, exit codes, messages."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

RUN = [sys.executable, "-c", "from scrubber.cli.entry import main; main()"]
DIRTY = "The ferry sails again from Monday, with one boat in the morning.\n\nShare.\nExit mobile version\n"
CLEAN = "The ferry sails again from Monday, with one boat in the morning.\n"


def run(*args: str, stdin: bytes | str = b"", cwd: Path | None = None) -> tuple[int, bytes, str]:
    """Exit status, standard output and standard error of one call."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run([*RUN, *args], input=data, capture_output=True, cwd=cwd, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


def test_a_stream_is_cleaned_in_silence() -> None:
    assert run(stdin=DIRTY) == (0, CLEAN.encode(), "")


def test_a_first_word_that_is_no_command_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY)
    assert run("a.txt", cwd=tmp_path)[:2] == (0, CLEAN.encode())


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("nosuch.txt",), "nosuch.txt: no such file or folder"),
        (("cleen",), 'did you mean the command "clean"'),
        (("clean", "a.txt", "b.txt"), "say -i"),
        (("clean", "-i", "--check", "a.txt"), "do not go together"),
        (("clean", "--files-from", "names", "-i", "x"), "x: no such file"),
    ],
)
def test_usage_errors_say_what_to_do(tmp_path: Path, args: tuple[str, ...], message: str) -> None:
    for name in ("a.txt", "b.txt", "names"):
        (tmp_path / name).write_text(CLEAN)
    status, _, said = run(*args, cwd=tmp_path)
    assert status == 2
    assert message in said


def test_in_place_keeps_bytes_and_goes_on_after_a_bad_file(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + DIRTY.replace("\n", "\r\n").rstrip().encode()
    (tmp_path / "a.txt").write_bytes(data)
    (tmp_path / "b.txt").write_bytes(b"\0\1\2")
    (tmp_path / "c.md").write_text(DIRTY)
    status, out, said = run("clean", "-i", "a.txt", "b.txt", "c.md", cwd=tmp_path)
    assert (status, out) == (2, b"Fixing a.txt\nFixing c.md\n")
    assert "b.txt: offset 0: looks binary" in said
    assert (tmp_path / "a.txt").read_bytes() == b"\xef\xbb\xbf" + CLEAN.rstrip().encode()
    assert run("clean", "-i", "a.txt", "c.md", cwd=tmp_path)[:2] == (0, b"")


def test_check_and_fix_statuses(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY)
    assert run("clean", "--check", "a.txt", cwd=tmp_path)[0] == 1
    assert run("clean", "--check", "--exit-zero", "a.txt", cwd=tmp_path)[0] == 0
    assert (tmp_path / "a.txt").read_text() == DIRTY
    assert run("clean", "-i", "--exit-non-zero-on-fix", "a.txt", cwd=tmp_path)[0] == 1
    assert run("clean", "--check", "a.txt", cwd=tmp_path)[:2] == (0, b"")


def test_diff_into_a_pipe_is_the_patch(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY)
    status, diff, _ = run("clean", "--diff", "a.txt", cwd=tmp_path)
    assert status == 1
    assert run("clean", "--patch", "a.txt", cwd=tmp_path)[:2] == (0, diff)
    assert b"-Exit mobile version\n" in diff


def test_report_and_restore(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(("“Hi”\u00a0" + DIRTY).encode("utf-16"))
    assert run("clean", "a.txt", "-o", "b.txt", "--report", "r.jsonl", cwd=tmp_path)[0] == 0
    status, out, _ = run("restore", "b.txt", "--report", "r.jsonl", cwd=tmp_path)
    assert (status, out) == (0, (tmp_path / "a.txt").read_bytes())
    (tmp_path / "b.txt").write_bytes(b"changed")
    status, out, said = run("restore", "b.txt", "--report", "r.jsonl", cwd=tmp_path)
    assert (status, out) == (2, b"")
    assert "changed" in said


def test_records_stay_in_order_and_untouched_ones_as_they_are() -> None:
    feed = b'{"id":1 , "text":"' + DIRTY.replace("\n", "\\n").encode() + b'","n":1.0}\n{"id":2,"text": "x"}\nnot json\n'
    status, out, said = run("clean", "--format", "jsonl", "-", stdin=feed)
    clean = CLEAN.replace("\n", "\\n").encode()
    assert out == b'{"id":1 , "text":"' + clean + b'","n":1.0}\n{"id":2,"text": "x"}\nnot json\n'
    assert status == 2
    assert "<stdin>:3: not JSON" in said
    assert run("clean", "--format", "jsonl", "--on-error", "stop", "-", stdin=feed)[0] == 2


def test_a_document_that_would_vanish_passes_unchanged() -> None:
    lines = "Share this:\nFacebook\nTwitter\nLike Loading...\nExit mobile version\n" * 9
    status, out, said = run(stdin=lines)
    assert (status, out) == (2, lines.encode())
    assert "--max-removed" in said
    assert run("clean", "--max-removed", "1", stdin=lines)[:2] == (0, b"")


def test_names_from_a_list(tmp_path: Path) -> None:
    (tmp_path / "a b.txt").write_text(DIRTY)
    assert run("clean", "-i", "--files-from", "-", "-0", stdin=b"a b.txt\0", cwd=tmp_path)[:2] == (0, b"Fixing a b.txt\n")


def test_explain_and_rules() -> None:
    status, out, _ = run("explain", stdin=DIRTY)
    assert status == 0
    assert b"core/mobile-switch/switch" in out
    assert re.search(rb"bar \d\.\d+ at standard", out)
    assert run("rules", "show", "core/mobile-switch/switch")[0] == 0
    assert "did you mean" in run("rules", "show", "core/mobile-switch/swich")[2]
    assert b"core/share/" in run("rules", "list", "core/share")[1]
    assert b"_SCRUBBER_COMPLETE" in run("completion", "bash")[1]


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    record = '{"text": "' + "The ferry sails again from Monday. " * 60 + '"}\n'
    (tmp_path / "a.jsonl").write_text(record * 500)
    command = [*RUN, "clean", "--format", "jsonl", str(tmp_path / "a.jsonl")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141
