"""Full-Text RSS site configs (ftr-site-config): one text file a host, ``directive: value`` a line.

Source: help.fivefilters.org/full-text-rss/site-patterns.html. ``strip`` and ``strip_id_or_class`` become ``select``
rules, ``body`` a ``content`` rule, ``skip_id_or_class`` a ``keep`` rule; a ``strip`` that asks for a text becomes a phrase
as well. Packs only delete, so replacements by anything but nothing are dropped; so are paging, log-ins and headers,
which are about fetching.
"""

from __future__ import annotations

import re
from pathlib import Path

from scrubber.formats.select import to_xpath
from scrubber.packs.importers.result import Import, Imported, Line

LICENCE = "CC0-1.0"
_DIRECTIVE = re.compile(r"([a-z0-9_]+)(?:\((.*?)\))?$", re.DOTALL)
_TEXT = re.compile(
    r"""//(?:\*|p|div|span|h[1-6]|strong|em|b|li|a)\[(?P<starts>starts-with\()?\s*(?:\.|text\(\)|normalize-space\((?:\.|text\(\))?\))"""
    r"""\s*(?(starts),|=)\s*(?:'(?P<single>[^']+)'|"(?P<double>[^"]+)")\s*(?(starts)\))\](?:/\.\.|/parent::\w+|/ancestor::\w+\[1\])?"""
)
_SHORTEST = 8
_DROPPED = {
    "title": "metadata comes from the page", "author": "metadata comes from the page",
    "date": "metadata comes from the page",
    "prune": "there is no such pass", "tidy": "there is no such pass", "parser": "there is one parser",
    "test_url": "a page to try, not a rule", "test_contains": "a page to try, not a rule",
    "http_header": "scrubber does not fetch", "next_page_link": "scrubber does not fetch",
    "single_page_link": "scrubber does not fetch", "single_page_link_in_feed": "scrubber does not fetch",
    "if_page_contains": "scrubber does not fetch", "autodetect_next_page": "scrubber does not fetch",
    "requires_login": "scrubber does not log in", "not_logged_in_xpath": "scrubber does not log in",
    "strip_attr": "attributes are no text", "post_strip_attr": "attributes are no text",
    "strip_image_src": "about pictures", "insert_detected_image": "about pictures", "src_lazy_load_attr": "about pictures",
    "wrap_in": "packs only delete", "move_into": "packs only delete", "dissolve": "packs only delete",
    "convert_double_br_tags": "packs only delete", "footnotes": "packs only delete",
    "autodetect_on_failure": "the model always speaks", "skip_json_ld": "about metadata", "strip_comments": "always so",
    "native_ad_clue": "a page is not judged as a whole",
}  # fmt: skip


def import_ftr(path: Path) -> Import:
    """Return the rules of a file or of every ``.txt`` file in a folder. Raises ``OSError``."""
    files = sorted(p for p in path.glob("*.txt") if p.name not in ("LICENSE.txt", "global.txt")) if path.is_dir() else [path]
    done = Import("ftr-site-config")
    for file in files:
        _file(file, done)
    return done


def _file(path: Path, done: Import) -> None:
    host = path.name.removesuffix(".txt").lstrip(".").lower().removeprefix("www.")
    find = ""
    for number, raw in enumerate(path.read_text(encoding="utf-8-sig", errors="replace").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        before, colon, value = line.partition(":")
        directive = _DIRECTIVE.match(before.strip())
        name, argument, value = (directive[1], directive[2], value.strip()) if directive else ("", None, value.strip())
        at = f"{path.name}:{number}"
        if name == "replace_string" and argument is None:
            outcome, reason = _replacement(find, value, host, at, done)
        elif name == "replace_string":
            outcome, reason = _replacement(argument or "", value, host, at, done)
        elif name == "find_string":
            find, outcome, reason = value, "dropped", "see its replace_string"
        elif not colon or not name:
            outcome, reason = "unknown", "not a directive"
        elif name in _DROPPED or name.startswith("login_"):
            outcome, reason = "dropped", _DROPPED.get(name, "scrubber does not log in")
        else:
            outcome, reason = _rule(name, value, host, at, done)
        done.lines.append(Line(path.name, number, outcome, reason))


def _replacement(find: str, value: str, host: str, at: str, done: Import) -> tuple[str, str]:
    """Take in a replacement by nothing of what is text; the source of a page is no text."""
    if value:
        return "dropped", "packs only delete, and this writes something else"
    text = find.strip()
    if len(text) < _SHORTEST or set(text) & set('<>=&"{}'):
        return "dropped", f"a deletion in the source of the page, not in its text: {find[:40]!r}"
    rule = Imported("span", (re.escape(text),), at, "Cut out by the site's config.", needs=(text.lower(),))
    done.rules.setdefault(host, []).append(rule)
    return "imported", ""


def _phrase(xpath: str, host: str, at: str, done: Import) -> None:
    """Add what an expression says of text as a phrase, for texts and dumps of the site."""
    if found := _TEXT.fullmatch(xpath):
        literal = found["single"] or found["double"]
        if len(literal.split()) > 1 and not set(literal) & set("{}"):
            phrases = (literal, f"{literal.strip()} {{title}}") if found["starts"] else (literal,)
            done.rules.setdefault(host, []).append(Imported("phrases", phrases, at, "Left out by the site's config."))


def _rule(name: str, value: str, host: str, at: str, done: Import) -> tuple[str, str]:
    plain = value.strip("\"' ")
    if not value:
        return "dropped", "no value"
    if name in ("strip_id_or_class", "skip_id_or_class"):
        if not plain or '"' in plain:
            return "dropped", "not a class or id"
        selectors = tuple(class_or_id(plain))
    elif name in ("strip", "body"):
        selectors = (value if value.startswith(("/", "(", "./")) else f"//{value}",)
        try:
            to_xpath(selectors[0])
        except ValueError:
            return "dropped", "not XPath 1.0 for elements"
    else:
        return "unknown", f'no directive "{name}"'
    kind = "content" if name == "body" else "select"
    keep = name == "skip_id_or_class"
    why = "The main content, by the site's config." if kind == "content" else "Left out by the site's config."
    if name == "strip":
        _phrase(value, host, at, done)
    done.rules.setdefault(host, []).append(
        Imported(kind, selectors, at, "Kept by the site's config." if keep else why, keep=keep)
    )
    return "imported", ""


def class_or_id(value: str) -> list[str]:
    """Return XPath for elements with a whole class word or id; ``value`` may hold several words of one attribute."""
    words = value.split()
    tokens = " and ".join(f"contains(concat(' ', normalize-space(@class), ' '), \" {word} \")" for word in words)
    return [f"//*[{tokens}]", f'//*[@id="{value}"]']
