"""Memory of ``clean`` on a large file: the most every process holds, and whether that grows.

The records of ``--data`` are repeated, each time with ids of their own and long lines that begin elsewhere, until there are
enough megabytes; with ``--single``, their texts become one record of that many megabytes. Needs Linux's ``/proc``.

    python benchmarks/memory.py --data records.jsonl [--megabytes 2000] [--jobs 1] [--single 0] [--scratch DIR]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

RUN = [sys.executable, "-c", "from scrubber.cli.entry import main; main()"]
_EVERY = 0.25
"""Seconds between two looks."""


class Seen(NamedTuple):
    """What the processes held, in MB, one entry a look; how it ended, and what was said."""

    held: dict[str, list[float]]
    seconds: float
    status: int
    said: str


def main() -> None:
    """Print a line for every process."""
    args = _arguments()
    with tempfile.TemporaryDirectory(dir=args.scratch) as folder:
        large = Path(folder) / "large.jsonl"
        records = list(_records(args.data))
        if not records:
            sys.exit(f"{', '.join(map(str, args.data))}: no records with text")
        size = write_one(large, records, args.single) if args.single else write_many(large, records, args.megabytes)
        print(f"{size / 1e6:.0f} MB, {args.jobs} processes, {' '.join(args.options)}".rstrip(", "), flush=True)
        words = ["clean", "large.jsonl", "-o", "out/", "-j", str(args.jobs), *args.options]
        _show(watch([*RUN, *words], Path(folder)), size)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, action="append", required=True, help="a .jsonl file or a folder of them")
    parser.add_argument("--megabytes", type=int, default=2000, help="the size of the file (default 2000)")
    parser.add_argument("--single", type=int, default=0, help="one record of this many megabytes instead")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default 1)")
    parser.add_argument("--scratch", type=Path, help="where there is room for the file and its cleaned copy")
    parser.add_argument("options", nargs="*", help="more options of scrubber clean, after --")
    return parser.parse_args()


def _records(paths: Sequence[Path]) -> Iterator[dict[str, object]]:
    for path in paths:
        for file in sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]:
            with file.open("rb") as handle:
                yield from (record for line in handle if isinstance((record := json.loads(line)).get("text"), str))


def write_many(target: Path, records: Sequence[dict[str, object]], megabytes: int) -> int:
    """Write the records again and again; return the bytes."""
    size = turn = 0
    with target.open("wb") as handle:
        while size < megabytes * 1_000_000:
            for number, record in enumerate(records):
                varied = {**record, "id": f"{turn}-{number}", "text": varied_text(str(record["text"]), turn)}
                size += handle.write(json.dumps(varied).encode() + b"\n")
                if size >= megabytes * 1_000_000:
                    break
            turn += 1
    return size


def varied_text(text: str, turn: int) -> str:
    """Return the text with every long line begun ``turn`` words later, so that nothing can be remembered of it.

    >>> varied_text("short line", 1)
    'short line'
    """
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if len(line) > 100:
            words = line.split(" ")
            turned = turn % len(words)
            lines[at] = " ".join(words[turned:] + words[:turned])
    return "\n".join(lines)


def write_one(target: Path, records: Sequence[dict[str, object]], megabytes: int) -> int:
    """Write one record that holds the texts again and again, and a short one before and after; return the bytes."""
    texts = "\n\n".join(str(record["text"]) for record in records)
    copies = megabytes * 1_000_000 // len(texts) + 1
    short = b'{"text": "short"}\n'
    long = json.dumps({"text": (texts * copies)[: megabytes * 1_000_000]}, ensure_ascii=False).encode() + b"\n"
    return target.write_bytes(short + long + short)


def watch(command: Sequence[str], folder: Path) -> Seen:
    """Run a command and look at what it and all that it starts hold."""
    held: dict[str, list[float]] = defaultdict(list)
    began = time.perf_counter()
    with (folder / "said").open("wb") as said:
        run = subprocess.Popen(command, cwd=folder, stderr=said)
        while run.poll() is None:
            for process in _family(run.pid):
                held[_name(process, run.pid)].append(_resident(process))
            time.sleep(_EVERY)
    return Seen(dict(held), time.perf_counter() - began, run.returncode, (folder / "said").read_text().strip())


def _family(process: int) -> Iterator[int]:
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _name(process: int, first: int) -> str:
    if process == first:
        return "main"
    try:
        tracker = b"resource_tracker" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        tracker = False
    return f"{'tracker' if tracker else 'worker'} {process}"


def _resident(process: int) -> float:
    """Return the megabytes of memory a process holds now, 0 if it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) * 1024 / 1e6 for line in status.splitlines() if line.startswith("VmRSS")), 0.0)


def _show(seen: Seen, size: int) -> None:
    print(f"exit status {seen.status} after {seen.seconds:.0f} s, {size / 1e6 / seen.seconds:.1f} MB/s")
    for line in seen.said.splitlines()[:5]:
        print(f"  {line}")
    print(f"{'process':<16}{'most':>8}" + "".join(f"{f'quarter {n}':>12}" for n in range(1, 5)) + "   (MB)")
    for name, looks in seen.held.items():
        step = max(1, len(looks) // 4)
        quarters = [max(looks[at : at + step], default=0.0) for at in range(0, 4 * step, step)]
        print(f"{name:<16}{max(looks):>8.0f}" + "".join(f"{most:>12.0f}" for most in quarters))


if __name__ == "__main__":
    main()
