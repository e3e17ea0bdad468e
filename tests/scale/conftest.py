"""The command line, called in this process or in one of its own."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click import ClickException
from click.testing import CliRunner, Result

from scrubber.cli.main import cli
from scrubber.errors import ScrubberError

RUN = [sys.executable, "-c", "from scrubber.cli.entry import main; main()"]
Call = Callable[..., Result]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call the command line in the folder of the test; ``exit_code`` is what the shell would see."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str, stdin: bytes = b"") -> Result:
        found = CliRunner().invoke(cli, list(words), input=stdin, standalone_mode=False)
        if isinstance(found.exception, ScrubberError):
            found.exit_code, found.stderr_bytes = found.exception.exit_code, f"{found.exception}\n".encode()
        elif isinstance(found.exception, ClickException):
            found.exit_code, found.stderr_bytes = 2, found.exception.format_message().encode()
        elif found.exception is not None:
            raise found.exception
        else:
            found.exit_code = found.return_value or 0
        return found

    return run


@pytest.fixture
def shell(tmp_path: Path) -> Callable[..., subprocess.Popen[bytes]]:
    """Start the command line in a process of its own."""

    def start(*words: str, **more: object) -> subprocess.Popen[bytes]:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([*RUN, *words], cwd=tmp_path, **(pipes | more))  # type: ignore[call-overload,no-any-return]

    return start


@pytest.fixture
def digests() -> Callable[[Path], dict[str, str]]:
    """Say the hash of every file below a folder but the journal."""

    def hashed(folder: Path) -> dict[str, str]:
        files = sorted(p for p in folder.rglob("*") if p.is_file() and ".scrubber" not in p.parts)
        return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

    return hashed
