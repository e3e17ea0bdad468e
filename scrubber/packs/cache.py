"""Compiled tables kept on disk as JSON, a folder for each set of rule files, a file for each table."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

from scrubber.packs.find import data_files, pack_places
from scrubber.packs.index import BASE, Index, Library

VERSION = 23
"""To be raised whenever what is written changes."""

_KEPT_FOLDERS = 6


def load_library(paths: Iterable[Path] = ()) -> Library:
    """Return the tables of the bundled packs, the user's and those in ``paths``; cached on disk.

    A cache that cannot be read or written is only slower. Raises ``RuleError`` for a bad rule file.
    """
    places = pack_places(paths)
    signature = _signature(places)
    cache = _cache_folder() / f"index-{VERSION}-{crc32(signature.encode('utf-8', 'surrogateescape')):08x}"
    try:
        data = json.loads((cache / "base.json").read_bytes())
        if data["signature"] == signature:
            return Library(data["head"], {BASE: Index(data["table"])}, _Kept(cache, places).table)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    library = _compiled(places)
    _store(cache, library, signature)
    return library


class _Kept:
    """The tables in a folder, and those of the rule files where one of them can no longer be read."""

    def __init__(self, folder: Path, places: Sequence[tuple[str, str]]) -> None:
        self.folder = folder
        self.places = places
        self.compiled: Mapping[str, Index] | None = None

    def table(self, code: str) -> Index:
        """Return the table of that name."""
        try:
            return Index(json.loads((self.folder / f"{code}.json").read_bytes()))
        except (OSError, ValueError, TypeError, AttributeError):
            if self.compiled is None:
                self.compiled = _compiled(self.places).tables()
            return self.compiled.get(code) or Index()


def _signature(places: Sequence[tuple[str, str]]) -> str:
    """Return names, places, sizes and times of change of rule files: cheaper than reading them, and as telling."""
    rows = []
    for name, path in [*places, *((name, str(path)) for name, path in data_files())]:
        stat = os.stat(path)
        rows.append(f"{name} {path} {stat.st_size} {stat.st_mtime_ns}")
    return "\n".join(rows)


def _compiled(places: Iterable[tuple[str, str]]) -> Library:
    from scrubber.packs.compile import compile_packs  # not needed where there is a cache

    return compile_packs([(name, Path(place)) for name, place in places])


def _cache_folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(cache) if os.path.isabs(cache) else Path.home() / ".cache") / "scrubber"


def _store(folder: Path, library: Library, signature: str) -> None:
    """Write every table to ``folder``, the base last; all but the newest few folders go."""
    try:
        _forget(folder.parent)
        folder.mkdir(parents=True, exist_ok=True)
        for code, table in library.tables().items():
            if code != BASE:
                _write(folder / f"{code}.json", table.data())
        _write(folder / "base.json", {"signature": signature, "head": library.head, "table": library.base.data()})
    except (OSError, ValueError):
        pass


def _forget(cache: Path) -> None:
    """Remove the folders of rule sets that have not been compiled for longest."""
    if not cache.is_dir():
        return
    folders = sorted(cache.glob("index-*"), key=lambda f: f.stat().st_mtime_ns, reverse=True)
    for folder in folders[_KEPT_FOLDERS - 1 :]:
        for file in folder.glob("*"):
            file.unlink(missing_ok=True)
        folder.rmdir()


def _write(path: Path, data: dict[str, Any]) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        temporary.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
