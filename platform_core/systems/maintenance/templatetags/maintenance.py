"""Words of the administrators' pages: {% load maintenance %}."""

import json

from django import template

from platform_core.accounts import roles
from platform_core.systems.maintenance.events import event_label

register = template.Library()
register.filter("event", event_label)
register.filter("role", roles.label)


@register.filter
def pretty(value: object) -> str:
    """Details of an audit row, to be read by people."""
    return json.dumps(value, ensure_ascii=False, indent=2)
