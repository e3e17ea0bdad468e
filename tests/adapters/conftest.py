"""Texts every adapter gets."""

from __future__ import annotations

import pytest

PROSE = "The ferry sails again from Monday, with one boat in the morning."


@pytest.fixture(scope="session")
def dirty() -> str:
    """A text with two lines of debris."""
    return f"{PROSE}\n\nShare.\nExit mobile version\n"


@pytest.fixture(scope="session")
def clean() -> str:
    """The same without them."""
    return f"{PROSE}\n"
