"""What happens in the field, by its name in the audit log and in messages."""

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "attendance.clocked_in": _("Clocked in"),
    "attendance.clocked_out": _("Clocked out"),
    "attendance.forgotten": _("Clock-out forgotten"),
    "attendance.corrected": _("Attendance corrected"),
    "attendance.exported": _("Attendance exported"),
    "roster.shift_saved": _("Shift changed"),
    "roster.planned": _("Shift planned"),
    "roster.removed": _("Shift taken out"),
    "roster.filled": _("Roster filled"),
    "roster.week_copied": _("Week of the roster copied"),
    "leave.asked": _("Leave asked for"),
    "leave.approved": _("Leave approved"),
    "leave.refused": _("Leave not approved"),
    "leave.withdrawn": _("Request for leave withdrawn"),
    "roll_call.started": _("Roll call started"),
    "roll_call.answered": _("Roll call answered"),
    "roll_call.closed": _("Roll call closed"),
    "patrol.rules_changed": _("Rules of duty in the field changed"),
    "patrol.mark_excused": _("Mark excused"),
    "patrol.message_sent": _("Message to inspectors sent"),
    "patrol.grids_bound": _("Duty grids bound"),
    "patrol.log_written": _("Work log written"),
}
AREAS = sorted({f"{code.partition('.')[0]}." for code in EVENTS})


def name(area: str, rest: str) -> str:
    """An event in words."""
    return str(EVENTS.get(area + rest, area + rest))
