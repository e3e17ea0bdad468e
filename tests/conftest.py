"""Fixtures shared by all tests: the checkout's packs, no cache or settings of the person running them."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point every XDG folder at an empty one; the index cache is shared by the whole run."""
    base = tmp_path_factory.getbasetemp()
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(base / name.lower()))
    monkeypatch.setenv("XDG_CACHE_HOME", str(base / "cache"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(autouse=True, scope="session")
def ctrl_c() -> None:
    """Let Ctrl-C through, to processes that tests start as well: shells keep it from what they put in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
