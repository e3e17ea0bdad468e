"""Where packs live: inside the installed package, in a checkout, or where the user says."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from scrubber.errors import RuleError

_DATA = ("weights", "languages")


def bundled() -> Path:
    """Return the folder of the packs that ship with scrubber."""
    here = Path(__file__).resolve().parent.parent
    inside = here / "rules"
    return inside if inside.is_dir() else here.parent / "rules"


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
    found = _folder(bundled(), "")
    if user_folder().is_dir():
        found += _folder(user_folder(), "user/")
    for path in paths:
        if path.is_dir():
            found += _folder(path, "user/")
        elif path.is_file():
            found.append((f"user/{path.stem}", path))
        else:
            raise RuleError(f"{path}: no such rule file or folder")
    return found


def _folder(folder: Path, prefix: str) -> list[tuple[str, Path]]:
    files = [f for f in sorted(folder.rglob("*.toml")) if f.parent != bundled() or f.stem not in _DATA]
    return [(prefix + f.relative_to(folder).with_suffix("").as_posix(), f) for f in files]
