"""Writes of the public service: take a request, take the verdict."""

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command import services as command
from municipal.command.enums import CLOSED, Purpose
from municipal.command.performance import flags
from municipal.command.performance.enums import Verdict
from municipal.command.services.steps import lock
from platform_core.accounts.models import User
from platform_core.accounts.selectors import users_with_role
from platform_core.audit import services as audit
from platform_core.common.clock import now, today
from platform_core.common.errors import Conflict, Forbidden
from platform_core.common.models import own_node
from platform_core.files import services as files
from platform_core.notices import services as notices
from platform_core.regions.selectors import node_division, prefix_of
from platform_core.systems.monitoring import services as monitoring

from . import policies
from .enums import CONTENT, Channel, Satisfaction
from .models import PublicRequest, ReturnVisit

if TYPE_CHECKING:
    from municipal.command.models import Case

# Without letters and digits that people mistake for one another.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10


def new_query_code() -> str:
    """A code that cannot be guessed: 31^10, about 49 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


@transaction.atomic
def submit_request(
    *,
    channel: Channel,
    class_kind: str,
    class_code: str,
    description: str,
    lon: float,
    lat: float,
    address: str = "",
    reporter: str = "",
    phone: str = "",
    photos: Sequence[UploadedFile] = (),
    edition: str | None = None,
    coord_sys: str = "cgcs2000",
) -> PublicRequest:
    """Open a case for a citizen and hand out the code to follow it by.  [PS-02]"""
    attachments = files.store_all(photos, field="photos", purpose=Purpose.REPORT)
    case = command.report_case(
        source=channel.value,
        class_kind=class_kind,
        class_code=class_code,
        edition=edition,
        description=description,
        lon=lon,
        lat=lat,
        address=address,
        reporter=reporter,
        contact=phone,
        attachments=attachments,
        coord_sys=coord_sys,
    )
    request = PublicRequest.objects.create(
        query_code=new_query_code(), case=case, channel=channel
    )
    monitoring.count("requests.received", case.division_code, day=today())
    audit.record("request.submitted", request, data={"channel": channel.value})
    return request


@transaction.atomic
def rate_request(
    *,
    request: PublicRequest,
    satisfaction: Satisfaction,
    comment: str = "",
    by: User | None = None,
) -> PublicRequest:
    """Keep the citizen's verdict on a finished case; once.  [PS-05]

    `by` is the operator who asked; nobody where the citizen answered the page.
    """
    if request.case.state not in CLOSED:
        raise Conflict(_("The case is still being worked on."), code="not_closed")
    changed = PublicRequest.objects.filter(pk=request.pk, satisfaction="").update(
        satisfaction=satisfaction,
        comment=comment,
        rated_at=now(),
        rated_by=by,
        updated_at=now(),
    )
    if not changed:
        raise Conflict(_("You have already told us; thank you."), code="rated")
    request.refresh_from_db()
    flags.visit(request.case, _verdict(satisfaction), at=now())
    division = request.case.division_code
    if satisfaction in CONTENT:
        monitoring.count("requests.satisfied", division, day=today())
    else:
        _tell_acceptors(request.case, request.comment)
    audit.record("request.rated", request, by=by, data={"satisfaction": satisfaction})
    return request


@transaction.atomic
def record_visit(
    *, case: "Case", by: User, satisfaction: Satisfaction, comment: str = ""
) -> "Case":
    """Keep what a citizen said when an operator asked how it was.  [9.1-10]"""
    if not policies.visits(case, by):
        raise Forbidden(_("There is no return visit to record here."))
    case = lock(case)
    request = PublicRequest.objects.filter(case=case).first()
    if request is not None:
        rate_request(request=request, satisfaction=satisfaction, comment=comment, by=by)
        return case
    if case.state not in CLOSED:
        raise Conflict(_("The case is still being worked on."), code="not_closed")
    if ReturnVisit.objects.filter(case=case).exists():
        raise Conflict(_("This citizen was asked already."), code="rated")
    visit = ReturnVisit.objects.create(
        case=case, satisfaction=satisfaction, comment=comment, by=by, at=now()
    )
    flags.visit(case, _verdict(satisfaction), at=visit.at)
    if satisfaction not in CONTENT:
        _tell_acceptors(case, comment)
    audit.record("request.visited", visit, by=by, data={"satisfaction": satisfaction})
    return case


def _verdict(satisfaction: Satisfaction) -> Verdict:
    """What the answer counts as in performance; there, content is satisfied."""
    if satisfaction == Satisfaction.VERY_SATISFIED:
        return Verdict.VERY_SATISFIED
    return Verdict.SATISFIED if satisfaction in CONTENT else Verdict.UNSATISFIED


def _tell_acceptors(case: "Case", comment: str) -> None:
    division = node_division(own_node())
    notices.notify(
        users_with_role("acceptor", division_prefix=prefix_of(division)),
        kind="request.unsatisfied",
        title=_("A citizen is not satisfied with case %(number)s")
        % {"number": case.number},
        body=comment,
        link=case.get_absolute_url(),
        level="warning",
    )
