"""What happens at the duty desk, by its name in the audit log."""

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "watch.shift_saved": _("Shift of the centre changed"),
    "watch.planned": _("Duty at the centre planned"),
    "watch.removed": _("Taken off the roster of the centre"),
    "watch.filled": _("Period of the centre's roster planned"),
    "watch.week_copied": _("Week of the centre's roster copied"),
    "watch.swap_asked": _("Change of duty asked for"),
    "watch.swap_agreed": _("Change of duty agreed to"),
    "watch.swap_refused": _("Change of duty refused"),
    "watch.swap_withdrawn": _("Change of duty withdrawn"),
    "watch.swap_approved": _("Change of duty approved"),
    "watch.handed_over": _("Shift handed over"),
    "watch.taken_over": _("Shift taken over"),
    "watch.item_settled": _("Item handed over settled"),
    "watch.log_written": _("Duty log written"),
    "watch.contact_saved": _("Contact changed"),
    "watch.contacts_exported": _("Contact book exported"),
    "watch.notice_sent": _("Notice to the people on duty sent"),
    "watch.notice_confirmed": _("Notice to the people on duty confirmed"),
    "video.server_saved": _("Stream server changed"),
    "video.point_saved": _("Video point changed"),
    "video.plan_saved": _("Video patrol changed"),
    "video.walk_started": _("Walk by video begun"),
    "video.walk_ended": _("Walk by video ended"),
    "video.hit_received": _("Result of video analysis received"),
    "video.hit_confirmed": _("Result of video analysis confirmed"),
    "video.hit_rejected": _("Result of video analysis rejected"),
    "emergency.raised": _("Emergency raised"),
    "emergency.level_changed": _("Level of an emergency changed"),
    "emergency.case_attached": _("Case attached to an emergency"),
    "emergency.step_done": _("Step of an emergency done"),
    "emergency.called_out": _("Help called in an emergency"),
    "emergency.closed": _("Emergency closed"),
    "emergency.plan_saved": _("Emergency plan changed"),
    "emergency.resource_saved": _("Emergency resource changed"),
    "emergency.rules_changed": _("Settings for emergencies changed"),
}
AREAS = sorted({f"{code.partition('.')[0]}." for code in EVENTS})


def name(area: str, rest: str) -> str:
    """An event in words."""
    return str(EVENTS.get(area + rest, area + rest))
