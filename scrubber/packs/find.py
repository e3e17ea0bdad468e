"""Where packs live: inside the installed package, in a checkout, or where the user says."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from scrubber.errors import RuleError

_DATA = ("weights", "languages")  # files beside the bundled packs


def bundled() -> Path:
    """Return the folder of the packs that ship with scrubber."""
    here = Path(__file__).resolve().parent.parent
    inside = here / "rules"
    return inside if inside.is_dir() else here.parent / "rules"


def data_files() -> list[tuple[str, Path]]:
    """Return the files beside the packs that are none, by name."""
    return [(name, bundled() / f"{name}.toml") for name in _DATA]


def user_folder() -> Path:
    """Return the folder of the user's own packs (it may not exist)."""
    data = os.environ.get("XDG_DATA_HOME", "")
    root = Path(data) if os.path.isabs(data) else Path.home() / ".local" / "share"
    return root / "scrubber" / "rules"


def pack_files(paths: Iterable[Path] = ()) -> list[tuple[str, Path]]:
    """Return (pack name, file) for the bundled packs, the user's folder and ``paths``, in that order.

    A path is a pack file or a folder of them; a user pack is named ``user/<stem>``.
    Raises ``RuleError`` for a path that does not exist.
    """
    return [(name, Path(place)) for name, place in pack_places(paths)]


def pack_places(paths: Iterable[Path] = ()) -> list[tuple[str, str]]:
    """Return what ``pack_files`` does, with files as strings, which takes a fifth of the time."""
    own = bundled()
    found = [row for row in _folder(own, "") if row[0] not in _DATA]
    if user_folder().is_dir():
        found += _folder(user_folder(), "user/")
    for path in paths:
        if path.is_dir():
            found += _folder(path, "user/")
        elif path.is_file():
            found.append((f"user/{path.stem}", str(path)))
        else:
            raise RuleError(f"{path}: no such rule file or folder")
    return found


def _folder(folder: Path, prefix: str) -> list[tuple[str, str]]:
    """Return the packs below a folder, sorted by name."""
    rows = _walk(str(folder), "")
    return sorted((prefix + within + name.removesuffix(".toml"), f"{place}/{name}") for place, within, name in rows)


def _walk(place: str, within: str) -> Iterator[tuple[str, str, str]]:
    with os.scandir(place) as entries:
        for entry in entries:
            if entry.name.endswith(".toml"):
                yield place, within, entry.name
            elif entry.is_dir():
                yield from _walk(entry.path, f"{within}{entry.name}/")
