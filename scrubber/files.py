"""Which files a run is about, and how one is written: never half."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from scrubber.interrupt import uninterrupted

SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".txt", ".text")
"""Files a folder is searched for."""

_IGNORE_FILES = (".gitignore", ".ignore", ".scrubberignore")
_NEVER = frozenset((".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv"))


def read_names(stream: BinaryIO, null: bool = False) -> list[str]:
    """Return the file names in ``stream``, one a line, or NUL-separated."""
    names = stream.read().split(b"\0" if null else b"\n")
    return [os.fsdecode(n if null else n.rstrip(b"\r")) for n in names if n.strip()]


def expand(
    paths: Sequence[Path],
    *,
    exclude: Sequence[str] = (),
    respect_gitignore: bool = True,
    force_exclude: bool = False,
    suffixes: Sequence[str] | None = None,
) -> Iterator[Path]:
    """Yield the files of ``paths``, each once: named ones always, those in folders unless ignored or excluded.

    With ``force_exclude`` named files are filtered as well. ``exclude`` holds gitignore patterns.
    """
    walk = Walk(exclude, respect_gitignore, tuple(suffixes or SUFFIXES))
    seen: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found: Iterator[Path] = walk.files(path)
        else:
            found = iter(() if force_exclude and walk.excluded(path) else (path,))
        for file in found:
            if file not in seen:
                seen.add(file)
                yield file


class Walk:
    """The rules of one walk; ignore files are read once a folder."""

    def __init__(self, exclude: Sequence[str], respect_gitignore: bool, suffixes: tuple[str, ...]) -> None:
        self.exclude = self._spec(exclude) if exclude else None
        self.respect = respect_gitignore
        self.suffixes = suffixes
        self.specs: dict[Path, Any] = {}

    @staticmethod
    def _spec(lines: Sequence[str]) -> Any:
        from pathspec import GitIgnoreSpec

        return GitIgnoreSpec.from_lines(lines)

    def files(self, folder: Path) -> Iterator[Path]:
        """Yield the files below ``folder``, sorted, ignored ones left out."""
        for root, folders, names in os.walk(folder):
            here = Path(root)
            folders[:] = sorted(f for f in folders if f not in _NEVER and not self.excluded(here / f, True))
            for name in sorted(names):
                path = here / name
                if name.lower().endswith(self.suffixes) and path.is_file() and not self.excluded(path):
                    yield path

    def excluded(self, path: Path, folder: bool = False) -> bool:
        """Return whether a pattern or an ignore file leaves ``path`` out; the closest file that speaks decides."""
        full = Path(os.path.abspath(path))
        if self.exclude is not None and _says(self.exclude, self._relative(full, Path.cwd()), folder):
            return True
        if not self.respect:
            return False
        for parent in full.parents:
            verdict = _says(self._ignores(parent), self._relative(full, parent), folder)
            if verdict is not None:
                return verdict
            if (parent / ".git").exists():
                exclude = parent / ".git" / "info" / "exclude"
                return bool(_says(self._file_spec(exclude), self._relative(full, parent), folder))
        return False

    @staticmethod
    def _relative(path: Path, base: Path) -> str:
        return path.relative_to(base).as_posix() if path.is_relative_to(base) else path.as_posix().lstrip("/")

    def _ignores(self, folder: Path) -> Any:
        if folder not in self.specs:
            lines: list[str] = []
            for name in _IGNORE_FILES:
                lines += _lines(folder / name)
            self.specs[folder] = self._spec(lines) if lines else None
        return self.specs[folder]

    def _file_spec(self, path: Path) -> Any:
        if path not in self.specs:
            lines = _lines(path)
            self.specs[path] = self._spec(lines) if lines else None
        return self.specs[path]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _says(spec: Any, relative: str, folder: bool) -> bool | None:
    """Return True (ignored), False (taken back by ``!``) or None (says nothing)."""
    if spec is None:
        return None
    result: bool | None = spec.check_file(relative + "/" if folder else relative).include
    return result


def mirror_host(path: str) -> str:
    """Return ``//host`` if a folder of the path is named like a host, as in a mirror of a site; else nothing.

    >>> mirror_host("crawl/example.com/news/a.html")
    '//example.com'
    """
    for part in reversed(path.replace("\\", "/").split("/")[:-1]):
        head, dot, tail = part.rpartition(".")
        if dot and head and tail.isalpha() and 2 <= len(tail) <= 12 and not part.startswith(".") and " " not in part:
            return f"//{part}"
    return ""


@contextmanager
def written(path: Path, keep: Callable[[], bool] = lambda: True) -> Iterator[BinaryIO]:
    """Open a file that appears under ``path`` only when the block ends well, on disk and whole, and if ``keep`` then.

    Until then it has a name of its own that ends in ``.part``. Links are followed, mode bits kept. Raises ``OSError``
    with the file's name; nothing is left behind then.
    """
    import tempfile

    target = Path(os.path.realpath(path))
    part = ""
    try:
        with uninterrupted():  # between its beginning and our knowing its name a file could not be taken away any more
            handle, part = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
        with os.fdopen(handle, "wb", 1 << 20) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if keep():
            os.chmod(part, target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask())
            os.replace(part, target)
            _sync_folder(target.parent)
    except OSError as error:
        if error.filename is None and error.errno is not None:
            raise OSError(error.errno, os.strerror(error.errno), str(path)) from error
        raise
    finally:
        if part:
            try:  # at once: before the call of a function of Python's own, Ctrl-C might come
                os.unlink(part)
            except FileNotFoundError:
                pass


def write_atomic(path: Path, data: bytes) -> None:
    """Write ``data`` so that ``path`` holds either the old or the new bytes, whatever happens.

    Links are followed, mode bits kept. Raises ``OSError``; nothing is left behind then.
    """
    with written(path) as stream:
        stream.write(data)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)
