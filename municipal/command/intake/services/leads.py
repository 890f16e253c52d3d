"""Leads: taken in once, reviewed by a person, registered or refused."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from municipal.command import services as command
from municipal.command.intake.enums import LeadState
from municipal.command.intake.models import Lead
from municipal.command.models import Case, CaseSource
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError
from platform_core.files import services as files
from platform_core.files.models import Attachment


def take_lead(
    *,
    source: CaseSource,
    external_id: str,
    text: str,
    by: User | None,
    attachments: tuple[Attachment, ...] = (),
    happened_at: datetime | None = None,
    **more: Any,
) -> tuple[Lead, bool]:
    """Keep what a channel sent; the lead, and whether it is new."""
    known = Lead.objects.filter(source=source, external_id=external_id)
    found = known.first()
    if found:
        return found, False
    try:
        with transaction.atomic():
            lead = Lead.objects.create(
                source=source,
                external_id=external_id,
                text=text,
                happened_at=happened_at,
                **more,
            )
            files.attach(attachments, lead, purpose="report")
            audit.record("lead.received", lead, by=by, data={"source": source.code})
    except IntegrityError:
        return known.get(), False
    return lead, True


def _open(lead: Lead) -> Lead:
    """The lead, locked; Conflict if somebody was quicker."""
    lead = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    if lead.state != LeadState.NEW:
        text = _("%(person)s has reviewed this lead already.")
        raise Conflict(text % {"person": lead.decided_by})
    return lead


@transaction.atomic
def register_lead(*, lead: Lead, by: User, **report: Any) -> Case:
    """Make a case of a lead; its pictures go along."""
    lead = _open(lead)
    kept = [files.again(each, by=by) for each in files.of(lead)]
    given = [*kept, *report.pop("attachments", ())]
    case = command.report_case(by=by, attachments=given, **report)
    lead.case, lead.state = case, LeadState.REGISTERED
    lead.decided_by, lead.decided_at = by, clock.now()
    lead.save()
    audit.record("lead.registered", lead, by=by, data={"case": case.number})
    return case


@transaction.atomic
def refuse_lead(*, lead: Lead, by: User, reason: str) -> Lead:
    """Say why a lead becomes no case."""
    if not reason.strip():
        text = _("Say why.")
        raise DomainError(text, fields={"reason": text})
    lead = _open(lead)
    lead.state, lead.reason = LeadState.REFUSED, reason.strip()
    lead.decided_by, lead.decided_at = by, clock.now()
    lead.save()
    audit.record("lead.refused", lead, by=by, data={"reason": reason})
    return lead
