"""What a writer says in the text, and a user in settings, about parts and files to leave alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scrubber import Cleaner, Settings

PROSE = "The first tram crossed the bridge at seven in the morning, eleven minutes late and with a full car of passengers."
RUN = [sys.executable, "-m", "scrubber"]


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*RUN, *args], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("text_format", ["text", "markdown"])
def test_off_and_on_shield_what_is_between(text_format: str) -> None:
    text = (
        f"{PROSE}\n\n<!-- scrubber: off -->\nIt’s late\u00a0now \nExit mobile version\n<!-- scrubber: on -->\n\nIt’s done.\n"
    )
    cleaned = Cleaner().clean(text, text_format=text_format)
    assert cleaned.text == text.replace("It’s done", "It's done")
    assert cleaned.report.notes == ()


def test_off_without_on_reaches_the_end() -> None:
    text = f"{PROSE}\n\nExit mobile version\n\n<!-- scrubber: off -->\n\nExit mobile version\n"
    assert Cleaner().clean(text).text == text.replace("Exit mobile version\n\n", "", 1)


def test_next_line_is_the_next_one_with_text() -> None:
    text = f"{PROSE}\n\n<!-- scrubber: ignore-next-line -->\n\nExit mobile version\n\nExit mobile version\n"
    cleaned = Cleaner().clean(text)
    assert cleaned.text == text.removesuffix("\nExit mobile version\n")
    assert Cleaner().clean(cleaned.text).text == cleaned.text


def test_a_comment_in_code_is_code() -> None:
    text = f"{PROSE}\n\n```\n<!-- scrubber: off -->\n```\n\nExit mobile version\n"
    assert Cleaner().clean(text, text_format="markdown").text == text.removesuffix("\nExit mobile version\n")


def test_a_comment_that_shields_nothing_is_noted() -> None:
    text = f"{PROSE}\n\n<!-- scrubber: ignore-next-line -->\n{PROSE}\n"
    report = Cleaner().clean(text).report
    assert report.notes == ('line 3: unused control comment "ignore-next-line"',)


@pytest.mark.parametrize("name", ["core/share/share-this", "core/share", "share"])
def test_a_rule_a_pack_or_a_role_can_be_turned_off(name: str) -> None:
    text = f"{PROSE}\n\nShare this article\n"
    assert Cleaner().clean(text).text != text
    assert Cleaner(Settings(disable=(name,))).clean(text).text == text


def test_per_file_ignores(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    text = f"{PROSE}\n\nExit mobile version\n"
    for name in ("old/a.txt", "b.txt"):
        (tmp_path / name).write_text(text)
    settings = '[per-file-ignores]\n"old/*" = ["mobile-switch", "core/donate"]\n'
    (tmp_path / "scrubber.toml").write_text(settings)
    done = run(tmp_path, "clean", "-i", ".")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "old/a.txt").read_text() == text
    assert (tmp_path / "b.txt").read_text() == f"{PROSE}\n"
    assert 'unused per-file ignore "core/donate" for "old/*"' in done.stderr
    assert "mobile-switch" not in done.stderr


def test_per_file_ignores_must_be_a_table(tmp_path: Path) -> None:
    (tmp_path / "scrubber.toml").write_text('per-file-ignores = ["old/*"]\n')
    (tmp_path / "b.txt").write_text(PROSE)
    done = run(tmp_path, "clean", "b.txt")
    assert done.returncode == 2
    assert 'scrubber.toml:1: "per-file-ignores" must be a table' in done.stderr


def test_the_short_way_does_what_clean_does(tmp_path: Path) -> None:
    (tmp_path / "scrubber.toml").write_text('quotes = "keep"\n')
    for source in (f"{PROSE}\n\nIt’s one.\n\nExit mobile version\n".encode(), b"", b"\x89PNG\r\n", b"\xff\xfeh\x00i\x00"):
        short = subprocess.run(RUN, cwd=tmp_path, input=source, capture_output=True, check=False)
        long = subprocess.run([*RUN, "clean", "-"], cwd=tmp_path, input=source, capture_output=True, check=False)
        assert (short.returncode, short.stdout, short.stderr) == (long.returncode, long.stdout, long.stderr)


def test_a_report_names_its_rule_set_and_settings(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(f"{PROSE}\n\nExit mobile version\n")
    done = run(tmp_path, "clean", "--check", "--report", "-", "--level", "strict", "--disable", "core/ads", "b.txt")
    header = json.loads(done.stdout.splitlines()[0])
    assert header["rules"] == Cleaner().library.digest
    assert header["settings"] == {"level": "strict", "disable": ["core/ads"]}
