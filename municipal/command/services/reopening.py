"""Take up an ended case again, as a case that follows it.  [ADR 7]"""

from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command import policies
from municipal.command.enums import Finding, Purpose
from municipal.command.models import Case
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.errors import Conflict
from platform_core.files import services as files

from .reports import report_case
from .steps import fire, lock


@transaction.atomic
def reopen(case: Case, *, by: User, reason: str) -> Case:
    """Open a case that follows an ended one; it waits for dispatch at once.

    Class, place, reporter, pictures and filing condition are taken over, so
    acceptance and filing are made by the platform.
    """
    case = lock(case)
    problem = policies.reopening_problem(case)
    if problem:
        raise Conflict(str(problem))
    pictures = [files.again(one, by=by) for one in files.of(case, Purpose.REPORT)]
    again = report_case(
        source=case.source,
        class_kind=case.class_kind,
        class_code=case.class_code,
        edition=case.edition,
        description=case.description,
        lon=case.lon,
        lat=case.lat,
        address=case.address,
        reporter=case.reporter,
        contact=case.contact,
        component_code=case.component_code,
        is_urgent=case.is_urgent,
        attachments=pictures,
    )
    again.reopened_from = case
    again.reopen_count = case.reopen_count + 1
    again.verify_finding = Finding.TRUE
    again.save(update_fields=["reopened_from", "reopen_count", "verify_finding"])
    note = _("Reopened from case %(number)s: %(reason)s") % {
        "number": case.number,
        "reason": reason,
    }
    again = fire(again, "accept", by=None, note=note)
    again = fire(again, "file", by=None, note=note, condition=case.condition)
    data = {"as": again.number, "reason": reason}
    audit.record("case.reopened", case, by=by, data=data)
    return again
