"""Take in a report: check it, place it, number it, start its process."""

from collections.abc import Sequence as Rows
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command import clocks, places, policies
from municipal.command.enums import PROCESS
from municipal.command.models import Case, CaseSource
from municipal.command.places import Place
from municipal.command.sources import sources
from platform_core.accounts.models import User
from platform_core.classification import selectors as classification
from platform_core.classification.models import ProblemClass
from platform_core.common import clock
from platform_core.common.errors import DomainError, Forbidden
from platform_core.common.models import Sequence
from platform_core.files.models import Attachment
from platform_core.processes import services as processes
from platform_core.workflow.definition import SYSTEM

from .effects import EFFECTS
from .moves import Move
from .steps import conclude, settle

LENGTHS = {"description": 2000, "address": 256, "reporter": 60, "contact": 60}


@transaction.atomic
def report_case(
    *,
    source: CaseSource | str,
    class_kind: str,
    class_code: str,
    description: str,
    lon: float,
    lat: float,
    address: str = "",
    by: User | None = None,
    edition: str | None = None,
    reporter: str = "",
    contact: str = "",
    attachments: Rows[Attachment] = (),
    after_attachments: Rows[Attachment] = (),
    component_code: str = "",
    coord_sys: str = "cgcs2000",
    self_handled: bool = False,
    is_urgent: bool = False,
) -> Case:
    """Register a problem in the city; it then waits for acceptance."""
    if by is not None and not policies.may_report(by):
        raise Forbidden(_("You may not register reports."))
    texts = {
        "description": description,
        "address": address,
        "reporter": reporter,
        "contact": contact,
    }
    problems = _text_problems(texts)
    origin = _source(source, problems)
    found = _class(class_kind, class_code, edition, problems)
    place = _place(lon, lat, coord_sys, problems)
    if problems or origin is None or found is None or place is None:
        raise DomainError(_("The report cannot be taken in."), fields=problems)
    now = clock.now()
    case = Case(
        number=case_number(place.division_code, origin.code, now),
        source=origin,
        reported_by=by,
        edition=found.edition,
        class_kind=found.kind,
        class_code=found.code,
        class_name=found.name,
        component_code=component_code,
        is_urgent=is_urgent,
        reported_at=now,
        created_at=now,
        **{name: text.strip() for name, text in texts.items()},
        **_position(place),
    )
    action = _first_action(origin, by, self_handled)
    given = {"attachments": attachments, "after": after_attachments}
    return _begin(Move(case, action, by, "", now, given))


def _begin(move: Move) -> Case:
    """Start the process, make its first step and store the case."""
    case, by = move.case, move.by
    case.process = processes.begun(PROCESS, at=move.now)
    move.keep_pictures("report")
    if move.action == "self_handle":
        EFFECTS[move.action](move)
    step = processes.fire(
        case.process,
        move.action,
        by=by,
        roles=_roles(by, move.action),
        data=move.kept,
        facts={
            "class_known": True,
            "in_region": True,
            "both_photos": bool(move.attachments and move.given["after"]),
        },
        unit_name=str(by.unit) if by and by.unit else "",
    )
    settle(case, step.to_state, move)
    case.revision = 1
    case.save(force_insert=True)
    move.counted.append("cases.reported")
    conclude(move, step)
    return case


def _roles(by: User | None, action: str) -> frozenset[str]:
    """Inspectors submit; whatever else comes in is registered by the platform."""
    held = by.role_codes if by else frozenset()
    return held if action != "register" else held | {SYSTEM}


def _first_action(source: CaseSource, by: User | None, self_handled: bool) -> str:
    if self_handled:
        return "self_handle"
    is_inspector = by is not None and "supervisor" in by.role_codes
    return "submit" if is_inspector else "register"


def case_number(division: str, source: str, moment: datetime) -> str:
    """22 digits: district, source, day, serial of the district's day."""
    day = f"{clocks.local(moment):%Y%m%d}"
    serial = Sequence.take(f"case.number:{division}:{day}")
    return f"{division}{source}{day}{serial:06d}"


def _position(place: Place) -> dict[str, Any]:
    return {name: getattr(place, name) for name in places.KEPT}


def _class(
    kind: str, code: str, edition: str | None, problems: dict[str, Any]
) -> ProblemClass | None:
    chosen = edition or classification.default_edition()
    found = classification.problem_class(kind, code, chosen)
    if found is None or not found.is_case_class or not found.is_active:
        problems["class_code"] = _("There is no such class in the catalogue.")
    return found


def _place(
    lon: float, lat: float, coord_sys: str, problems: dict[str, Any]
) -> Place | None:
    try:
        return places.locate(lon, lat, coord_sys=coord_sys)
    except DomainError as error:
        problems |= error.fields
        return None


def _text_problems(texts: dict[str, str]) -> dict[str, Any]:
    problems: dict[str, Any] = {
        name: _("At most %(most)d characters.") % {"most": most}
        for name, most in LENGTHS.items()
        if len(texts[name]) > most
    }
    if not texts["description"].strip():
        problems["description"] = _("Say what the problem is.")
    return problems


def _source(source: CaseSource | str, problems: dict[str, Any]) -> CaseSource | None:
    if isinstance(source, CaseSource):
        return source
    found = sources().get(source)
    if found is None:
        problems["source"] = _("There is no such source.")
    return found
