"""What the training script makes of pages and trees."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

numpy = pytest.importorskip("numpy")

from scrubber.formats.dom import read  # noqa: E402


@pytest.fixture(scope="module")
def training() -> Any:
    path = Path(__file__).parent.parent / "tools" / "train_extract.py"
    spec = importlib.util.spec_from_file_location("train_extract", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_words_that_come_twice_are_those_near_the_text(training: Any) -> None:
    page = read(
        "<ul><li>Green rope</li><li>Buoys</li></ul><p>Menu</p><p>Share</p><h2>Green rope</h2>"
        "<p>The harbour master kept a book of such finds for years.</p><p>Buoys</p>"
    )
    gold = "Green rope\nThe harbour master kept a book of such finds for years.\nBuoys"
    assert [spot.text for spot, share in zip(page.spots, training.label(page, gold), strict=True) if share > 0.5] == [
        "Green rope", "The harbour master kept a book of such finds for years.", "Buoys",
    ]  # fmt: skip
    assert training.label(page, gold)[:2].tolist() == [0, 0]


def test_distance(training: Any) -> None:
    assert training.distance(numpy.array([0, 0, 1, 0, 0, 0, 1, 0], bool)).tolist() == [2, 1, 0, 1, 2, 1, 0, 1]
    assert training.distance(numpy.zeros(3, bool)).tolist() == [0, 0, 0]


def test_trees_are_made_complete(training: Any) -> None:
    inner = {"split_feature": 1, "threshold": 2.0, "left_child": {"leaf_value": -3.0}, "right_child": {"leaf_value": 4.0}}
    tree = {"split_feature": 0, "threshold": 0.5, "left_child": {"leaf_value": 1.0}, "right_child": inner}
    forest = training.complete({"tree_info": [{"tree_structure": tree}, {"tree_structure": {"leaf_value": 10.0}}]})
    columns = numpy.array([[0, 1, 1], [9, 2, 3]], dtype=numpy.float32)
    assert forest.log_odds(columns).tolist() == [11.0, 7.0, 14.0]
    assert training.mean([forest, forest]).log_odds(columns).tolist() == [11.0, 7.0, 14.0]
