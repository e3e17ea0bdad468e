"""Cosmetic filters of Adblock Plus, uBlock Origin and AdGuard, as far as a page without layout and scripts allows.

Written from the documentation: help.adblockplus.org (filter cheatsheet), github.com/gorhill/uBlock/wiki
(Procedural cosmetic filters) and adguard.com/kb (Creating filters). Lists are mostly GPL or CC BY-SA: the packs are
for their user, and name the list and its licence.
"""

from __future__ import annotations

import re
from pathlib import Path

from scrubber.formats.select import to_xpath
from scrubber.packs.importers.result import Import, Imported, Line

_SEPARATOR = re.compile(r"#@?(?:\$\?|\$|%|\?)?#|\$@?\$")
_OPERATOR = re.compile(
    r":(-abp-)?(has-text|contains|upward|nth-ancestor|has|xpath|min-text-length|remove|style|matches-[a-z-]+|matches"
    r"|watch-attr|others|shadow|if|if-not|properties)\b(\()?"
)
_LICENCE = re.compile(r"^!\s*Licen[cs]e:?\s*(.+)", re.IGNORECASE)
_TITLE = re.compile(r"^!\s*(?:Title|Version):?\s*(.+)", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9*.-]+\Z")
_BROAD = re.compile(r"(?:[a-z]+|\*)?\Z|.*[*^$]=\s*[\"']?.{0,3}[\"']?\].*", re.DOTALL)


class Unsupported(ValueError):
    """What a filter asks for that a static page cannot answer."""


def import_abp(path: Path, generic: bool = False) -> tuple[Import, str]:
    """Return the rules of a filter list and the licence it names. Filters for every site only with ``generic``."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    titles = [m[1].strip() for line in text.splitlines()[:60] if (m := _TITLE.match(line))]
    licence = next((m[1].strip() for line in text.splitlines()[:60] if (m := _LICENCE.match(line))), "not stated")
    done = Import(" ".join(titles) or path.name)
    dead = 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("!#"):
            dead += line.startswith("!#if") - line.startswith("!#endif")
            done.lines.append(Line(path.name, number, "dropped", "a condition or include"))
            continue
        if not line or line.startswith(("!", "[Adblock", "# ")) or line == "#":
            continue
        outcome, reason = (
            ("dropped", "inside a condition") if dead > 0 else _filter(line, f"{path.name}:{number}", generic, done)
        )
        done.lines.append(Line(path.name, number, outcome, reason))
    return done, licence


def _filter(line: str, at: str, generic: bool, done: Import) -> tuple[str, str]:
    if line.startswith("[$"):
        return "dropped", "AdGuard modifiers"
    match = _SEPARATOR.search(line)
    if match is None or (match[0].startswith("$") and not line[match.end() : match.end() + 1].isalpha()):
        return "dropped", "a network filter"
    separator, body = match[0], line[match.end() :].strip()
    keep = "@" in separator
    if "%" in separator or body.startswith(("+js(", "script:inject")):
        return "dropped", "a script"
    if "$" in separator.strip("#") and separator.startswith("#"):
        if "remove: true" not in body:
            return "dropped", "styles"
        body = body.partition("{")[0].strip()
    if separator.startswith("$"):
        return "dropped", "an AdGuard HTML filter"
    body = body.removeprefix("^")
    hosts, without = _hosts(line[: match.start()])
    if hosts is None:
        return "dropped", "a domain that is a pattern"
    if without and not hosts:
        return "dropped", "for every site but some"
    if not hosts and not generic:
        return "dropped", "for every site (say --generic)"
    if not hosts and not keep and _BROAD.match(body):
        return "dropped", "too broad for every site"
    try:
        xpath = to_selector(body)
    except Unsupported as error:
        return "dropped", str(error)
    except ValueError:
        return "unknown", "not a selector"
    why = "Hidden by a filter list." if not keep else "Shown by a filter list."
    for host in hosts or [""]:
        done.rules.setdefault(host, []).append(Imported("select", (xpath,), at, why, keep=keep))
    for host in without:
        done.rules.setdefault(host, []).append(Imported("select", (xpath,), at, "Shown by a filter list.", keep=True))
    return "imported", ""


def _hosts(domains: str) -> tuple[list[str] | None, list[str]]:
    """Return the hosts a filter is for and those it is not for; None when one is a pattern."""
    hosts: list[str] = []
    without: list[str] = []
    for name in filter(None, (d.strip().lower() for d in domains.split(","))):
        bare = name.lstrip("~")
        if not _HOST.match(bare) or "*" in bare:
            return None, []
        (without if name.startswith("~") else hosts).append(bare)
    return hosts, without


def to_selector(body: str) -> str:
    """Return a filter's body as XPath. Raises ``Unsupported`` for what needs layout or scripts, ``ValueError``."""
    match = _OPERATOR.search(body)
    if match is None:
        return to_xpath(body)
    operator, head, rest = match[2], body[: match.start()], body[match.end() :]
    if operator == "remove":
        return to_xpath(head)
    if operator not in ("has-text", "contains", "upward", "nth-ancestor", "has", "xpath", "min-text-length") or not match[3]:
        raise Unsupported(f":{operator}() needs layout or scripts")
    argument, tail = _argument(rest)
    if operator == "xpath":
        if head.strip() not in ("", "*"):
            raise Unsupported(":xpath() after a selector")
        base = argument
    else:
        # the part before the operator as it stands: a trailing combinator means "any element"
        base = to_selector(head + "*" if not head or head[-1] in " >+~" else head)
        base = (f"({base})" if " | " in base else base) + _step(operator, argument)
    if not tail.strip():
        return to_xpath(base)
    if tail.startswith(":"):
        following = _OPERATOR.match(tail)
        if following and following[3]:
            more, end = _argument(tail[following.end() :])
            if following[2] in ("upward", "nth-ancestor", "has-text", "contains") and not end.strip():
                return to_xpath(base + _step(following[2], more))
        if following and following[2] == "remove":
            return to_xpath(base)
    elif tail[0] in " >" and not _OPERATOR.search(tail):
        child = tail.lstrip()
        axis, child = ("/", child[1:].lstrip()) if child.startswith(">") else ("//", child)
        return to_xpath(base + axis + to_xpath(child).removeprefix("//"))
    raise Unsupported("a chain of operators")


def _step(operator: str, argument: str) -> str:
    """Return what an operator adds to an XPath."""
    if operator in ("upward", "nth-ancestor"):
        if argument.isdigit():
            return "/.." * int(argument) if 0 < int(argument) < 256 else "[false()]"
        step = to_xpath(argument).removeprefix("//")
        return f"/ancestor::{step}[1]" if " | " not in step else "[false()]"
    if operator == "min-text-length":
        return f"[string-length(normalize-space(.)) >= {int(argument)}]"
    if operator == "has":
        inner = argument.lstrip()
        axis = "./" if inner.startswith(">") else ".//"
        return f"[{axis}{to_selector(inner.lstrip('> ')).removeprefix('//')}]"
    text = argument.strip("\"'")
    if len(text) > 1 and text.startswith("/") and re.search(r"/[a-z]*\Z", text):
        pattern, _, flags = text[1:].rpartition("/")
        if not re.fullmatch(r"\^?[\w .:,'-]+\$?", pattern) or set(flags) - {"i"}:
            raise Unsupported("a regular expression")
        word = pattern.strip("^$")
        value = "normalize-space(.)"
        if flags == "i":
            upper = "".join(sorted({c.upper() for c in word if c.isalpha()}))
            value, word = f"translate({value}, {_literal(upper)}, {_literal(upper.lower())})", word.lower()
        starts, ends = pattern.startswith("^"), pattern.endswith("$")
        if "." in word:
            raise Unsupported("a regular expression")
        if starts and ends:
            return f"[{value} = {_literal(word)}]"
        if ends:
            raise Unsupported("a regular expression")
        return f"[{'starts-with' if starts else 'contains'}({value}, {_literal(word)})]"
    return f"[contains(., {_literal(text)})]"


def _literal(text: str) -> str:
    if '"' not in text:
        return f'"{text}"'
    if "'" not in text:
        return f"'{text}'"
    raise Unsupported("both kinds of quotes")


def _argument(rest: str) -> tuple[str, str]:
    """Return what stands in an operator's parentheses, and what follows them."""
    depth, quote = 1, ""
    for i, c in enumerate(rest):
        if quote:
            quote = "" if c == quote and rest[i - 1] != "\\" else quote
        elif c in "\"'" and (i == 0 or rest[i - 1] in "(=,"):
            quote = c
        elif c == "(":
            depth += 1
        elif c == ")":
            depth -= 1
            if not depth:
                return rest[:i], rest[i + 1 :]
    raise ValueError("unbalanced parentheses")
