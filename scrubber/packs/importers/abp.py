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
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*(?:\.\*)?\Z")
_STYLE = re.compile(r"\{([^{}]*)\}\s*\Z")
_PSEUDO = re.compile(r"::?(?:before|after|first-letter|first-line|placeholder|selection|backdrop)\b")
_REMOVE = re.compile(r"\bremove\s*:\s*true\b")
_PLAIN = re.compile(r"[\w :,'&!-]+\Z")
_SIBLING = {"+": "/following-sibling::*[1]/self::", "~": "/following-sibling::", ">": "/"}
_BROAD = re.compile(r"(?:[a-z]+|\*)?\Z|.*[*^$]=\s*[\"']?.{0,3}[\"']?\].*", re.DOTALL)


_KNOWN = frozenset(("has-text", "contains", "upward", "nth-ancestor", "has", "xpath", "min-text-length"))


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
    if style := _STYLE.search(body):
        if not _REMOVE.search(style[1]):
            return "dropped", "styles"
        body = body[: style.start()].strip()
    elif "$" in separator.strip("#") and separator.startswith("#"):
        return "dropped", "styles"
    if _PSEUDO.search(body):
        return "dropped", "styles"
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
        if not _HOST.match(bare):
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
    if operator not in _KNOWN or not match[3]:
        raise Unsupported(f":{operator}() needs layout or scripts")
    if head.endswith(":not("):
        if operator not in ("has", "has-text", "contains"):
            raise Unsupported("a chain of operators")
        argument, tail = _argument(rest)
        if not tail.startswith(")"):
            raise Unsupported("a chain of operators")
        base, step = _base(head.removesuffix(":not(")), _step(operator, argument)
        return _followed(f"{base}[not({step[1:-1]})]", tail[1:])
    argument, tail = _argument(rest)
    if operator != "xpath":
        return _followed(_base(head) + _step(operator, argument), tail)
    if head.strip() not in ("", "*"):
        raise Unsupported(":xpath() after a selector")
    return _followed(argument, tail)


def _base(head: str) -> str:
    """Return what stands before an operator as XPath: a trailing combinator means "any element"."""
    base = to_selector(head + "*" if not head or head[-1] in " >+~" else head)
    return f"({base})" if " | " in base else base


def _followed(base: str, tail: str) -> str:
    """Return XPath for what follows an operator: more operators, or a way down or on to other elements."""
    while following := _OPERATOR.match(tail):
        if following[2] == "remove":
            return to_xpath(base)
        if following[2] not in _KNOWN or following[2] == "xpath" or not following[3]:
            raise Unsupported(f":{following[2]}() needs layout or scripts")
        argument, tail = _argument(tail[following.end() :])
        base += _step(following[2], argument)
    if not tail.strip():
        return to_xpath(base)
    if tail[0] not in " >+~" or _OPERATOR.search(tail):
        raise Unsupported("a chain of operators")
    way = tail.lstrip()
    axis = _SIBLING.get(way[0], "//")
    return to_xpath(base + axis + _one(way.lstrip(">+~ ")))


def _one(selector: str) -> str:
    """Return a selector as a step of XPath; one with alternatives is none."""
    step = to_selector(selector).removeprefix("//")
    if " | " in step or step.startswith("("):
        raise Unsupported("alternatives inside an operator")
    return step


def _step(operator: str, argument: str) -> str:
    """Return what an operator adds to an XPath."""
    if operator in ("upward", "nth-ancestor"):
        if argument.isdigit():
            return "/parent::*" * int(argument) if 0 < int(argument) < 256 else "[false()]"
        return f"/ancestor::{_one(argument)}[1]"
    if operator == "min-text-length":
        return f"[string-length(normalize-space(.)) >= {int(argument)}]"
    if operator == "has":
        return f"[{' or '.join(_inside(part) for part in _alternatives(argument))}]"
    text = argument.strip("\"'")
    if len(text) > 1 and text.startswith("/") and re.search(r"/[a-z]*\Z", text):
        pattern, _, flags = text[1:].rpartition("/")
        return f"[{_matching(pattern, flags)}]"
    return f"[contains(., {_literal(text)})]"


def _inside(selector: str) -> str:
    """Return what ``:has()`` asks for, as a condition: an element below, a child, or a sibling after."""
    selector = selector.strip()
    axis = {">": "./", "+": "following-sibling::*[1]/self::", "~": "following-sibling::"}.get(selector[0], ".//")
    return axis + _one(selector.lstrip(">+~ "))


def _alternatives(text: str) -> list[str]:
    """Return the parts of a list of selectors: split at commas outside brackets and quotes."""
    parts, depth, quote = [""], 0, ""
    for c in text:
        if quote:
            quote = "" if c == quote else quote
        elif c in "\"'":
            quote = c
        else:
            depth += (c in "([") - (c in ")]")
        if c == "," and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += c
    if not all(part.strip() for part in parts):
        raise ValueError("an empty selector")
    return parts


def _matching(pattern: str, flags: str) -> str:
    """Return a regular expression as a condition: plain words, alternatives of them, ``^`` and ``$``, and ``i``."""
    if set(flags) - {"i", "u"}:
        raise Unsupported("a regular expression")
    if "|" in pattern and (group := re.fullmatch(r"(\^?)\(([^()]*)\)(\$?)", pattern)):
        words = [group[1] + word + group[3] for word in group[2].split("|")]
    else:
        words = pattern.split("|")
    return " or ".join(_matching_word(word, "i" in flags) for word in words)


def _matching_word(word: str, fold: bool) -> str:
    starts, ends = word.startswith("^"), word.endswith("$")
    word = word.removeprefix("^").removesuffix("$").replace("\\s", " ").replace("\\.", "\0")
    if not _PLAIN.match(word.replace("\0", "")):
        raise Unsupported("a regular expression")
    word, value = word.replace("\0", "."), "normalize-space(.)"
    if fold:
        upper = "".join(sorted({c.upper() for c in word if c.isalpha()}))
        value, word = f"translate({value}, {_literal(upper)}, {_literal(upper.lower())})", word.lower()
    quoted = _literal(word)
    if starts and ends:
        return f"{value} = {quoted}"
    if ends:
        return f"substring({value}, string-length({value}) - {len(word) - 1}) = {quoted}"
    return f"{'starts-with' if starts else 'contains'}({value}, {quoted})"


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
