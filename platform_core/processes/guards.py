"""Guards of process definitions and what their refusals say to people."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from platform_core.workflow.guards import Guard, guards

_texts: dict[str, str | Promise] = {}


def register(name: str, guard: Guard, reasons: Mapping[str, str | Promise]) -> None:
    """Add a guard; `reasons` translates each reason code that it may return."""
    guards.register(name, guard)
    _texts.update(reasons)


def reason_text(code: str) -> str:
    """What a guard's reason code says to the user."""
    return str(_texts.get(code) or _("a condition is not met (%s)") % code)
