"""What a citizen is told: progress in plain words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from municipal.command.enums import CLOSED, TERMINAL, Purpose
from platform_core.files import services as files
from platform_core.files.models import Attachment

from .models import PublicRequest

# Steps of the case process that mean something to a citizen, in their words.
WORDS: dict[str, Promise] = {
    "submit": _("We have received your report."),
    "register": _("We have received your report."),
    "send_verify": _("An inspector is on the way to look at the place."),
    "verify_true": _("The inspector has confirmed the problem."),
    "verify_false": _("The inspector could not find the problem."),
    "accept": _("Your report has been accepted."),
    "refuse": _("Your report cannot be taken on."),
    "file": _("A case has been opened."),
    "refuse_file": _("No case can be opened."),
    "dispatch": _("The work has been given to the unit in charge."),
    "redispatch": _("The work has been given to another unit."),
    "sign": _("The unit in charge has begun."),
    "approve_suspend": _("The work has to wait; we keep it on the books."),
    "approve_defer": _("The work is put off for a short while."),
    "resume": _("The work goes on."),
    "feedback": _("The unit reports that the work is done."),
    "send_check": _("An inspector is on the way to check the result."),
    "check_pass": _("The inspector has confirmed the result."),
    "check_fail": _("The inspector found that more has to be done."),
    "rework": _("The work has been given back to be done properly."),
    "close": _("Your report is settled. Thank you."),
    "force_close": _("The case has been closed by decision."),
    "cancel": _("The case has been cancelled."),
}
# The same for the present state, where only one sentence is shown.
STATE_WORDS: dict[str, Promise] = {
    "verifying": WORDS["send_verify"],
    "not_accepted": WORDS["refuse"],
    "pending_filing": WORDS["accept"],
    "not_filed": WORDS["refuse_file"],
    "pending_dispatch": WORDS["file"],
    "pending_handling": WORDS["dispatch"],
    "handling": WORDS["sign"],
    "suspended": WORDS["approve_suspend"],
    "deferred": WORDS["approve_defer"],
    "pending_feedback": WORDS["feedback"],
    "pending_check": WORDS["feedback"],
    "checking": WORDS["send_check"],
    "pending_close": WORDS["check_pass"],
    "rework": WORDS["rework"],
    "closed": WORDS["close"],
    "forced_closed": WORDS["force_close"],
    "cancelled": WORDS["cancel"],
}
REASON_TOLD = frozenset({"refuse", "refuse_file", "cancel", "force_close"})
PHASES: tuple[tuple[Promise, int], ...] = (
    (_("Report received"), 1),
    (_("Accepted"), 2),
    (_("Being handled"), 3),
    (_("Being checked"), 6),
    (_("Settled"), 7),
)


@dataclass(frozen=True, slots=True)
class Milestone:
    """One line of the progress page."""

    at: datetime
    text: Promise
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """One of the five boxes on top of the progress page."""

    name: Promise
    reached: bool


def progress(request: PublicRequest) -> list[Milestone]:
    """The steps a citizen understands, newest first."""
    steps = request.case.process.steps.order_by("-seq")
    return [
        Milestone(
            step.at, WORDS[step.action], step.note if step.action in REASON_TOLD else ""
        )
        for step in steps
        if step.action in WORDS
    ]


def phases(request: PublicRequest) -> list[Phase]:
    """How far the case has come: five phases, or two where it was not taken on."""
    case = request.case
    if case.state in TERMINAL and case.state not in CLOSED:
        return [Phase(_("Report received"), True), Phase(_("Ended without work"), True)]
    reached = 7 if case.state in CLOSED else int(case.stage)
    return [Phase(name, reached >= stage) for name, stage in PHASES]


def photos(request: PublicRequest) -> dict[str, list[Attachment]]:
    """Photos of the report and of the result, side by side."""
    case = request.case
    return {
        "before": list(files.of(case, Purpose.REPORT)),
        "after": list(files.of(case, Purpose.HANDLE)),
    }


def last_word(request: PublicRequest) -> Promise:
    """Where the request stands, in one sentence."""
    return STATE_WORDS.get(request.case.state, WORDS["register"])


def listed() -> QuerySet[PublicRequest]:
    """Requests for a public list, each with its first photo where one may be shown.

    A photo is shown once a person has accepted the report (stage 2 and later).
    """
    photo = Attachment.objects.filter(
        target_type="command.case",
        target_id=Cast(OuterRef("case_id"), CharField()),
        purpose=Purpose.REPORT,
        blob__media_type__startswith="image/",
    ).order_by("pk")
    return PublicRequest.objects.select_related("case__handling_unit").annotate(
        photo_uid=Case(When(case__stage__gte=2, then=Subquery(photo.values("uid")[:1])))
    )


def public_photo(uid: UUID) -> Attachment | None:
    """The attachment, if it is a photo that everybody may see."""
    photo = Attachment.objects.filter(uid=uid, target_type="command.case").first()
    if photo is None:
        return None
    listing = listed().filter(case_id=photo.target_id)
    is_shown = any(getattr(item, "photo_uid", None) == uid for item in listing)
    return photo if is_shown else None


def is_finished(request: PublicRequest) -> bool:
    """Whether nothing more will happen."""
    return request.case.state in TERMINAL


def asks_verdict(request: PublicRequest) -> bool:
    """Whether the citizen should be asked how it was."""
    return request.case.state in CLOSED and not request.satisfaction
