"""Both hooks of .pre-commit-hooks.yaml, run by pre-commit itself in a scratch repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
DEBRIS = "# Trams\r\n\r\nThe first tram left the harbour at noon on Saturday.\r\n\r\nExit mobile version"
CLEAN = "# Trams\r\n\r\nThe first tram left the harbour at noon on Saturday."

pytest.importorskip("pre_commit")
yaml = pytest.importorskip("yaml")
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="pre-commit needs git")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a git repository whose hooks are ours, run with the scrubber of this environment."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    for hook in hooks:
        hook["language"] = "system"  # an isolated environment would need the network
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    _run(repository, "git", "init", "-q")
    return repository


def _run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PRE_COMMIT", "PYTHON"))}
    changed = {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder.parent),
        "PRE_COMMIT_HOME": str(folder.parent / "cache"),
        "XDG_CACHE_HOME": str(folder.parent / "cache"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PYTHONUTF8": "1",
    }
    return subprocess.run(
        command, cwd=folder, env=kept | changed, capture_output=True, text=True, encoding="utf-8", check=False
    )


def _hook(repository: Path, name: str) -> subprocess.CompletedProcess[str]:
    _run(repository, "git", "add", "-A")
    return _run(repository, sys.executable, "-m", "pre_commit", "run", name, "--all-files", "--verbose")


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def test_fixer_rewrites_once_and_then_passes(repository: Path) -> None:
    _write(repository / "a.md", DEBRIS)
    _write(repository / "b.txt", DEBRIS)
    _write(repository / "c.py", DEBRIS)
    first = _hook(repository, "scrubber")
    assert first.returncode == 1, first.stdout + first.stderr
    assert "exit code: 1" in first.stdout
    assert "Fixing a.md" in first.stdout
    assert "Fixing b.txt" in first.stdout
    assert (repository / "a.md").read_bytes() == CLEAN.encode()
    assert (repository / "b.txt").read_bytes() == CLEAN.encode()
    assert (repository / "c.py").read_bytes() == DEBRIS.encode(), "only text and Markdown files"
    second = _hook(repository, "scrubber")
    assert second.returncode == 0, second.stdout + second.stderr


def test_checker_names_the_file_and_writes_nothing(repository: Path) -> None:
    _write(repository / "dirty.md", DEBRIS)
    _write(repository / "clean.md", CLEAN)
    found = _hook(repository, "scrubber-check")
    assert found.returncode == 1, found.stdout + found.stderr
    assert "exit code: 1" in found.stdout
    assert "dirty.md" in found.stdout
    assert "clean.md" not in found.stdout
    assert (repository / "dirty.md").read_bytes() == DEBRIS.encode()
    (repository / "dirty.md").unlink()
    passed = _hook(repository, "scrubber-check")
    assert passed.returncode == 0, passed.stdout + passed.stderr
