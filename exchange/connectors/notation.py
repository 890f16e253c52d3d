"""How people write steps: one a line, a name and what it needs.

`trim`, `date %d.%m.%Y`, `map status`, `scale 0.0001`, `split , 2`,
`replace 号楼 => 栋`, `point gcj02`, `default 0`, `expression length(value)`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError
from platform_core.geo import systems

from . import steps
from .errors import BadValue

# Names of the words behind a step; one with a question mark may be missing, and
# one with a star takes the rest of the line.
WORDS: dict[str, tuple[str, ...]] = {
    "trim": (),
    "narrow": (),
    "upper": (),
    "lower": (),
    "format": ("pattern*",),
    "part": ("start", "end"),
    "date": ("formats*?",),
    "datetime": ("formats*?",),
    "epoch": ("divide?",),
    "number": (),
    "scale": ("factor", "offset?"),
    "round": ("digits?",),
    "boolean": (),
    "split": ("by", "take?"),
    "join": ("by?",),
    "map": ("table",),
    "point": ("system*?",),
    "lon": ("system*?",),
    "lat": ("system*?",),
    "geometry": ("system*?",),
    "expression": ("text*",),
    "default": ("value*",),
}
NUMBERS = {"start", "end", "divide", "factor", "offset", "digits", "take"}


def read(text: str) -> list[dict[str, Any]]:
    """The steps in a text; DomainError names the line that makes no sense."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [check(_step(line)) for line in lines]


def _step(line: str) -> dict[str, Any]:
    name, _space, rest = line.partition(" ")
    if name == "replace":
        old, arrow, new = rest.partition("=>")
        if not arrow or not old.strip():
            raise _wrong(line)
        return {"do": name, "old": old.strip(), "new": new.strip()}
    if name not in WORDS:
        raise _wrong(line)
    return {"do": name} | _arguments(name, rest.strip(), line)


def _arguments(name: str, rest: str, line: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for word in WORDS[name]:
        takes_rest, optional = "*" in word, word.endswith("?")
        given, rest = (rest, "") if takes_rest else _next(rest)
        if not given and not optional:
            raise _wrong(line)
        if given:
            key = word.strip("*?")
            found[key] = given.split("|") if key == "formats" else given
    if rest:
        raise _wrong(line)
    return found


def _next(rest: str) -> tuple[str, str]:
    first, _space, others = rest.partition(" ")
    return first, others.strip()


def _wrong(line: str) -> DomainError:
    return DomainError(_("“%(line)s” is no step.") % {"line": line}, code="format")


def check(step: Mapping[str, Any]) -> dict[str, Any]:
    """A step that can be done; DomainError otherwise."""
    name = step.get("do")
    if name != "replace" and name not in WORDS:
        raise _wrong(str(name))
    for key in NUMBERS & set(step):
        steps.number(step[key])
    if "system" in step:
        _check_system(step["system"])
    if name == "expression":
        steps.compiled(step["text"])
    return dict(step)


def _check_system(name: str) -> None:
    try:
        systems.reader(name)
    except systems.UnknownSystem as error:
        text = _("“%(name)s” is no coordinate system.")
        raise BadValue(text % {"name": name}) from error


def write(given: Sequence[Mapping[str, Any]]) -> str:
    """Steps as people write them."""
    return "\n".join(_line(step) for step in given)


def _line(step: Mapping[str, Any]) -> str:
    if step["do"] == "replace":
        return f"replace {step['old']} => {step.get('new', '')}".strip()
    words = [step["do"]]
    for word in WORDS[step["do"]]:
        value = step.get(word.strip("*?"))
        if value is not None:
            words.append("|".join(value) if isinstance(value, list) else str(value))
    return " ".join(words)
