"""Navigation of the operator's part."""

from django.utils.translation import gettext_lazy as _

from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

SYSTEM = ("exchange", _("Data exchange"))
VIEW = "delivery.view_peer"

navigation.register(
    Entry(_("Monitor board"), "operations:board", "chart", VIEW, 790, SYSTEM),
    Entry(_("Topology"), "operations:topology", "tree", VIEW, 792, SYSTEM),
    Entry(_("State of interfaces"), "operations:flow-list", "list", VIEW, 793, SYSTEM),
    Entry(
        _("Alarms of the exchange"), "operations:alarm-list", "bell", VIEW, 794, SYSTEM
    ),
    Entry(_("Outage log"), "operations:outage-list", "history", VIEW, 796, SYSTEM),
    Entry(_("Trace over platforms"), "operations:trace", "search", VIEW, 832, SYSTEM),
    Entry(_("Regular tasks"), "operations:schedule-list", "clock", VIEW, 880, SYSTEM),
    Entry(_("Monthly reports"), "operations:report-list", "file", VIEW, 874, SYSTEM),
    Entry(_("Alarm rules"), "operations:rule-list", "settings", VIEW, 890, SYSTEM),
    Entry(
        _("Send again"),
        "operations:resend",
        "return",
        "delivery.resend_problem",
        845,
        SYSTEM,
    ),
    Entry(_("Volume and latency"), "operations:figures", "chart", VIEW, 870, SYSTEM),
    Entry(_("Errors by code"), "operations:errors", "alert", VIEW, 871, SYSTEM),
    Entry(_("What ends soon"), "operations:endings", "clock", VIEW, 797, SYSTEM),
    Entry(_("Exchange statistics"), "operations:statistics", "star", VIEW, 872, SYSTEM),
)
