"""Which blocks stay, given how likely each is main content."""

from __future__ import annotations

import numpy as np
import pytest

from scrubber.structure.choice import bridged, choose


@pytest.mark.parametrize(
    ("keep", "probability", "size", "links", "expected"),
    [
        ("1001", (0.9, 0.5, 0.45, 0.9), (20, 3, 4, 20), (0, 0, 0, 0), "1111"),
        ("1001", (0.9, 0.5, 0.30, 0.9), (20, 3, 4, 20), (0, 0, 0, 0), "1001"),
        ("1001", (0.9, 0.5, 0.45, 0.9), (20, 3, 4, 20), (0, 0, 1, 0), "1001"),
        ("1001", (0.9, 0.5, 0.45, 0.9), (20, 13, 14, 20), (0, 0, 0, 0), "1001"),
        ("0110", (0.5, 0.9, 0.90, 0.5), (3, 20, 20, 3), (0, 0, 0, 0), "0110"),
        ("101101", (0.9, 0.5, 0.9, 0.9, 0.1, 0.9), (9, 2, 9, 9, 2, 9), (0,) * 6, "111101"),
        ("0000", (0.5, 0.5, 0.5, 0.5), (3, 3, 3, 3), (0, 0, 0, 0), "0000"),
    ],
)
def test_short_gaps_are_closed(
    keep: str, probability: tuple[float, ...], size: tuple[int, ...], links: tuple[float, ...], expected: str
) -> None:
    found = bridged(np.array([c == "1" for c in keep]), *(np.array(v, float) for v in (probability, size, links)))
    assert "".join("01"[int(k)] for k in found) == expected


def test_the_choice_has_the_highest_expected_f1() -> None:
    probability, size = np.array([0.95, 0.2, 0.6, 0.05]), np.array([100.0, 30.0, 40.0, 300.0])
    expected = float((probability * size).sum())
    values = {}
    for bits in range(1, 16):
        mask = np.array([bits >> i & 1 for i in range(4)], bool)
        values[bits] = 2 * float((probability * size)[mask].sum()) / (float(size[mask].sum()) + expected)
    keep, confidence = choose(probability, size)
    assert sum(1 << i for i in range(4) if keep[i]) == max(values, key=values.__getitem__)
    assert confidence == pytest.approx(max(values.values()))
