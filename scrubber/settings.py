"""Settings files become ``Settings`` here: the closest one wins, and every unknown key is refused."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from scrubber.errors import SettingsError
from scrubber.model import Level, Settings

NAMES = (".scrubber.toml", "scrubber.toml", "pyproject.toml")
_FILES = ("exclude", "extend-exclude", "respect-gitignore", "per-file-ignores", "extend")
_CHOICES = {
    "level": tuple(level.value for level in Level),
    "quotes": ("straight", "curly", "keep"),
    "dashes": ("keep", "hyphen", "unicode"),
    "ellipses": ("keep", "dots", "character"),
}


class Loaded(NamedTuple):
    """What settings files say: how to clean, which files to leave out, and where it was read."""

    settings: Settings = Settings()
    exclude: tuple[str, ...] = ()
    respect_gitignore: bool = True
    path: Path | None = None
    per_file: tuple[tuple[Path, str, tuple[str, ...]], ...] = ()
    """Folder a glob is relative to, the glob, and the rules or packs that are off in files it matches."""

    def off_in(self, file: Path) -> dict[str, tuple[str, ...]]:
        """Return the rules and packs that are off in ``file``, by the glob that says so."""
        return {glob: ids for folder, glob, ids in self.per_file if _matches(folder, glob, file)}


def _matches(folder: Path, glob: str, file: Path) -> bool:
    from pathspec import GitIgnoreSpec

    full = Path(os.path.abspath(file))
    inside = full.is_relative_to(folder)
    return inside and GitIgnoreSpec.from_lines([glob]).match_file(full.relative_to(folder).as_posix())


def keys() -> tuple[str, ...]:
    """Return every key a settings file may hold."""
    return (*(name.replace("_", "-") for name in Settings._fields), *_FILES)


def load(config: Path | None = None, for_file: Path | None = None, isolated: bool = False) -> Loaded:
    """Return the settings for a file: from ``config``, else its closest settings file, else the user's.

    Raises ``SettingsError`` with path, line and a hint.
    """
    if isolated:
        return Loaded()
    if config is not None:
        return _read(config)
    folder = Path(os.path.abspath(for_file or Path.cwd()))
    return _closest(folder if folder.is_dir() else folder.parent)


@cache
def _closest(folder: Path) -> Loaded:
    for name in NAMES:
        path = folder / name
        if path.is_file() and (name != "pyproject.toml" or _has_table(path)):
            return _read(path)
    if folder.parent == folder or (folder / ".git").exists() or (folder / ".hg").exists():
        user = _user_file()
        return _read(user) if user.is_file() else Loaded()
    return _closest(folder.parent)


def _user_file() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(home) if os.path.isabs(home) else Path.home() / ".config") / "scrubber" / "scrubber.toml"


def _has_table(path: Path) -> bool:
    return b"[tool.scrubber" in path.read_bytes()


def _table(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    table: dict[str, Any] = data.get("tool", {}).get("scrubber", {}) if path.name == "pyproject.toml" else data
    return table


def _read(path: Path, seen: tuple[Path, ...] = ()) -> Loaded:
    if path in seen:
        raise SettingsError(f"{path}: extends itself")
    table = _table(path)
    known = keys()
    for key in table:
        if key not in known:
            from difflib import get_close_matches

            near = get_close_matches(key, known, 1)
            hint = f'did you mean "{near[0]}"?' if near else f"known: {', '.join(known)}"
            raise SettingsError(f'{path}:{_line(path, key)}: unknown key "{key}" ({hint})')
    base = _read(path.parent / str(table["extend"]), (*seen, path)) if "extend" in table else Loaded()
    values = {k.replace("-", "_"): _value(path, k, v) for k, v in table.items() if k not in _FILES}
    return Loaded(
        settings=base.settings._replace(**values),
        exclude=(
            *(_strings(path, "exclude", table["exclude"]) if "exclude" in table else base.exclude),
            *(_strings(path, "extend-exclude", table.get("extend-exclude", []))),
        ),
        respect_gitignore=_value(path, "respect-gitignore", table.get("respect-gitignore", base.respect_gitignore)),
        path=path,
        per_file=(*base.per_file, *_per_file(path, table.get("per-file-ignores", {}))),
    )


def _per_file(path: Path, table: object) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    if not isinstance(table, dict):
        where = f"{path}:{_line(path, 'per-file-ignores')}"
        raise SettingsError(f'{where}: "per-file-ignores" must be a table of globs: "old/*.md" = ["core/share"]')
    for glob, ids in table.items():
        yield Path(os.path.abspath(path)).parent, glob, _strings(path, glob, ids)


def _line(path: Path, key: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.lstrip().lstrip("\"'").startswith(key)), 1)


def _strings(path: Path, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise SettingsError(f'{path}:{_line(path, key)}: "{key}" must be a list of strings')
    return tuple(value)


def _value(path: Path, key: str, value: object) -> Any:
    """Return ``value`` as the setting ``key`` wants it. Raises ``SettingsError``."""
    where = f"{path}:{_line(path, key)}"
    if key in _CHOICES:
        if value not in _CHOICES[key]:
            raise SettingsError(f'{where}: "{key}" must be one of {", ".join(_CHOICES[key])}')
        return Level(value) if key == "level" else value
    if key == "rules":
        return tuple(path.parent / v for v in _strings(path, key, value))
    if key == "disable":
        return _strings(path, key, value)
    default = getattr(Settings(), key.replace("-", "_"), True)
    if isinstance(default, float) and isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    if type(value) is not type(default):
        wanted = {
            bool: "true or false",
            str: "a string",
            int: "a whole number",
            float: "a number from 0 to 1",
        }
        raise SettingsError(f'{where}: "{key}" must be {wanted[type(default)]}')
    return value


def as_json(settings: Settings) -> dict[str, Any]:
    """Return settings as plain JSON values under the names of settings files, those left at their default out."""
    default = Settings()
    changed = {k: v for k, v in settings._asdict().items() if v != getattr(default, k)}
    return {k.replace("_", "-"): [str(x) for x in v] if isinstance(v, tuple) else v for k, v in changed.items()}


def override(settings: Settings, given: Mapping[str, Any]) -> Settings:
    """Return ``settings`` with what the command line says put over it; lists are added to."""
    if not given:
        return settings
    values = dict(given)
    if "level" in values:
        values["level"] = Level(values["level"])
    for key in ("rules", "disable"):
        if key in values:
            values[key] = (*getattr(settings, key), *values[key])
    return settings._replace(**values)
