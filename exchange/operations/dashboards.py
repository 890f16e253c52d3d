"""Alarms that nobody looks after yet, among the things to do."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.ui import dashboards
from platform_core.ui.dashboards import TodoItem, TodoSource
from platform_core.ui.words import stamp

from .enums import AlarmState
from .selectors import alarms

KIND = gettext_lazy("Alarms of the exchange")


def open_alarms():
    return alarms.unresolved().filter(state=AlarmState.OPEN)


def items(user, limit):
    for alarm in open_alarms().select_related("rule", "peer")[:limit]:
        light = "red" if alarm.severity == "critical" else "yellow"
        title, url = str(alarm), alarm.get_absolute_url()
        note = _("since %(time)s") % {"time": stamp(alarm.opened_at)}
        yield TodoItem(title, url, light=light, kind=KIND, note=note)


dashboards.register(
    TodoSource(
        "exchange_alarms",
        KIND,
        items,
        lambda user: open_alarms().count(),
        "operations:alarm-list",
        f"state={AlarmState.OPEN}",
        permission="operations.handle_alarm",
    )
)
