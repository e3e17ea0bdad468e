"""What a page must hold for an XPath expression to find anything in it; read off the expression, without a tree."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"""contains\(concat\(' ', normalize-space\(@class\), ' '\), ['"] ([^'"\s]+) ['"]\)""")
_EQUAL = re.compile(r"""@(id|class)\s*=\s*(?:'([^']+)'|"([^"]+)")""")
_VALUE = re.compile(
    r"""(?:(?:starts-with|contains)\(@[\w:-]+,\s*|@[\w:-]+\s*=\s*|substring\(@[\w:-]+,[^'"=]*=\s*)(?:'([^']+)'|"([^"]+)")"""
)
_TAG = re.compile(r"//([a-z][a-z0-9-]*)(?=\[|/|\Z)")
_NAME = re.compile(r"@[a-z][\w:-]*")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_PARENS = re.compile(r"['\"()]")
_EITHER = re.compile(r"\||\bor\b")
_COMMON = frozenset(
    "html head body div span p a ul ol li img table tr td th tbody section article h1 h2 h3 script @class @id @href @src "
    "@style".split()
)
_LEAST = 3

TOKEN, VALUE, NAME, NOTHING = "token", "value", "name", ""
"""A word of a class or an id; a part of any attribute's value; the name of an element or, after ``@``, an attribute."""


def required(xpath: str) -> tuple[str, str]:
    """Return kind and literal of something without which ``xpath`` finds nothing, the rarest that can be told.

    >>> required("//div[@id = 'promo']/p")
    ('token', 'promo')
    """
    sure = _without_not(xpath)
    if sure is None or _EITHER.search(_QUOTED.sub("''", sure)):
        return NOTHING, ""
    tokens = _TOKEN.findall(sure)
    values: list[str] = []
    for _, single, double in _EQUAL.findall(sure):
        (tokens if len((single or double).split()) == 1 else values).append(single or double)
    if tokens:
        return TOKEN, max((t.strip() for t in tokens), key=len)
    values += [single or double for single, double in _VALUE.findall(sure)]
    if values and len(longest := max(values, key=len)) >= _LEAST:
        return VALUE, longest
    bare = _QUOTED.sub("''", sure)
    names = [n for n in (*_TAG.findall(bare), *_NAME.findall(bare)) if n not in _COMMON]
    return (NAME, max(names, key=len)) if names else (NOTHING, "")


def _without_not(xpath: str) -> str | None:
    """Return the expression without what stands in ``not()``; None when its parentheses do not match."""
    while (at := xpath.find("not(")) >= 0:
        depth, i, quote = 0, at + 3, ""
        for found in _PARENS.finditer(xpath, at + 3):
            c, i = found[0], found.start()
            if quote:
                quote = "" if c == quote else quote
            elif c in "'\"":
                quote = c
            else:
                depth += 1 if c == "(" else -1
                if not depth:
                    break
        if depth:
            return None
        xpath = f"{xpath[:at]}true({xpath[i:]}"
    return xpath
