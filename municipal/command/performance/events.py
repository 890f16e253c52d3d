"""What happens in evaluation, by its name in the audit log."""

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "scheme.drafted": _("Draft of an evaluation scheme made"),
    "scheme.edited": _("Draft of an evaluation scheme changed"),
    "scheme.published": _("Evaluation scheme published"),
    "scheme.discarded": _("Draft of an evaluation scheme discarded"),
    "timetable.published": _("Timetable of evaluation changed"),
    "evaluation.computed": _("Evaluation computed"),
    "evaluation.locked": _("Figures of an evaluation locked"),
    "evaluation.reopened": _("Evaluation reopened"),
    "evaluation.shown": _("Evaluation opened for appeals"),
    "evaluation.approved": _("Evaluation approved"),
    "evaluation.published": _("Evaluation published"),
    "evaluation.discarded": _("Draft of an evaluation discarded"),
    "evaluation.exported": _("Evaluation exported"),
    "appeal.made": _("Appeal made"),
    "appeal.reviewed": _("Appeal reviewed"),
    "appeal.withdrawn": _("Appeal withdrawn"),
    "appeal.exported": _("Appeals exported"),
}
AREAS = sorted({f"{code.partition('.')[0]}." for code in EVENTS})


def name(area: str, rest: str) -> str:
    """An event in words."""
    return str(EVENTS.get(area + rest, area + rest))
