"""Writes of the public service: take a request, take the verdict."""

import secrets
from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command import services as command
from municipal.command.enums import CLOSED, Purpose
from platform_core.accounts.selectors import users_with_role
from platform_core.audit import services as audit
from platform_core.common.clock import now, today
from platform_core.common.errors import Conflict
from platform_core.common.models import own_node
from platform_core.files import services as files
from platform_core.notices import services as notices
from platform_core.regions.selectors import node_division, prefix_of
from platform_core.systems.monitoring import services as monitoring

from .enums import CONTENT, Channel, Satisfaction
from .models import PublicRequest

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
    attachments = [files.store(photo, purpose=Purpose.REPORT) for photo in photos]
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
    *, request: PublicRequest, satisfaction: Satisfaction, comment: str = ""
) -> PublicRequest:
    """Keep the citizen's verdict on a finished case; once.  [PS-05]"""
    if request.case.state not in CLOSED:
        raise Conflict(_("The case is still being worked on."), code="not_closed")
    changed = PublicRequest.objects.filter(pk=request.pk, satisfaction="").update(
        satisfaction=satisfaction, comment=comment, rated_at=now(), updated_at=now()
    )
    if not changed:
        raise Conflict(_("You have already told us; thank you."), code="rated")
    request.refresh_from_db()
    division = request.case.division_code
    if satisfaction in CONTENT:
        monitoring.count("requests.satisfied", division, day=today())
    else:
        _tell_acceptors(request)
    audit.record("request.rated", request, data={"satisfaction": satisfaction})
    return request


def _tell_acceptors(request: PublicRequest) -> None:
    division = node_division(own_node())
    notices.notify(
        users_with_role("acceptor", division_prefix=prefix_of(division)),
        kind="request.unsatisfied",
        title=_("A citizen is not satisfied with case %(number)s")
        % {"number": request.case.number},
        body=request.comment,
        link=request.case.get_absolute_url(),
        level="warning",
    )
