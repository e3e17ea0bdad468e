"""The function for ``datasets.map``: on plain batches, and with the real package where it is installed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scrubber.adapters.huggingface import Clean


def test_a_batch(dirty: str, clean: str) -> None:
    batch = {"text": [dirty, clean, None], "url": ["https://a.example/", None, None], "n": [1, 2, 3]}
    assert Clean()(batch) == {"text": [clean, clean, None]}
    assert Clean()({"text": [dirty]}) == {"text": [clean]}


def test_a_report_column(dirty: str, clean: str) -> None:
    columns = Clean(text="body", report="scrubber")({"body": [dirty, clean, None]})
    reports = [None if cell is None else json.loads(cell) for cell in columns["scrubber"]]
    assert [None if r is None else len(r["removals"]) for r in reports] == [2, 0, None]


def test_a_single_row_is_refused(dirty: str) -> None:
    with pytest.raises(TypeError, match="batched=True"):
        Clean()({"text": dirty})


def test_the_real_package(tmp_path: Path, dirty: str, clean: str) -> None:
    datasets = pytest.importorskip("datasets")
    rows = datasets.Dataset.from_dict({"text": [dirty, "x"] * 20, "id": list(range(40))})
    done = rows.map(
        Clean(report="scrubber"), batched=True, batch_size=7, num_proc=2, cache_file_name=str(tmp_path / "c.arrow")
    )
    assert done["text"][:2] == [clean, "x"]
    assert len(json.loads(done["scrubber"][0])["removals"]) == 2
    assert list(done["id"]) == list(range(40))
    stream = rows.to_iterable_dataset().map(Clean(), batched=True, batch_size=3)
    assert [row["text"] for row in stream] == [clean, "x"] * 20
