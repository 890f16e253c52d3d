"""Cases from the phone: report, self-handle, steps, requests, messages read."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from municipal.command import services
from municipal.command.collaboration.services import pressure as collaboration
from municipal.command.models import Case
from platform_core.common.errors import DomainError
from platform_core.notices import services as notices

from .kinds import Entry, register

REPORT_FIELDS = (
    "class_kind",
    "class_code",
    "edition",
    "description",
    "address",
    "lon",
    "lat",
    "component_code",
    "coord_sys",
    "is_urgent",
)
STEP_FIELDS = ("value", "until", "unit")


def _told(case: Case) -> dict[str, Any]:
    return {"case": str(case.uid), "number": case.number, "state": case.state}


def report(entry: Entry) -> Mapping[str, Any]:
    """A report, or what the inspector solved on the spot."""
    payload = entry.payload
    given = {name: payload[name] for name in REPORT_FIELDS if name in payload}
    self_handled = bool(payload.get("self_handled"))
    missing = {"class_kind", "class_code", "description", "lon", "lat"} - set(given)
    if missing:
        text = _("This is missing: %(names)s.") % {"names": ", ".join(sorted(missing))}
        raise DomainError(text)
    case = services.report_case(
        by=entry.by,
        source="02" if self_handled else "01",
        self_handled=self_handled,
        attachments=entry.files("photos"),
        after_attachments=entry.files("after"),
        **given,
    )
    return _told(case)


def step(entry: Entry) -> Mapping[str, Any]:
    """A step of the process: verify, check, sign, feedback and the others."""
    payload = entry.payload
    given = {name: payload[name] for name in STEP_FIELDS if payload.get(name)}
    case = services.fire(
        _case(entry),
        str(payload.get("action", "")),
        by=entry.by,
        note=str(payload.get("note", ""))[:2000],
        attachments=entry.files("photos"),
        **given,
    )
    return _told(case)


def ask(entry: Entry) -> Mapping[str, Any]:
    """Ask for more time, a return, a suspension."""
    payload, case = entry.payload, _case(entry)
    given = {name: payload[name] for name in STEP_FIELDS if payload.get(name)}
    services.ask(
        case,
        str(payload.get("request", "")),
        by=entry.by,
        reason=str(payload.get("note", "")),
        attachments=entry.files("photos"),
        **given,
    )
    case.refresh_from_db()
    return _told(case)


def instruct(entry: Entry) -> Mapping[str, Any]:
    """A leader's instruction about a case."""
    case = _case(entry)
    text = str(entry.payload.get("note", ""))
    collaboration.instruct(case=case, by=entry.by, text=text)
    return _told(case)


def _case(entry: Entry) -> Case:
    """The case that is meant, or the one that an earlier entry reported."""
    payload = entry.payload
    uid = entry.result_of("report")["case"] if "report" in payload else payload["case"]
    found = Case.objects.visible_to(entry.by).filter(uid=UUID(str(uid))).first()
    if found is None:
        raise DomainError(_("There is no such case."))
    return found


def read(entry: Entry) -> Mapping[str, Any]:
    """Messages that were read."""
    keys = [int(key) for key in entry.payload.get("notices", ())]
    return {"read": notices.mark_read(by=entry.by, notices=keys)}


def register_all() -> None:
    """Offer them to the phones."""
    register("report", report)
    register("step", step)
    register("ask", ask)
    register("read", read)
    register("instruct", instruct)
