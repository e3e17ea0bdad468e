"""The step for datatrove, in a pipeline run by datatrove."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("datatrove")

from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor

from scrubber.adapters.datatrove import Clean
from scrubber.model import Settings


def test_a_pipeline(tmp_path: Path, dirty: str, clean: str) -> None:
    documents = [
        Document(text=f"“Hi”\n{dirty}", id="a", metadata={"url": "https://a.example/"}),
        Document(text="x", id="b", metadata={}),
    ]
    seen: list[Document] = []

    def keep(data: Iterator[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        for document in data:
            seen.append(document)
            yield document

    pipeline: list[Any] = [documents, Clean(report="scrubber", settings=Settings(quotes="keep")), keep]
    LocalPipelineExecutor(pipeline=pipeline, logging_dir=str(tmp_path)).run()
    assert [(d.id, d.text) for d in seen] == [("a", f"“Hi”\n{clean}"), ("b", "x")]
    assert [r["role"] for r in json.loads(seen[0].metadata["scrubber"])["removals"]] == ["share", "mobile-switch"]
    assert seen[0].metadata["url"] == "https://a.example/"
    assert seen[1].metadata == {}
    stats = json.loads((tmp_path / "stats.json").read_text(encoding="utf-8"))
    (told,) = [entry["stats"] for entry in stats if entry["name"].endswith("scrubber")]
    assert {name: value if isinstance(value, int) else value["total"] for name, value in told.items()} == {
        "total": 2, "changed": 1, "removed characters": len(dirty) - len(clean),
    }  # fmt: skip
