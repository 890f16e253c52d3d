"""Lights, deadlines, badges and timelines as HTML."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import words

LEVELS = ("green", "blue", "yellow", "orange", "red", "grey")
LIGHTS = {
    "green": ("●", gettext_lazy("On time")),
    "yellow": ("▲", gettext_lazy("Due soon")),
    "red": ("■", gettext_lazy("Overdue")),
    "none": ("○", gettext_lazy("No deadline")),
}


def light(value: str, *, text: bool = True) -> SafeString:
    """A light as shape, colour and text."""
    code = value if value in LIGHTS else "none"
    shape, label = LIGHTS[code]
    return format_html(
        '<span class="light light-{}" title="{}"><i aria-hidden="true">{}</i>'
        '<span class="{}">{}</span></span>',
        code,
        label,
        shape,
        "" if text else "visually-hidden",
        label,
    )


def deadline(
    moment: datetime | None, lamp: str = "", explain: object = ""
) -> SafeString:
    """Time left beside its light; the absolute time and its derivation on hover."""
    if moment is None:
        return format_html('<span class="text-muted">{}</span>', "—")
    code = lamp if lamp in LIGHTS else "none"
    shape, label = LIGHTS[code]
    hint = f"{words.stamp(moment)}\n{explain}" if explain else words.stamp(moment)
    return format_html(
        '<time class="light light-{}" datetime="{}" title="{}">'
        '<i aria-hidden="true">{}</i><span class="visually-hidden">{}</span>'
        "<span>{}</span></time>",
        code,
        moment.isoformat(),
        hint,
        shape,
        label,
        words.remaining(moment),
    )


def status(label: object, level: str = "grey") -> SafeString:
    """A badge; the text says it, the colour repeats it."""
    code = level if level in LEVELS else "grey"
    return format_html('<span class="status status-{}">{}</span>', code, label)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a timeline, as shown."""

    title: str
    at: datetime | None
    who: str
    note: str
    used: str
    overdue: bool
    explain: str


def _get(item: Any, *names: str) -> Any:
    for name in names:
        value = item.get(name) if isinstance(item, dict) else getattr(item, name, None)
        if callable(value):
            value = value()
        if value not in (None, ""):
            return value
    return ""


def step(item: Any) -> Step:
    """A step from a ProcessStep, a dict, or anything with these names."""
    parts = (_get(item, "by_name"), _get(item, "role_name", "unit_name"))
    seconds = _get(item, "elapsed_seconds")
    used = words.duration(seconds) if isinstance(seconds, int | float) else ""
    return Step(
        title=str(_get(item, "title", "action_name", "name", "action")),
        at=_get(item, "at") or None,
        who=" · ".join(str(part) for part in parts if part) or _("System"),
        note=str(_get(item, "note")),
        used=used,
        overdue=bool(_get(item, "overdue")),
        explain=str(_get(item, "explain", "limit")),
    )
