"""Long runs: gone on with, broken off, out of room, with bad records, in bounded memory."""

from __future__ import annotations

import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DIRTY = "The ferry sails again from Monday, with one boat in the morning.\n\nShare.\nExit mobile version\n"
CLEAN = "The ferry sails again from Monday, with one boat in the morning.\n"
PROSE = "“It rained,” said the harbour master, and the boats of Lindmere stayed where they were that day. "
Call = Callable[..., Any]
Shell = Callable[..., "subprocess.Popen[bytes]"]
Digests = Callable[[Path], dict[str, str]]


def shards(folder: Path, count: int = 8, documents: int = 30, payload: int = 0) -> None:
    """Files of records, all different. A payload makes them long, but no more work."""
    folder.mkdir(exist_ok=True)
    for shard in range(count):
        rows = [
            {"id": f"{shard}-{n}", "text": (PROSE + f"Day {n}. ") * 8 + "\n\n" + DIRTY * (n % 3), "payload": "x" * payload}
            for n in range(documents)
        ]
        (folder / f"s{shard:02}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def entries(out: Path) -> list[str]:
    journal = out / ".scrubber" / "done.jsonl"
    return [json.loads(line)["target"] for line in journal.read_text().splitlines()] if journal.exists() else []


def wait_for(what: Callable[[], bool], run: subprocess.Popen[bytes]) -> None:
    while not what():
        assert run.poll() is None, "done too early: make the shards larger"
        time.sleep(0.02)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_killed_run_is_gone_on_with(tmp_path: Path, call: Call, shell: Shell, digests: Digests, jobs: str) -> None:
    shards(tmp_path / "in", 12, documents=60, payload=18_000)  # more than a mebibyte each: they are not taken together
    words = ("clean", "in/*.jsonl", "-o", "out/", "--report", "r/", "-j", jobs)
    with shell(*words) as run:
        wait_for(lambda: bool(entries(tmp_path / "out")), run)
        run.kill()
        run.communicate()
    done = {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in entries(tmp_path / "out")}
    assert 1 <= len(done) < 12
    (tmp_path / "out/.s07.jsonl.abcdefgh.part").write_text("half")
    assert call(*words, "--resume").exit_code == 0
    assert {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in done} == done
    assert call("clean", "in/*.jsonl", "-o", "undisturbed/", "--report", "r2/").exit_code == 0
    assert digests(tmp_path / "out") == digests(tmp_path / "undisturbed")
    assert digests(tmp_path / "r") == digests(tmp_path / "r2")


def test_resume_does_what_has_changed_and_refuses_other_rules(tmp_path: Path, call: Call) -> None:
    shards(tmp_path / "in", 3)
    out = tmp_path / "out"
    words = ("clean", "in/*.jsonl", "-o", "out/", "--resume")
    assert call(*words).exit_code == 0

    def made() -> dict[str, int]:
        return {p.name: p.stat().st_mtime_ns for p in out.glob("*.jsonl")}

    before = made()
    assert call(*words).exit_code == 0
    assert made() == before
    (tmp_path / "in/s01.jsonl").write_text('{"text": "' + DIRTY.replace("\n", "\\n") + '"}\n')
    (out / "s02.jsonl").unlink()
    assert call(*words).exit_code == 0
    assert {name for name, when in made().items() if when != before[name]} == {"s01.jsonl", "s02.jsonl"}
    assert json.loads((out / "s01.jsonl").read_text()) == {"text": CLEAN}
    for other in (("--quotes", "keep"), ("--text-field", "id"), ("--report", "r/"), ("--rules", "mine.toml")):
        (tmp_path / "mine.toml").write_text("schema = 1\n")
        found = call(*words, *other)
        assert found.exit_code == 2
        assert "3 files there were made with other rules or settings" in found.stderr
        assert "--restart" in found.stderr
    changed = made()
    assert call(*words, "--quotes", "keep", "--restart").exit_code == 0
    assert not set(made().items()) & set(changed.items())
    assert "“It rained" in json.loads((out / "s00.jsonl").read_text().splitlines()[0])["text"]


def test_summaries_of_what_was_done_before_are_added(tmp_path: Path, call: Call) -> None:
    shards(tmp_path / "in", 3)
    words = ("clean", "in/*.jsonl", "-o", "out/", "--summary", "json", "--summary-file", "s.json")
    assert call(*words).exit_code == 0
    whole = json.loads((tmp_path / "s.json").read_text())
    assert whole["documents"] == 90
    (tmp_path / "out/s01.jsonl").unlink()
    for jobs in ("1", "2"):
        assert call(*words, "--resume", "-j", jobs).exit_code == 0
        again = json.loads((tmp_path / "s.json").read_text())
        for key in ("documents", "removals", "rewrites"):
            assert again[key] == whole[key]


def test_a_worker_that_is_killed_is_replaced(tmp_path: Path, call: Call, shell: Shell, digests: Digests) -> None:
    shards(tmp_path / "in", 1, documents=2000)
    with shell("clean", "in/s00.jsonl", "-o", "out/", "-j", "2") as run:
        children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
        if not children.exists():
            run.kill()
            pytest.skip("needs Linux's /proc")

        def workers() -> list[int]:
            found = [int(pid) for pid in children.read_text().split()]
            return [pid for pid in found if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]

        wait_for(lambda: len(workers()) == 2 and any((tmp_path / "out").glob(".s00*.part")), run)
        os.kill(workers()[0], signal.SIGKILL)
        _, said = run.communicate(timeout=120)
        assert run.returncode == 0, said.decode()
    assert call("clean", "in/s00.jsonl", "-o", "out1/").exit_code == 0
    assert digests(tmp_path / "out") == digests(tmp_path / "out1")


@pytest.mark.parametrize("words", [("in/*.jsonl", "-j", "2"), ("in/s00.jsonl", "-j", "2"), ("in/s00.jsonl",)])
def test_an_interrupt_leaves_nothing_half_done(tmp_path: Path, shell: Shell, words: tuple[str, ...]) -> None:
    shards(tmp_path / "in", 8, documents=1000)
    with shell("clean", *words, "-o", "out/", start_new_session=True) as run:
        wait_for(lambda: any((tmp_path / "out").glob(".*.part")), run)
        os.killpg(run.pid, signal.SIGINT)
        _, said = run.communicate(timeout=60)
    assert (run.returncode, said.strip()) == (130, b"scrubber: interrupted"), said.decode()
    assert not [p.name for p in (tmp_path / "out").iterdir() if p.name.endswith(".part")]


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(("target", "name"), [("out/", "out/s00.jsonl"), ("out.jsonl", "out.jsonl")])
def test_no_room_leaves_nothing_under_a_final_name(tmp_path: Path, shell: Shell, jobs: str, target: str, name: str) -> None:
    shards(tmp_path / "in", 1, documents=500)

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    with shell("clean", "in/s00.jsonl", "-o", target, "-j", jobs, preexec_fn=little_room) as run:
        _, said = run.communicate(timeout=60)
    assert run.returncode == 2
    assert said.decode() == f"scrubber: {name}: File too large\n"
    left = [str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file() and "in/" not in str(p)]
    assert left in ([], ["out/.scrubber/done.jsonl"])


BAD = b'{"id":1,"text":"a"}\nno json\n{"id":3}\n\xff\xfe\n{"id":5,"text":"five\\n\\nExit mobile version"}\n'


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("words", "out", "told"),
    [
        (
            (),
            BAD.replace(b"\\n\\nExit mobile version", b""),
            ["2: not JSON", "3: field", "4: not UTF-8", "passed unchanged"],
        ),
        (("--on-error", "stop"), b'{"id":1,"text":"a"}\n', ["2: not JSON"]),
        (
            ("--quarantine", "q.jsonl"),
            b'{"id":1,"text":"a"}\n{"id":5,"text":"five"}\n',
            ["2: not JSON", "3: field", "4: not UTF-8", "taken out"],
        ),
    ],
)
def test_bad_records(tmp_path: Path, call: Call, words: tuple[str, ...], out: bytes, told: list[str], jobs: str) -> None:
    (tmp_path / "bad.jsonl").write_bytes(BAD)
    found = call("clean", "bad.jsonl", *words, "-j", jobs)
    assert (found.exit_code, found.stdout_bytes) == (2, out)
    assert all(what in found.stderr for what in told)
    whole = call("clean", "bad.jsonl", "-o", "out.jsonl", *words, "-j", jobs)
    assert whole.exit_code == 2
    assert (tmp_path / "out.jsonl").exists() == ("stop" not in words)
    if "--quarantine" in words:
        rows = [json.loads(line) for line in (tmp_path / "q.jsonl").read_bytes().splitlines()]
        assert [(row["file"], row["line"]) for row in rows] == [("bad.jsonl", n) for n in (2, 3, 4)]
        raws = [row["raw"].encode("utf-8", "surrogateescape") for row in rows]
        assert b"".join(raws) == b"".join(BAD.splitlines(True)[1:4])


def test_bad_records_of_a_folder(tmp_path: Path, call: Call) -> None:
    (tmp_path / "bad.jsonl").write_bytes(BAD)
    (tmp_path / "good.jsonl").write_bytes(b'{"text":"a"}\n')
    words = ("clean", "*.jsonl", "-o", "out/", "--quarantine", "q/")
    assert call(*words).exit_code == 2
    assert [p.name for p in (tmp_path / "q").iterdir()] == ["bad.jsonl.bad.jsonl"]
    again = call(*words, "--resume")
    assert again.exit_code == 2
    assert "bad.jsonl: 3 problems when it was done before" in again.stderr
    (tmp_path / "bad.jsonl").write_bytes(b'{"text":"a"}\n')
    assert call(*words, "--resume").exit_code == 0
    assert not list((tmp_path / "q").iterdir())


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_record_without_end_is_named_and_passes(tmp_path: Path, call: Call, jobs: str) -> None:
    data = b'{"text":"a"}\n{"text":"' + b"word " * 600_000 + b'"}\n{"text":"b\\n\\nExit mobile version"}\n'
    (tmp_path / "a.jsonl").write_bytes(data)
    words = ("clean", "a.jsonl", "-o", "b.jsonl", "--max-record", "1", "-j", jobs)
    found = call(*words)
    assert found.exit_code == 2
    assert found.stderr == "scrubber: a.jsonl:2: a record of more than 1 MiB (see --max-record) (passed unchanged)\n"
    assert (tmp_path / "b.jsonl").read_bytes() == data.replace(b"\\n\\nExit mobile version", b"")
    assert call(*words, "--quarantine", "q.jsonl").exit_code == 2
    rows = [json.loads(line) for line in (tmp_path / "q.jsonl").read_bytes().splitlines()]
    assert "".join(row["raw"] for row in rows).encode() == data.splitlines(True)[1]
    assert (tmp_path / "b.jsonl").read_bytes() == b'{"text":"a"}\n{"text":"b"}\n'
    stop = call("clean", "a.jsonl", "-o", "c.jsonl", "--max-record", "1", "--on-error", "stop")
    assert stop.exit_code == 2
    assert not (tmp_path / "c.jsonl").exists()


PEAK = """
import re, sys
from scrubber.cli.entry import main
try:
    main()
finally:
    print(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1], file=sys.stderr)
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="needs Linux's /proc")
@pytest.mark.parametrize(
    "words",
    [
        ("a.jsonl", "-o", "b.jsonl"),
        ("a.jsonl", "-o", "b.jsonl.zst", "-j", "2"),
        ("--format", "jsonl"),
        ("--format", "jsonl", "-j", "2"),
    ],
)
def test_memory_does_not_grow_with_the_input(tmp_path: Path, words: tuple[str, ...]) -> None:
    record = json.dumps({"id": 1, "text": CLEAN, "payload": "x" * 20_000}).encode() + b"\n"
    peaks = []
    for size in (200, 4000):  # 4 and 80 MB
        (tmp_path / "a.jsonl").write_bytes(record * size)
        with open(tmp_path / "a.jsonl", "rb") as stdin:
            run = subprocess.run(
                [sys.executable, "-c", PEAK, "clean", *words], cwd=tmp_path, stdin=stdin, capture_output=True, check=True
            )
        peaks.append(int(run.stderr.split()[-1]))
    assert peaks[1] - peaks[0] < 20_000, peaks  # KiB


def gzipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize("packed", [bytes, gzipped])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_stream_is_passed_on_as_it_comes(shell: Shell, jobs: str, packed: Callable[[bytes], bytes]) -> None:
    """A record comes out before the next one goes in, with half of it or without: a filter waits for no full block."""
    with shell("clean", "--format", "jsonl", "-j", jobs, stdin=subprocess.PIPE) as run:
        assert run.stdin is not None
        assert run.stdout is not None
        half = b""
        for n in range(6):
            record = b'{"n":%d,"text":"x\\n\\nExit mobile version"}\n' % n
            more, half = record[len(half) :], record[:4] if n % 2 == 0 else b""
            run.stdin.write(packed(more + half))
            run.stdin.flush()
            assert run.stdout.readline() == b'{"n":%d,"text":"x"}\n' % n
        run.stdin.close()
        assert run.wait(timeout=60) == 0


def test_two_inputs_may_not_become_one_output(tmp_path: Path, call: Call) -> None:
    shards(tmp_path / "in", 1)
    shards(tmp_path / "too", 1)
    found = call("clean", "in/s00.jsonl", "too/s00.jsonl", "-o", "out/")
    assert found.exit_code == 2
    assert "in/s00.jsonl and too/s00.jsonl would both become out/s00.jsonl" in found.stderr
    assert call("clean", "*/s00.jsonl", "-o", "out/").exit_code == 0
    assert sorted(entries(tmp_path / "out")) == ["in/s00.jsonl", "too/s00.jsonl"]


def test_attributes_stand_beside_every_line(tmp_path: Path, call: Call) -> None:
    import zstandard

    (tmp_path / "bad.jsonl.zst").write_bytes(zstandard.ZstdCompressor().compress(BAD))
    for jobs in ("1", "2"):
        assert call("clean", "bad.jsonl.zst", "-o", "out/", "--attributes", f"at{jobs}/", "-j", jobs).exit_code == 2
    assert (tmp_path / "at1/bad.jsonl.zst").read_bytes() == (tmp_path / "at2/bad.jsonl.zst").read_bytes()
    applied = call("apply", "bad.jsonl.zst", "at1")
    assert applied.stdout_bytes == zstandard.ZstdDecompressor().decompressobj(read_across_frames=True).decompress(
        (tmp_path / "out/bad.jsonl.zst").read_bytes()
    )


def test_whole_files_in_two_processes(tmp_path: Path, call: Call, digests: Digests) -> None:
    for jobs in ("1", "2"):
        folder = tmp_path / jobs / "notes"
        folder.mkdir(parents=True)
        for n in range(12):
            (folder / f"{n:02}.md").write_text(DIRTY if n % 2 else CLEAN)
        (folder / "z.txt").write_bytes(b"\0\1")
    found = {jobs: call("clean", "-i", jobs, "-j", jobs, "--report", f"{jobs}.jsonl") for jobs in ("1", "2")}
    assert [f.exit_code for f in found.values()] == [2, 2]
    assert found["2"].stdout == found["1"].stdout.replace("1/notes", "2/notes")
    assert found["2"].stderr == found["1"].stderr.replace("1/notes", "2/notes")
    assert digests(tmp_path / "1") == digests(tmp_path / "2")
    reports = [(tmp_path / f"{jobs}.jsonl").read_text().replace('"2/', '"1/') for jobs in ("1", "2")]
    assert reports[0] == reports[1]
