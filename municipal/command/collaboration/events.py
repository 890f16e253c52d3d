"""What happens in collaborative work, by its name in the audit log."""

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "duty.rule_saved": _("Rule of duty changed"),
    "duty.rules_exported": _("Rules of duty exported"),
    "duty.suggestion_accepted": _("Suggested rule accepted"),
    "duty.suggestion_dismissed": _("Suggested rule dismissed"),
    "duty.auto_dispatch": _("Automatic dispatch switched"),
    "duty.type_saved": _("Department type changed"),
    "part.sent": _("Part given"),
    "part.signed": _("Part signed"),
    "part.answered": _("Part answered"),
    "part.refused": _("Part refused"),
    "part.withdrawn": _("Part taken back"),
    "part.stage_noted": _("Stage noted"),
    "notice.issued": _("Supervision notice issued"),
    "notice.reply": _("Supervision notice answered"),
    "notice.again": _("Supervision notice asked again"),
    "notice.release": _("Supervision notice released"),
    "notice.end": _("Supervision notice ended with its case"),
    "instruction.written": _("Instruction written"),
    "instruction.answered": _("Instruction answered"),
    "meeting.recorded": _("Meeting recorded"),
    "meeting.followed_up": _("Follow-up done"),
    "merge.made": _("Case merged"),
    "merge.ended": _("Merged case taken apart"),
    "batch.begun": _("Batch begun"),
    "batch.done": _("Batch done"),
    "district.dispatched": _("Dispatched inside a district"),
    "district.returned": _("Returned by a district"),
    "district.platform_set": _("Second-level platform set"),
    "system.registered": _("Dispatch system registered"),
    "system.changed": _("Dispatch system changed"),
    "system.token_renewed": _("Token of a dispatch system renewed"),
    "system.mapped": _("Mapping of a dispatch system changed"),
    "system.case_pushed": _("Case pushed by a dispatch system"),
    "system.resent": _("Delivery sent again"),
}
AREAS = sorted({f"{code.partition('.')[0]}." for code in EVENTS})


def name(area: str, rest: str) -> str:
    """An event in words."""
    return str(EVENTS.get(area + rest, area + rest))
