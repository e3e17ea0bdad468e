"""The front door of the command: what went wrong becomes a message and an exit code.

``scrubber`` without arguments, the filter of shell pipelines, goes the short way: it does what
``scrubber clean`` does, without loading the machinery that reads options.
"""

from __future__ import annotations

import os
import sys

from scrubber.errors import ScrubberError


class ClosedPipe(Exception):
    """The reader of standard output went away."""


def main() -> None:
    """Run the command line; exit codes: 0 fine, 1 findings, 2 error, 130 interrupted, 141 closed pipe."""
    try:
        piped = len(sys.argv) == 1 and sys.stdin is not None and not sys.stdin.isatty()
        status = _filter() if piped else _command()
        sys.stdout.flush()
    except ScrubberError as error:
        status = _say(str(error), error.exit_code)
    except KeyboardInterrupt:
        status = _say("interrupted", 130)
    except (ClosedPipe, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        status = 141
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        status = _say(f"{where}{error.strerror or error}", 2)
    sys.exit(status)


def _say(message: str, status: int) -> int:
    print(f"scrubber: {message}", file=sys.stderr)
    return status


def _command() -> int:
    from scrubber.cli.main import run

    return run()


def _filter() -> int:
    """Clean standard input to standard output."""
    from scrubber.cleaner import Cleaner
    from scrubber.errors import DecodeError
    from scrubber.run import Request, clean_bytes
    from scrubber.settings import load

    try:
        cleaner = Cleaner(load(None, None).settings)
        result = clean_bytes(cleaner, sys.stdin.buffer.read(), "-", Request())
    except DecodeError as error:
        return _say(f"-: {error}", error.exit_code)
    report = result.report
    problems = [*([f"left unchanged: {report.refused}"] if report.refused else []), *report.errors]
    for problem in problems:
        _say(f"-: {problem}", 2)
    sys.stdout.buffer.write(result.output)
    sys.stdout.buffer.flush()
    if sys.stderr.isatty():
        from scrubber.report.summary import summary

        print(summary([report]), file=sys.stderr)
    return 2 if problems else 0
