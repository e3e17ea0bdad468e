"""Clean beside its peers on the same texts: CPU seconds, MB a second, and the ratio to merely passing them through.

    python benchmarks/side_by_side.py --data records.jsonl [--data more/] [--rounds 5] [--only scrubber,ftfy] [--json]

``identity`` is the floor: each record read, parsed, printed and written by the standard library. In every round all run one
after the other, so that a busy moment hits all of them; a figure is the median over the rounds, with the ratio's spread. CPU
seconds are those of this process and of the ones it started. ``sed``, ``grep`` and ``ripgrep`` get the texts as plain lines
and delete forty of them: mere scanning, no JSON. Peers that are not installed are left out and named.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from contenders import contenders, prepared
from throughput import read

from scrubber.model import Level


def main() -> None:
    """Print the table."""
    args = _arguments()
    lines = read(args.data, args.megabytes * 1_000_000)
    if not lines:
        sys.exit(f"{', '.join(map(str, args.data))}: no records with text")
    size = sum(len(json.loads(line)["text"].encode("utf-8", "replace")) for line in lines) / 1e6
    with tempfile.TemporaryDirectory() as folder:
        data = prepared(lines, Path(folder))
        runs = {c.name: c.ready(data) for c in contenders(args.level) if c.name in (args.only or [c.name, "identity"])}
        missing = [name for name, run in runs.items() if run is None]
        seconds = _rounds({name: run for name, run in runs.items() if run is not None}, args.rounds)
    if args.json:
        print(json.dumps({"megabytes": size, "records": len(lines), "seconds": seconds}))
        return
    print(f"{len(lines)} records, {size:.1f} MB of text, level {args.level}, {args.rounds} rounds")
    for row in _table(seconds, size):
        print(row)
    if missing:
        print(f"not installed: {', '.join(missing)}  (pip install 'scrubber[bench]', apt install ripgrep)")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, action="append", required=True, help="a .jsonl file or a folder of them")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of all contenders (default 5)")
    parser.add_argument("--only", type=lambda s: ["identity", *s.split(",")], metavar="NAMES", help="these, and identity")
    parser.add_argument("--level", default="standard", choices=[level.value for level in Level])
    parser.add_argument("--megabytes", type=int, default=20, help="read at most this much (default 20)")
    parser.add_argument("--json", action="store_true", help="print the seconds of every round as JSON")
    return parser.parse_args()


def _rounds(runs: dict[str, Callable[[], int]], rounds: int) -> dict[str, list[float]]:
    """Return CPU seconds of every run, after a first one of each that is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for counted in [False] + [True] * rounds:
        for name, run in runs.items():
            begin = _cpu()
            run()
            if counted:
                seconds[name].append(_cpu() - begin)
    return seconds


def _cpu() -> float:
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def _table(seconds: dict[str, list[float]], size: float) -> list[str]:
    floor = seconds["identity"]
    rows = [f"{'':<20} {'CPU s':>8} {'MB/s':>8}   {'to identity (spread)':<24} scrubber is faster by"]
    clean = median(seconds.get("scrubber", [float("nan")]))
    for name, times in seconds.items():
        ratios = [one / least for one, least in zip(times, floor, strict=True)]
        spread = f"{median(ratios):6.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        rows.append(
            f"{name:<20} {median(times):8.3f} {size / median(times):8.1f}   {spread:<24} {median(times) / clean:8.2f}"
        )
    return rows


if __name__ == "__main__":
    main()
