"""The second level: a district dispatches again inside itself.  [CJJ/T 106]"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from municipal.command import services as command
from municipal.command.collaboration import policies
from municipal.command.collaboration.enums import (
    OPEN_DISTRICT,
    DistrictState,
    PartKind,
    PartState,
)
from municipal.command.collaboration.models import (
    DistrictCase,
    DistrictPlatform,
    Part,
)
from municipal.command.enums import TERMINAL, State
from municipal.command.listeners import Happened
from municipal.command.models import Case
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import OrgUnit, User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError
from platform_core.common.models import Sequence as Serial
from platform_core.common.snapshots import Snapshot
from platform_core.files import services as files
from platform_core.files.models import Attachment

from .common import require, tell

TAKEN_AWAY = frozenset({"redispatch", "back_filing"})
AGAIN = frozenset({"rework", "reject_feedback"})
_platforms = Snapshot("collaboration.platforms")


def follow(happened: Happened) -> None:
    """Give the case its number on the second level, or take it from there."""
    case = happened.case
    rows = DistrictCase.objects.filter(case=case)
    if happened.action in TAKEN_AWAY or case.state in TERMINAL:
        rows.open().update(state=DistrictState.ENDED)
    if happened.action in AGAIN:
        last = rows.order_by("-pk").first()
        if last and last.platform.unit_id == case.handling_unit_id:
            _move(last, DistrictState.TO_DISPATCH)
    if happened.action in {"dispatch", "redispatch"}:
        _receive(case, happened)


def watch() -> None:
    """Have the remembered platforms renewed when one changes."""
    _platforms.watch(DistrictPlatform)


def _active() -> dict[int | None, DistrictPlatform]:
    rows = DistrictPlatform.objects.filter(is_active=True).select_related("unit")
    return {row.unit_id: row for row in rows}


def _receive(case: Case, happened: Happened) -> None:
    platform = _platforms.get("all", _active).get(case.handling_unit_id)
    if platform is None:
        return
    day = f"{timezone.localtime(happened.at):%Y%m%d}"
    serial = Serial.take(f"district.case:{platform.pk}:{day}")
    row = DistrictCase.objects.create(
        case=case,
        platform=platform,
        number=f"{platform.unit.division_id}{day}{serial:05d}",
        received_at=happened.at,
    )
    tell(
        accounts.users_with_role("district_dispatcher", unit=platform.unit),
        title=_("From the city: %(title)s") % {"title": case.title},
        body=row.number,
        link=case.get_absolute_url(),
    )


def _held(row: DistrictCase) -> DistrictCase:
    rows = DistrictCase.objects.select_for_update(of=("self",))
    return rows.select_related("platform__unit", "case").get(pk=row.pk)


def _move(row: DistrictCase, state: str) -> None:
    row.state = state
    row.touch()
    row.save()


@transaction.atomic
def dispatch_inside(
    *,
    row: DistrictCase,
    unit: OrgUnit,
    by: User,
    task: str = "",
    deadline: datetime | None = None,
) -> Part:
    """Give the case to a unit inside the district; its clock stays the city's."""
    from .parts import send  # noqa: PLC0415  the two call one another

    row = _held(row)
    require(policies.may_dispatch_inside(row, by), _("You may not dispatch here."))
    if row.state == DistrictState.WITH_UNIT:
        raise Conflict(_("A unit has it already; take the part back first."))
    inside = unit.path.startswith(row.platform.unit.path)
    if not inside or unit.pk == row.platform.unit_id:
        text = _("Choose a unit inside the district.")
        raise DomainError(text, fields={"unit": text})
    case = row.case
    if case.state == State.PENDING_HANDLING:
        case = command.fire(case, "sign", by=by)
    part = send(
        case=case,
        kind=PartKind.INNER,
        unit=unit,
        by=by,
        task=task,
        deadline=deadline,
    )
    row.dispatched_at = row.dispatched_at or clock.now()
    _move(row, DistrictState.WITH_UNIT)
    audit.record("district.dispatched", case, by=by, data={"unit": unit.code})
    return part


def part_ended(part: Part) -> None:
    """An answered part waits for review, another one for a new dispatch."""
    row = DistrictCase.objects.filter(
        case=part.case_id, state__in=OPEN_DISTRICT
    ).first()
    others = Part.objects.open().filter(case=part.case_id, kind=PartKind.INNER)
    if row is None or others.exists():
        return
    answered = part.state == PartState.ANSWERED
    _move(row, DistrictState.TO_REVIEW if answered else DistrictState.TO_DISPATCH)
    tell(
        accounts.users_with_role("district_dispatcher", unit=row.platform.unit),
        title=_("Back from the unit: %(title)s") % {"title": part.case.title},
        body=part.result,
        link=part.case.get_absolute_url(),
    )


@transaction.atomic
def pass_on(
    *,
    row: DistrictCase,
    by: User,
    note: str,
    attachments: Sequence[Attachment] = (),
    inspector: User | None = None,
) -> Case:
    """Return the result to the city; by delegation an own inspector checks it."""
    row = _held(row)
    require(policies.may_dispatch_inside(row, by), _("You may not dispatch here."))
    if row.state != DistrictState.TO_REVIEW:
        raise Conflict(_("There is no result to return yet."))
    pictures = list(attachments) or _pictures(row.case, by)
    case = command.fire(row.case, "feedback", by=by, note=note, attachments=pictures)
    row.returned_at, row.on_time = clock.now(), case.on_time
    _move(row, DistrictState.PASSED)
    audit.record("district.returned", case, by=by, data={"number": row.number})
    if row.platform.delegated_check:
        case = _check_itself(row, case, by, inspector)
    return case


def _pictures(case: Case, by: User) -> list[Attachment]:
    """The pictures of the inner unit, handed on."""
    parts = Part.objects.filter(case=case, kind=PartKind.INNER, state="answered")
    last = parts.order_by("-ended_at").first()
    return [files.again(one, by=by) for one in files.of(last)] if last else []


def _check_itself(
    row: DistrictCase, case: Case, by: User, inspector: User | None
) -> Case:
    people = accounts.users_with_role(
        "supervisor", division_prefix=row.platform.unit.division_id
    )
    if inspector is not None and not people.filter(pk=inspector.pk).exists():
        text = _("Choose an inspector of the district.")
        raise DomainError(text, fields={"inspector": text})
    note = _("Checked by delegation: %(unit)s") % {"unit": row.platform.unit}
    case = command.fire(case, "pass_feedback", by=None, note=note)
    return command.fire(
        case, "send_check", by=None, note=note, inspector=inspector or people.first()
    )


@transaction.atomic
def set_platform(
    *, unit: OrgUnit, delegated_check: bool, is_active: bool, by: User
) -> DistrictPlatform:
    """Make a unit a second-level platform, or change how it works."""
    row, _made = DistrictPlatform.objects.update_or_create(
        unit=unit,
        defaults={"delegated_check": delegated_check, "is_active": is_active},
    )
    data = {"delegated": delegated_check, "active": is_active}
    audit.record("district.platform_set", row, by=by, data=data)
    return row
