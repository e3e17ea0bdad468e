"""The documentation says what is true: commands, hooks, rule keys, examples."""

from __future__ import annotations

import doctest
import json
import re
import tomllib
from pathlib import Path

import pytest

import scrubber
from scrubber.errors import RuleError
from scrubber.model import Settings
from scrubber.packs.load import HOLES, KEYS, KINDS, PACK_KEYS, WHERE, load_pack
from scrubber.report.jsonl import lines

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
WRITING = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md")])
SETUP = re.compile(r"^python3 -m venv .+$", re.M)


def fenced(text: str, language: str) -> list[str]:
    """Return the contents of the fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def test_readme_has_exactly_two_set_up_commands() -> None:
    commands = SETUP.findall(README)
    assert len(commands) == 2
    assert "scrubber clean --diff --exit-zero fixtures/articles/sample.md" in commands[0]
    assert (ROOT / "fixtures/articles/sample.md").is_file()
    assert commands[1].endswith("pytest -q")


def test_readme_before_and_after() -> None:
    before, after = fenced(README, "text")[:2]
    assert scrubber.clean(before.removesuffix("\n")).text == after.removesuffix("\n")


def test_readme_python() -> None:
    examples = doctest.DocTestParser().get_doctest(README, {}, "README.md", "README.md", 0)
    assert examples.examples
    said: list[str] = []
    doctest.DocTestRunner(verbose=False).run(examples, out=said.append)
    assert not said, "".join(said)


def test_readme_names_every_hook() -> None:
    hooks = re.findall(r"^- id: (\S+)$", (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), re.M)
    assert len(hooks) == 2
    assert not [hook for hook in hooks if f"{hook} " not in README]


def test_documented_commands_and_options_exist() -> None:
    """Every command is in the README, and every command and option of the pages is in the program."""
    from scrubber.cli.main import COMMANDS, cli

    assert not [name for name in COMMANDS if f"scrubber {name}" not in README]
    known = {option for param in _params(cli) for option in param}
    for page in PAGES:
        for block in fenced(page.read_text(encoding="utf-8"), "sh"):
            for call in re.findall(r"(?:^|[|(] ?)(scrubber [^|#\n>&)\"]*)", block, re.M):
                options = re.findall(r"(?<=\s)--?[a-z0][\w-]*", call)
                assert not [o for o in options if o not in known], f"{page.name}: {call}"
                word = call.split()[1] if len(call.split()) > 1 else "-"
                assert word in COMMANDS or not re.fullmatch(r"[a-z]+", word), f"{page.name}: {call}"


def _params(command: object) -> list[list[str]]:
    import click

    if isinstance(command, click.Group):
        context = click.Context(command)
        children = [command.get_command(context, name) for name in command.list_commands(context)]
        return [options for child in children for options in _params(child)]
    assert isinstance(command, click.Command)
    return [[*p.opts, *p.secondary_opts] for p in command.params]


@pytest.mark.parametrize("key", [*KINDS, *KEYS, *PACK_KEYS])
def test_every_key_is_explained(key: str) -> None:
    assert f"`{key}`" in WRITING


@pytest.mark.parametrize("word", [*(f"{{{h}}}" for h in HOLES), *WHERE, "certain", "likely", "fair", "weak"])
def test_every_choice_is_explained(word: str) -> None:
    assert f"`{word}`" in WRITING


def test_the_rules_of_the_tutorial_load(tmp_path: Path) -> None:
    packs = [block for block in fenced(WRITING, "toml") if "[[rule]]" in block]
    assert packs
    for block in packs:
        path = tmp_path / "kitchen.toml"
        path.write_text(block if block.startswith("schema") else f"schema = 1\n{block}", encoding="utf-8")
        pack = load_pack("user/kitchen", path)
        assert pack.rules


def test_the_kinds_of_the_tutorial_load(tmp_path: Path) -> None:
    """Each example of a kind is a rule once it has an id, a role, a certainty and a reason."""
    head = 'schema = 1\n[[rule]]\nid = "x"\nrole = "share"\ncertainty = "likely"\nwhy = "Because."\n'
    seen = set()
    for block in fenced(WRITING.partition("## Kinds of rules")[2].partition("\n## ")[0], "toml"):
        path = tmp_path / "kinds.toml"
        path.write_text(head + block, encoding="utf-8")
        seen.add(load_pack("user/kinds", path).rules[0].kind)
    assert seen == set(KINDS)


def test_the_first_rule_works(tmp_path: Path) -> None:
    path = tmp_path / "kitchen.toml"
    path.write_text(fenced(WRITING, "toml")[0], encoding="utf-8")
    cleaner = scrubber.Cleaner(Settings(rules=(path,)))
    rule = tomllib.loads(path.read_text(encoding="utf-8"))["rule"][0]
    prose = "It is all in the stock, which takes two days to make, and nobody has ever regretted the wait."
    for line in rule["drops"]:
        assert cleaner.clean(f"{prose}\n\n{line}\n").text == f"{prose}\n"
    for line in rule["keeps"]:
        assert cleaner.clean(f"{prose}\n\n{line}\n").text == f"{prose}\n\n{line}\n"


def test_the_mistake_is_told_as_the_page_says(tmp_path: Path) -> None:
    path = tmp_path / "kitchen.toml"
    path.write_text(fenced(WRITING, "toml")[0].replace("phrases.en", "phrase"), encoding="utf-8")
    with pytest.raises(RuleError) as told:
        load_pack("user/kitchen", path)
    assert str(told.value).removeprefix(f"{tmp_path}/") in WRITING.replace("my-rules/", "")


def test_reports_explain_every_key() -> None:
    page = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    source, clean = ("\n".join(fenced(page, "text")).removesuffix("\n"), 'The boat sails on "Monday".')
    cleaned = scrubber.Cleaner(Settings()).clean(source, name="ferry.txt")
    assert cleaned.text == clean
    about = {"encoding": "utf-8", "bom": b"", "sha256_in": "", "sha256_out": ""}
    written = [json.loads(line) for line in lines(cleaned.report, **about)]
    for record in written:
        section = page.partition(f"## `{record['type']}`")[2].partition("\n## ")[0]
        assert not [key for key in record if f"`{key}`" not in section]
    for shown in (json.loads(line) for line in fenced(page, "json")[0].splitlines()):
        assert any(shown.items() <= {k: v for k, v in r.items() if _hashable(v)}.items() for r in written), shown


def _hashable(value: object) -> bool:
    return not isinstance(value, list | dict)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert not [t for t in targets if not (page.parent / t).exists()]


def test_the_version_is_said_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == scrubber.__version__
    assert project["version"] in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
