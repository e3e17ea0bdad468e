"""Tools for rule authors: new, lint, which, stats, schema, and the diff of a failing example."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from scrubber.errors import RuleError
from scrubber.packs.find import pack_files
from scrubber.packs.lint import CODES, lint
from scrubber.packs.load import KEYS, KINDS, PACK_KEYS, load_pack
from scrubber.packs.scaffold import scaffold
from scrubber.packs.schema import schema

TODAY = datetime.date(2026, 11, 24)
PROSE = "The first tram crossed the bridge at seven in the morning, eleven minutes late and with a full car of passengers."
GOOD = """schema = 1
checked = 2026-11-01

[[rule]]
id = "plea"
role = "donate"
certainty = "likely"
why = "Asks for money."
phrases.en = ["Support our kitchen from {n} crowns"]
drops = ["Support our kitchen from 3 crowns"]
keeps = ["Support our kitchen from 3 crowns, she begged."]
"""


def run(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "scrubber", *args], cwd=cwd, capture_output=True, text=True, check=False)


def problems(path: Path, text: str) -> list[tuple[str, str]]:
    """Codes and messages for a file with this text."""
    path.write_text(text, encoding="utf-8")
    return [(p.code, p.message) for p in lint([("user/kitchen", path)], pack_files(), TODAY)]


def test_a_good_file_is_clean(tmp_path: Path) -> None:
    assert problems(tmp_path / "kitchen.toml", GOOD) == []


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("R001", "phrases.en", "phrases.xx.en"),
        ("R001", "certainty = ", "certanty = "),
        ("R003", '"Support our kitchen from {n} crowns"]', '"Support our kitchen from {n} crowns", "Cancel reply"]'),
        ("R004", '"Support our kitchen from {n} crowns"]', '"Support our kitchen from {n} crowns", "Summary"]'),
        ("R005", '"Support our kitchen from {n} crowns"]', '"Support our kitchen from {n} crowns", "{name} for {title}"]'),
        ("R007", 'drops = ["Support our kitchen from 3 crowns"]\n', ""),
        ("R008", 'keeps = ["Support our kitchen from 3 crowns, she begged."]\n', ""),
        ("R009", "2026-11-01", "2024-01-01"),
        ("R009", "checked = 2026-11-01\n", ""),
        ("R011", "checked = 2026-11-01\n", 'checked = 2026-11-01\nuses = ["platforms/wordpres"]\n'),
        ("R011", "checked = 2026-11-01\n", 'checked = 2026-11-01\nreplaces = ["sites/nowhere.example"]\n'),
    ],
)
def test_each_problem_is_found(tmp_path: Path, code: str, old: str, new: str) -> None:
    assert old in GOOD
    found = problems(tmp_path / "kitchen.toml", GOOD.replace(old, new))
    assert code in {c for c, _ in found}, found
    assert set(CODES) >= {c for c, _ in found}


def test_a_phrase_in_two_rules(tmp_path: Path) -> None:
    second = GOOD.partition("[[rule]]")[2].replace('"plea"', '"plea-again"')
    found = problems(tmp_path / "kitchen.toml", f"{GOOD}\n[[rule]]{second}")
    assert [c for c, _ in found] == ["R002"]
    assert "plea" in found[0][1]


@pytest.mark.parametrize("block", ["(?:a+)+b", "(?:(?:x|y)*)*z"])
def test_expressions_that_explode(tmp_path: Path, block: str) -> None:
    text = GOOD.replace('phrases.en = ["Support our kitchen from {n} crowns"]', f"block = '{block}'\nneeds = [\"sale\"]")
    assert "R006" in {c for c, _ in problems(tmp_path / "kitchen.toml", text)}


def test_unknown_keys_are_told_with_the_nearest(tmp_path: Path) -> None:
    found = problems(tmp_path / "kitchen.toml", GOOD.replace("certainty = ", "certanty = "))
    assert 'did you mean "certainty"' in found[0][1]


def test_bundled_packs_have_no_errors() -> None:
    files = pack_files()
    assert [str(p) for p in lint(files, (), TODAY) if not p.warning] == []


def test_lint_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD)
    (tmp_path / "b.toml").write_text(GOOD.replace('certainty = "likely"', 'certainty = "maybe"'))
    (tmp_path / "c.toml").write_text("schema = 2\n")
    done = run("rules", "lint", ".", cwd=tmp_path)
    assert done.returncode == 1
    assert "b.toml:4: R001" in done.stdout
    assert "c.toml:1: R001" in done.stdout
    assert done.stdout.endswith("3 files, 2 errors, 0 warnings\n")
    rows = [json.loads(line) for line in run("rules", "lint", "--json", "b.toml", cwd=tmp_path).stdout.splitlines()]
    assert [(r["line"], r["code"]) for r in rows] == [(4, "R001")]


def test_new_writes_a_file_that_holds(tmp_path: Path) -> None:
    done = run("rules", "new", "https://www.example-news.com/x", "-o", "site.toml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert load_pack("user/site", tmp_path / "site.toml").hosts == ("example-news.com",)
    assert run("rules", "test", "site.toml", cwd=tmp_path).stdout == "1 rules, 2 examples, 0 failed\n"
    again = run("rules", "new", "example-news.com", "-o", "site.toml", cwd=tmp_path)
    assert (again.returncode, "exists already" in again.stderr) == (2, True)
    with pytest.raises(RuleError, match="no host name"):
        scaffold("not a host", TODAY)


def test_a_failing_example_is_shown_as_a_diff(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD.replace('drops = ["Support our kitchen', 'drops = ["Support a kitchen'))
    done = run("rules", "test", "a.toml", cwd=tmp_path)
    assert done.returncode == 1
    assert "    - support our kitchen from {n} crowns" in done.stdout
    assert "    + support a kitchen from 3 crowns" in done.stdout


def test_which(tmp_path: Path) -> None:
    done = run("rules", "which", "https://edition.cnn.com/a", cwd=tmp_path)
    assert done.stdout.startswith("sites/cnn.com ")
    assert "host cnn.com" in done.stdout
    (tmp_path / "a.txt").write_text(f"{PROSE}\n\nExit mobile version\n")
    rows = [json.loads(r) for r in run("rules", "which", "--json", "a.txt", cwd=tmp_path).stdout.splitlines()]
    assert [(r["pack"], r["why"]) for r in rows] == [("platforms/amp-plugin", 'fingerprint "exit mobile version", line 3')]


def test_stats(tmp_path: Path) -> None:
    texts = [f"{PROSE}\n\nShare this article\n", f"{PROSE}\n"]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t in texts))
    done = run("rules", "stats", "a.jsonl", cwd=tmp_path)
    assert done.stdout.splitlines()[-1].startswith("2 documents")
    assert [r.split() for r in done.stdout.splitlines() if "core/share/share-this" in r] == [
        ["1", "1", "core/share/share-this"]
    ]
    never = run("rules", "stats", "--never", "a.jsonl", cwd=tmp_path).stdout.splitlines()
    assert "core/share/share-this" not in never
    assert "core/mobile-switch/switch" in never


def test_the_schema_names_every_key() -> None:
    whole = schema()
    rule = whole["properties"]["rule"]["items"]
    assert set(whole["properties"]) == set(PACK_KEYS)
    assert set(rule["properties"]) == {*KINDS, *KEYS}
    assert [next(iter(choice["required"])) for choice in rule["oneOf"]] == list(KINDS)


def test_bundled_packs_fit_the_schema() -> None:
    rule = schema()["properties"]["rule"]["items"]
    for _, path in pack_files():
        for table in tomllib.loads(path.read_text(encoding="utf-8")).get("rule", []):
            assert not misfits(table, rule), (path, table["id"])


def misfits(table: dict[str, Any], rule: dict[str, Any]) -> list[str]:
    """Keys of a rule whose value the schema does not allow, as far as types and choices go."""
    kinds: dict[str, type | tuple[type, ...]] = {
        "string": str, "array": list, "object": dict, "boolean": bool, "integer": int, "number": (int, float),
    }  # fmt: skip
    out = [key for key in table if key not in rule["properties"]]
    for key, value in table.items():
        spec = rule["properties"].get(key, {})
        options = spec.get("oneOf", [spec])
        if not any("type" not in o or isinstance(value, kinds[o["type"]]) for o in options):
            out.append(key)
        if "enum" in spec and value not in spec["enum"]:
            out.append(key)
    return out
