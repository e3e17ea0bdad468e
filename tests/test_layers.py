"""The layers of docs/design.md, held by reading the sources: imports point downwards only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import scrubber

ROOT = Path(scrubber.__file__).parent

# Lowest first. A module may import from rows above its own in this table, and from itself.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("_native",),
    ("model", "errors", "pattern", "native", "interrupt"),
    ("edits", "fold", "holes", "hosts", "decode"),
    ("view", "language"),
    ("scene", "normalise", "formats"),
    ("surroundings",),
    ("evidence",),
    ("verdict", "selection"),
    ("matchers", "structure", "account"),
    ("packs", "engine", "containers", "settings", "report", "files"),
    ("cleaner", "restore"),
    ("extract", "pages", "survey"),
    ("run",),
    ("attributes", "adapters", "scale"),
    ("cli",),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}

# Libraries that only some parts may know.
ONLY_IN = {
    "click": ("scrubber.cli",),
    "rich": ("scrubber.cli", "scrubber.report"),
    "lxml": ("scrubber.formats",),
    "bs4": ("scrubber.formats.html", "scrubber.decode"),
    "cssselect": ("scrubber.formats.select",),
    "markdownify": ("scrubber.formats.prune",),
    "numpy": ("scrubber.structure",),
    "datatrove": ("scrubber.adapters.datatrove",),
    "langchain_core": ("scrubber.adapters.langchain",),
    "itemadapter": ("scrubber.adapters.scrapy",),
    "pyarrow": ("scrubber.containers.parquet",),
    "ray": ("scrubber.scale.cluster",),
    "warcio": ("scrubber.containers.warc",),
    "zstandard": ("scrubber.containers.codecs",),
    "selectolax": ("scrubber.formats.dom",),
}


def modules() -> dict[str, Path]:
    """Return every module of the package by its dotted name."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(source: str, known: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of everything a source imports, inside functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            for alias in node.names:
                full = f"{base}.{alias.name}"
                yield node.lineno, full if full in known else base


def part(module: str) -> str:
    """Return the name a module goes by in the table: its first component below the package."""
    return module.split(".")[1] if "." in module else ""


def offence(module: str, target: str) -> str:
    """Return what is wrong with ``module`` importing ``target``, or nothing."""
    top = target.split(".")[0]
    if top == "":
        return "relative import"
    if top in ONLY_IN and not any(module == p or module.startswith(p + ".") for p in ONLY_IN[top]):
        return f"{top} belongs in {' or '.join(ONLY_IN[top])}"
    if top != "scrubber":
        return ""
    here, there = part(module), part(target)
    if here in ("", "__main__"):  # the front door opens on everything below the command line
        return "" if here == "__main__" or there != "cli" else "the package must not import the command line"
    if there == "":
        return "" if here == "cli" else "the package's front door is for those outside"
    if here == there:
        return ""
    if there not in RANK:
        return f"{target} has no layer"
    if RANK[there] == RANK[here]:
        return f"sideways to {target}"
    return f"upwards to {target}" if RANK[there] > RANK[here] else ""


MODULES = modules()


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_downwards(module: str) -> None:
    if part(module) not in ("", "__main__"):
        assert part(module) in RANK, f"{module}: give it a place in LAYERS and in docs/design.md"
    source = MODULES[module].read_text(encoding="utf-8")
    found = [
        f"{MODULES[module]}:{line}: {what}"
        for line, target in imports(source, frozenset(MODULES))
        if (what := offence(module, target))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("module", "source", "what"),
    [
        ("scrubber.edits", "from scrubber.model import Edit", ""),
        ("scrubber.edits", "def f():\n    from scrubber.engine import x", "upwards to scrubber.engine"),
        ("scrubber.edits", "from scrubber import fold", "sideways to scrubber.fold"),
        ("scrubber.packs.load", "from scrubber.packs.find import bundled", ""),
        ("scrubber.engine", "import click", "click belongs in scrubber.cli"),
        ("scrubber.report.diff", "from rich.text import Text", ""),
        ("scrubber.engine", "import numpy", "numpy belongs in scrubber.structure"),
        ("scrubber.model", "from . import edits", "relative import"),
        ("scrubber.engine", "from scrubber import Cleaner", "the package's front door is for those outside"),
        ("scrubber", "from scrubber.cli.entry import main", "the package must not import the command line"),
    ],
)
def test_the_check_itself(module: str, source: str, what: str) -> None:
    found = [offence(module, target) for _, target in imports(source, frozenset(MODULES))]
    assert found == [what]


def test_every_layer_is_in_the_design() -> None:
    design = (ROOT.parent / "docs" / "design.md").read_text(encoding="utf-8")
    table = design.partition("## Layers")[2].partition("\n## ")[0]
    missing = [name for name in RANK if f"`{name}`" not in table]
    assert not missing, f"docs/design.md, Layers: {missing}"


def test_module_docstrings() -> None:
    sources = {module: path.read_text(encoding="utf-8") for module, path in MODULES.items()}
    assert not [m for m, source in sources.items() if source.strip() and not ast.get_docstring(ast.parse(source))]
