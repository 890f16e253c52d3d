"""How a message of a kind is worded; what the administrator set, remembered."""

import re

from django.conf import settings

from platform_core.common.snapshots import Snapshot

from .enums import Channel, Level
from .models import MessageTemplate

_known = Snapshot("notices.templates")
ORDER = {level: place for place, level in enumerate(Level)}
MARKS = ("{title}", "{body}", "{name}", "{platform}")
Key = tuple[str, str]


def find(kind: str, channel: Channel, level: str) -> MessageTemplate | None:
    """The template in use for a kind, if messages of this level go that way."""
    found: MessageTemplate | None = _known.get("all", _read).get((kind, channel.value))
    if found is None or ORDER[Level(level)] < ORDER[Level(found.least_level)]:
        return None
    return found


def renew() -> None:
    """Note that templates were changed."""
    _known.renew()


def worded(text: str, *, title: str, body: str, name: str) -> str:
    """A template with what is told put in; anything else in braces stays."""
    values = (title, body, name, settings.NODE_NAME)
    for mark, value in zip(MARKS, values, strict=True):
        text = text.replace(mark, value)
    return text


def unknown(text: str) -> list[str]:
    """What stands in braces and is never filled in."""
    return [mark for mark in re.findall(r"\{\w+\}", text) if mark not in MARKS]


def _read() -> dict[Key, MessageTemplate]:
    rows = MessageTemplate.objects.filter(is_active=True)
    return {(row.kind, row.channel): row for row in rows}
