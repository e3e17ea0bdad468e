"""The benchmarks run: on a little data, with what is always there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="CPU time of other processes is told by Unix only")
def test_side_by_side(tmp_path: Path, root: Path) -> None:
    text = "The ferry sails again from Monday.\n\nShare\nExit mobile version\n"
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": text}) + "\n" + json.dumps({"text": text * 9}), encoding="utf-8")
    script = str(root / "benchmarks" / "side_by_side.py")
    names = "scrubber,scrubber-command,nemo-rules"
    command = [sys.executable, script, "--data", str(tmp_path / "a.jsonl"), "--rounds", "1", "--only", names]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert told["records"] == 2
    assert {name: len(times) for name, times in told["seconds"].items()} == dict.fromkeys(["identity", *names.split(",")], 1)
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert [line.split()[0] for line in shown[2:]] == ["identity", *names.split(",")]
