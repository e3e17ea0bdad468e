"""Days in text: in figures, and written out with the names of months in the languages of news.

A name counts by its first letters, so that cases and abbreviations are known as well; accents and full stops do not count.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from scrubber.pattern import pattern

_ISO = pattern(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_FIGURES = pattern(r"(?<![\d./-])(\d{1,2})([./-]) ?(\d{1,2})\2 ?((?:19|20)\d\d)(?!\.?\d)")
_EAST = pattern(r"((?:19|20)\d\d) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]")
_VIETNAMESE = pattern(r"(\d{1,2}) thang (\d{1,2}),? (?:nam )?((?:19|20)\d\d)")

# January to December; a name is enough if no other month of the same language starts with it.
_MONTHS = """
jan feb mar apr may jun jul aug sep oct nov dec
januar februar marz april mai juni juli august september oktober november dezember
janv fevr mars avr mai juin juil aout sept oct nov dec
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
ene feb mar abr may jun jul ago set oct nov dic
gen feb mar apr mag giu lug ago set ott nov dic
jan fev mar abr mai jun jul ago set out nov dez
jan feb mrt apr mei jun jul aug sep okt nov dec
januari februari maart april mei juni juli augustus september oktober november desember
jan feb mar apr maj jun jul aug sep okt nov dec
tammi helmi maalis huhti touko kesa heina elo syys loka marras joulu
sty lut mar kwi maj cze lip sie wrz paz lis gru
led uno bre dub kve cvn cvc srp zar rij lis pro
ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince
jan feb mar apr maj jun jul aug sep okt nov dec
jan feb marc apr maj jun jul aug szept okt nov dec
ian feb mart apr mai iun iul aug sept oct noi dec
jan feb mar apr maj jun jul avg sep okt nov dec
sij velj ozu tra svi lip srp kol ruj lis stu pro
sausio vasario kovo balandzio geguzes birzelio liepos rugpjucio rugsejo spalio lapkricio gruodzio
janvaris februaris marts aprilis maijs junijs julijs augusts septembris oktobris novembris decembris
jaanuar veebruar marts aprill mai juuni juuli august september oktoober november detsember
oca sub mar nis may haz tem agu eyl eki kas ara
ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik
jan feb mar apr mei jun jul agus sep okt nov des
янв фев мар апр мая июн июл авг сен окт ноя дек
янв фев март апр май июн июл авг сент окт ноем дек
січ лют бер кві тра чер лип сер вер жов лис гру
јан феб мар апр мај јун јул авг сеп окт нов дец
ιαν φεβ μαρ απρ μαι ιουν ιουλ αυγ σεπ οκτ νοε δεκ
يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
كانون-الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين-الأول تشرين-الثاني كانون-الأول
ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
""".strip().splitlines()

_WORD = r"(?:[^\W\d]|[\u0900-\u097f]){3,}"
_DAY_FIRST = pattern(
    rf"(?<![\w.])(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.|º|ª)? ?(?:(?:de|di|of|do) |ב-?)?(?P<m>{_WORD}(?: ?{_WORD})?)\.?,?"
    rf"(?: (?:de|del|of))? ?(?P<y>(?:19|20)\d\d)(?!\d)"
)
_MONTH_FIRST = pattern(rf"(?<!\w)(?P<m>{_WORD})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?,? (?:at )?(?P<y>(?:19|20)\d\d)(?!\d)")
_YEAR_FIRST = pattern(rf"(?<!\d)(?P<y>(?:19|20)\d\d)\.? (?:m\. )?(?P<m>{_WORD})\.? (?P<d>\d{{1,2}})(?!\d)")


def iso(text: str) -> str:
    """Return the first day in figures, year first, as ISO 8601; empty if there is none."""
    match = _ISO.search(text)
    return _joined(*map(int, match.groups())) if match else ""


def written(text: str, language: str = "") -> str:
    """Return the first day that a text writes out, as ISO 8601; empty if there is none.

    Where ``language`` is American English, figures start with the month if they can.
    """
    text = _folded(text)
    for form in (_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST):
        for match in form.finditer(text):
            month = _month(match["m"])
            if month and (found := _joined(int(match["y"]), month, int(match["d"]))):
                return found
    if east := _EAST.search(text):
        return _joined(*map(int, east.groups()))
    if vietnamese := _VIETNAMESE.search(text):
        return _joined(*map(int, reversed(vietnamese.groups())))
    return iso(text) or _figures(text, language)


def _figures(text: str, language: str) -> str:
    match = _FIGURES.search(text)
    if not match:
        return ""
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    american = match[2] != "." and language.lower() in ("", "en", "en-us", "en_us")
    if second > 12 or (american and first <= 12):
        first, second = second, first
    return _joined(year, second, first)


def _joined(year: int, month: int, day: int) -> str:
    return f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 and 1970 <= year <= 2100 else ""


def _folded(text: str) -> str:
    """Return a text in lower case without accents on Latin and Greek letters."""
    text = text.replace("İ", "i").replace("ı", "i").replace("ł", "l").lower()
    if text.isascii():
        return text
    return "".join(_bare(c) for c in text)


@cache
def _bare(char: str) -> str:
    plain = unicodedata.normalize("NFD", char)
    return plain[0] if len(plain) == 2 and plain[0] < "Ѐ" and unicodedata.combining(plain[1]) else char


@cache
def _names() -> dict[str, int]:
    """Return the month of each name; one that two languages give to different months is nobody's."""
    found: dict[str, int] = {}
    for line in _MONTHS:
        for month, name in enumerate(line.split(), 1):
            name = _folded(name.replace("-", " "))
            found[name] = month if found.get(name, month) == month else 0
    return found


@cache
def _month(word: str) -> int:
    """Return the number of the month whose name a word starts with, the longest first; 0 for none."""
    names = _names()
    for length in range(len(word), 2, -1):
        if month := names.get(word[:length]):
            return month
    return names.get(word, 0)
