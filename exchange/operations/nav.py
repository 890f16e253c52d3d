"""Navigation of the operator's part."""

from django.utils.translation import gettext_lazy as _

from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

MONITOR = ("exchange-monitor", _("Exchange monitoring"))
EXCHANGE = ("exchange", _("Data exchange"))
VIEW = "delivery.view_peer"

navigation.register(
    Entry(_("Monitor board"), "operations:board", "chart", VIEW, 780, MONITOR),
    Entry(_("Topology"), "operations:topology", "tree", VIEW, 781, MONITOR),
    Entry(_("State of interfaces"), "operations:flow-list", "list", VIEW, 782, MONITOR),
    Entry(
        _("Alarms of the exchange"), "operations:alarm-list", "bell", VIEW, 783, MONITOR
    ),
    Entry(_("Outage log"), "operations:outage-list", "history", VIEW, 784, MONITOR),
    Entry(_("What ends soon"), "operations:endings", "clock", VIEW, 785, MONITOR),
    Entry(_("Volume and latency"), "operations:figures", "chart", VIEW, 786, MONITOR),
    Entry(_("Errors by code"), "operations:errors", "alert", VIEW, 787, MONITOR),
    Entry(
        _("Exchange statistics"), "operations:statistics", "star", VIEW, 788, MONITOR
    ),
    Entry(_("Exchange reports"), "operations:report-list", "file", VIEW, 789, MONITOR),
    Entry(_("Alarm rules"), "operations:rule-list", "settings", VIEW, 790, MONITOR),
    Entry(_("Trace over platforms"), "operations:trace", "search", VIEW, 832, EXCHANGE),
    Entry(
        _("Send again"),
        "operations:resend",
        "return",
        "delivery.resend_problem",
        845,
        EXCHANGE,
    ),
    Entry(_("Regular tasks"), "operations:schedule-list", "clock", VIEW, 880, EXCHANGE),
)
