"""A Ray cluster of two nodes, one of which is killed in the middle: the files are those of one process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("ray")

RUN = [sys.executable, "-c", "from scrubber.cli.entry import main; main()"]
DIRTY = "The ferry sails again from Monday, with one boat in the morning.\n\nShare.\nExit mobile version\n"
PROSE = "“It rained,” said the harbour master, and the boats of Lindmere stayed where they were that day. "


def test_a_node_that_is_killed_changes_nothing(tmp_path: Path, digests: Callable[[Path], dict[str, str]]) -> None:
    from ray.cluster_utils import Cluster

    shards, documents = 16, 250
    for shard in range(shards):
        rows = [
            {"id": f"{shard}-{n}", "text": (PROSE + f"Day {n}. ") * 8 + "\n\n" + DIRTY * (n % 3)} for n in range(documents)
        ]
        (tmp_path / f"s{shard:02}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    environment = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0"}
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    try:
        doomed = cluster.add_node(num_cpus=1)
        cluster.wait_for_nodes()
        command = [*RUN, "clean", "s*.jsonl", "-o", "far/", "--engine", f"ray={cluster.address}", "--report", "far-r/"]
        with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, env=environment) as run:
            journal = tmp_path / "far" / ".scrubber" / "done.jsonl"
            while run.poll() is None and not (journal.exists() and journal.read_bytes().count(b"\n") >= 3):
                time.sleep(0.05)
            assert run.poll() is None, "done before a node could be killed: make the shards larger"
            done = journal.read_bytes().count(b"\n")
            cluster.remove_node(doomed, allow_graceful=False)
            _, said = run.communicate(timeout=240)
        assert run.returncode == 0, said.decode()
        assert done < shards
    finally:
        cluster.shutdown()
    near = subprocess.run([*RUN, "clean", "s*.jsonl", "-o", "near/", "--report", "near-r/"], cwd=tmp_path, check=False)
    assert near.returncode == 0
    assert digests(tmp_path / "far") == digests(tmp_path / "near")
    assert len(digests(tmp_path / "near")) == shards
    assert digests(tmp_path / "far-r") == digests(tmp_path / "near-r")
