"""What video analysis saw: taken in once, confirmed to a case, or rejected."""

from datetime import datetime, timedelta
from typing import IO, Any

from django.db import IntegrityError, transaction
from django.db.models import Avg, Count, Q
from django.utils.translation import gettext as _

from municipal.command import services as command
from municipal.command.centre.common import require, wrong
from municipal.command.centre.desk_enums import HitState
from municipal.command.centre.models import Detection, VideoPoint
from municipal.command.models import Case
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.classification import selectors as classification
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError
from platform_core.files import media
from platform_core.files import services as files
from platform_core.files.models import Attachment

ANALYSIS = "14"  # source of a case: recognised by video analysis
REVIEW = "centre.review_detection"
AHEAD = timedelta(minutes=10)


def take(
    *,
    by: User,
    external_id: str,
    point: str,
    label: str,
    confidence: float,
    at: datetime,
    problem: str = "",
    picture: IO[bytes] | None = None,
) -> tuple[Detection, bool]:
    """Keep what was seen, and whether it is new; the same number is taken once."""
    require(by, "centre.push_detection")
    known = Detection.objects.filter(sender=by, external_id=external_id).first()
    if known is not None:
        return known, False
    made = Detection(
        sender=by,
        external_id=external_id,
        point=_point(point),
        label=label,
        confidence=confidence,
        at=_moment(at),
    )
    made.class_kind, made.class_code = _class(problem)
    kept = _picture(picture, by)
    try:
        with transaction.atomic():
            made.save()
            files.attach(kept, made, purpose="hit")
            audit.record("video.hit_received", made, by=by, data={"label": label})
    except IntegrityError:
        return Detection.objects.get(sender=by, external_id=external_id), False
    return made, True


def _point(code: str) -> VideoPoint:
    found: VideoPoint | None = VideoPoint.objects.filter(
        code=code, is_active=True
    ).first()
    if found is None:
        raise wrong("point", _("There is no such video point."))
    return found


def _moment(at: datetime) -> datetime:
    if at > clock.now() + AHEAD:
        raise wrong("at", _("The time lies ahead."))
    return at


def _class(problem: str) -> tuple[str, str]:
    kind, _colon, code = problem.partition(":")
    if not problem:
        return "", ""
    edition = classification.default_edition()
    if not code or classification.problem_class(kind, code, edition) is None:
        raise wrong("problem", _("There is no such class in the catalogue."))
    return kind, code


def _picture(picture: IO[bytes] | None, by: User) -> list[Attachment]:
    if picture is None:
        return []
    try:
        kept = files.store(picture, by=by)
    except DomainError as error:
        raise wrong("picture", str(error.message)) from error
    if kept.blob.media_type not in media.IMAGES:
        raise wrong("picture", _("This is not a picture."))
    return [kept]


def _locked(detection: Detection) -> Detection:
    rows = Detection.objects.select_for_update(of=("self",)).select_related("point")
    found: Detection = rows.get(pk=detection.pk)
    if found.state != HitState.WAITING:
        raise Conflict(_("This was decided already."))
    return found


@transaction.atomic
def confirm(*, detection: Detection, by: User, **given: Any) -> Case:
    """It is so: a case begins, with the picture."""
    require(by, REVIEW)
    found = _locked(detection)
    pictures = [files.again(one, by=by) for one in files.of(found)]
    case = command.report_case(
        source=ANALYSIS,
        by=by,
        lon=found.point.lon,
        lat=found.point.lat,
        attachments=pictures,
        **given,
    )
    found.state, found.case = HitState.CONFIRMED, case
    _decide(found, by, "video.hit_confirmed")
    return case


@transaction.atomic
def reject(*, detection: Detection, by: User, reason: str) -> Detection:
    """It is not so; the reason helps to make the analysis better."""
    require(by, REVIEW)
    found = _locked(detection)
    if not reason.strip():
        raise wrong("reason", _("Give a reason."))
    found.state, found.reason = HitState.REJECTED, reason.strip()
    _decide(found, by, "video.hit_rejected")
    return found


def _decide(found: Detection, by: User, event: str) -> None:
    found.decided_by, found.decided_at = by, clock.now()
    found.save()
    audit.record(event, found, by=by, data={"reason": found.reason})


def waiting(user: User) -> Any:
    """What somebody should look at, the newest first."""
    rows = Detection.objects.visible_to(user).filter(state=HitState.WAITING)
    return rows.select_related("point")


def figures(user: User, since: datetime, by: str) -> list[dict[str, Any]]:
    """How many were seen, confirmed and rejected, by what or by where."""
    rows = (
        Detection.objects.visible_to(user)
        .filter(at__gte=since)
        .order_by()
        .values(by)
        .annotate(
            seen=Count("pk"),
            confirmed=Count("pk", filter=Q(state=HitState.CONFIRMED)),
            rejected=Count("pk", filter=Q(state=HitState.REJECTED)),
            sure=Avg("confidence"),
        )
        .order_by("-seen", by)[:20]
    )
    return [_with_share(row, by) for row in rows]


def _with_share(row: dict[str, Any], by: str) -> dict[str, Any]:
    decided = row["confirmed"] + row["rejected"]
    share = round(row["confirmed"] * 100 / decided) if decided else None
    return {**row, "name": row[by], "waits": row["seen"] - decided, "share": share}
