"""Reading an address as people write it; pure functions."""

import re
import unicodedata
from dataclasses import dataclass

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}
UNITS = {"十": 10, "百": 100, "千": 1000}
NOISE = re.compile(r"[\s,，.。;；:：·()（）\[\]【】\"'“”]+")
CHINESE_NUMBER = re.compile(r"([零〇一二三四五六七八九十百千]+)(?=号|弄|栋|幢|单元)")
AWAY = re.compile(
    r"(?P<base>.+?)[向往以]?(?P<way>东南|东北|西南|西北|东|南|西|北)"
    r"(?:侧|边|面|方向|方)?(?:约)?(?P<metres>\d+(?:\.\d+)?)(?:米|m)(?:处)?$"
)
ALONG = re.compile(r"(?P<base>.+?)(?:距)?起点(?P<metres>\d+(?:\.\d+)?)(?:米|m)(?:处)?$")
CROSSING = re.compile(
    r"(?P<one>.{2,}?)(?:与|和|及|、|/|-)(?P<two>.{2,}?)"
    r"(?:交叉路口|交叉口|交汇处|路口|交口|口)?$"
)
NUMBERED = re.compile(
    r"(?P<name>.*?[^\d])(?P<number>\d+)(?:[-之]\d+|[甲乙丙丁])?"
    r"(?:号楼|号|弄|栋|幢)(?P<rest>.*)$"
)
TRAILING = re.compile(r"(?P<name>.*(?:路|街|道|巷|里|园|区))(?P<number>\d+)$")
# From north clockwise, eight sectors
WAYS = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")


@dataclass(frozen=True)
class Wanted:
    """What an address says: a name, a number, and how far from there."""

    name: str
    number: int | None = None
    way: str = ""
    metres: float = 0.0
    along: bool = False
    crossing: tuple[str, str] | None = None


def normalise(text: str) -> str:
    """Full width to half width, no blanks and marks, house numbers in digits."""
    plain = NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()
    plain = plain.replace("號", "号")
    return CHINESE_NUMBER.sub(lambda found: str(_value(found[1])), plain)


def parse(text: str) -> Wanted:
    """The parts of a normalised address without its divisions."""
    away, along = AWAY.fullmatch(text), ALONG.fullmatch(text)
    if along:
        name, number = split(along["base"])
        return Wanted(name, number, metres=float(along["metres"]), along=True)
    if away:
        name, number = split(away["base"])
        return Wanted(name, number, away["way"], float(away["metres"]))
    name, number = split(text)
    crossing = CROSSING.fullmatch(text) if number is None else None
    pair = (crossing["one"], crossing["two"]) if crossing else None
    return Wanted(name, number, crossing=pair)


def split(text: str) -> tuple[str, int | None]:
    """A name and the house number behind it."""
    found = NUMBERED.fullmatch(text) or TRAILING.fullmatch(text)
    if found is None or len(found["number"]) > 6:
        return text, None
    return found["name"], int(found["number"])


def house_number(text: str) -> int | None:
    """The number that a house number counts by: "12号甲" is 12."""
    found = re.search(r"\d+", normalise(text))
    return int(found[0][:6]) if found else None


def grams(text: str) -> set[str]:
    """All pairs of neighbouring characters."""
    return {text[index : index + 2] for index in range(len(text) - 1)}


def way(bearing: float) -> str:
    """The word for a bearing in degrees from north."""
    return WAYS[round(bearing / 45) % 8]


def bearing(word: str) -> float:
    """The bearing of a word."""
    return WAYS.index(word) * 45.0


def _value(text: str) -> int:
    """十二 → 12, 一百零五 → 105, 二三 → 23."""
    if not any(char in UNITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    total = digit = 0
    for char in text:
        if char in UNITS:
            total += (digit or 1) * UNITS[char]
            digit = 0
        else:
            digit = DIGITS[char]
    return total + digit
