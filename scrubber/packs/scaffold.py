"""A first rule file for a site, to be filled in."""

from __future__ import annotations

import datetime
import re

from scrubber.errors import RuleError

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")
_TEMPLATE = """\
#:schema ./rules.schema.json
# Debris of {host}. Fill in, then:  scrubber rules test FILE  and  scrubber clean --rules FILE --diff article.txt
schema = 1
checked = {day}
hosts = ["{host}"]
# uses = ["platforms/wordpress"]        # the publishing system, if there is a pack for it

[[rule]]
id = "below-the-article"                # named after the debris
role = "newsletter"                     # share, comments, related, ads, nav, ... (scrubber rules list shows them)
certainty = "likely"                    # certain: nobody writes this as prose; weak: only debris in company
why = "Box below every article."
# whole lines; {{n}} {{date}} {{time}} {{name}} {{title}} {{site}} stand for what varies
phrases = [
    "Get the best of {host} in your inbox",
]
drops = ["Get the best of {host} in your inbox"]
keeps = ["Get the best of {host} in your inbox, it said, and nobody did."]
"""


def scaffold(host: str, today: datetime.date) -> str:
    """Return a valid rule file for ``host``. Raises ``RuleError`` if that is no host name."""
    name = host.strip().lower().removeprefix("https://").removeprefix("http://").split("/")[0].removeprefix("www.")
    if not _HOST.fullmatch(name):
        raise RuleError(f'"{host}" is no host name (give one such as example.com)')
    return _TEMPLATE.format(host=name, day=today.isoformat())
