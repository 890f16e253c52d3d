"""Propose, review, publish, roll back.  [CJJ/T 106: data update]"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command.basedata.enums import Change, Origin, ProposalState
from municipal.command.basedata.models import Campaign, PastRevision, Proposal
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError, Forbidden
from platform_core.files import services as files
from platform_core.files.models import Attachment

from . import subjects
from .subjects import Subject, Values

PHOTO = "photo"


@transaction.atomic
def propose(
    *,
    subject: str,
    change: str,
    by: User,
    target: Any = None,
    values: Values | None = None,
    origin: str = Origin.OFFICE,
    reason: str = "",
    photos: Iterable[Attachment] = (),
    campaign: Campaign | None = None,
) -> Proposal:
    """Ask for a change; `values` are those that differ.  Errors name the fields."""
    kind = subjects.find(subject)
    before = kind.snapshot(target) if target is not None else {}
    after = _after(kind, change, before, values or {}, target)
    division = kind.division(after)
    if not division.startswith(by.division_prefix[:6]):
        raise Forbidden(_("This place lies outside your division."))
    if after == before:
        raise DomainError(_("Nothing would change."))
    made = Proposal.objects.create(
        change=change,
        origin=origin,
        subject=subject,
        title=kind.title(after, target)[:120],
        division_code=division,
        base_revision=target.revision if target is not None else 0,
        before=before,
        after=after,
        reason=reason,
        proposed_by=by,
        campaign=campaign,
        **({kind.relation: target} if target is not None else {}),
    )
    files.attach(photos, made, purpose=PHOTO)
    audit.record("proposal.made", made, by=by, data={"change": change})
    return made


def _after(
    kind: Subject, change: str, before: Values, values: Values, target: Any
) -> Values:
    if target is not None and target.valid_to is not None:
        raise Conflict(_("This was taken out of use; roll it back first."))
    if change == Change.REMOVE:
        return kind.end(before)
    return kind.check({**before, **values}, target)


@transaction.atomic
def publish(proposal: Proposal, *, by: User, note: str = "") -> Any:
    """Make a proposed change valid; the changed thing.  Never by who proposed it."""
    proposal = _pending(proposal)
    _another_person(proposal, by)
    kind = subjects.find(proposal.subject)
    target = proposal.target
    if target is None:
        target = kind.create(kind.check(proposal.after, None))
        setattr(proposal, kind.relation, target)
    else:
        target = kind.lock(target.pk)
        _unchanged_since(proposal, target)
        _replace(kind, target, proposal.after, by, proposal=proposal)
    copies = [files.again(one, by=by) for one in files.of(proposal, PHOTO)]
    files.attach(copies, target, purpose=PHOTO)
    _decide(proposal, ProposalState.PUBLISHED, by, note)
    audit.record(
        "proposal.published", target, by=by, data={"proposal": str(proposal.uid)}
    )
    return target


@transaction.atomic
def reject(proposal: Proposal, *, by: User, note: str) -> Proposal:
    """Refuse a proposed change, with the reason."""
    proposal = _pending(proposal)
    _another_person(proposal, by)
    _decide(proposal, ProposalState.REJECTED, by, note)
    audit.record("proposal.rejected", proposal, by=by, data={"note": note})
    return proposal


@transaction.atomic
def withdraw(proposal: Proposal, *, by: User) -> Proposal:
    """Take back one's own proposal."""
    proposal = _pending(proposal)
    if proposal.proposed_by_id != by.pk:
        raise Forbidden(_("Only who proposed it can take it back."))
    _decide(proposal, ProposalState.WITHDRAWN, by, "")
    audit.record("proposal.withdrawn", proposal, by=by)
    return proposal


@transaction.atomic
def renew(proposal: Proposal, *, by: User) -> Proposal:
    """Put the same changes on top of what others published meanwhile."""
    proposal = _pending(proposal)
    kind = subjects.find(proposal.subject)
    if proposal.target is None:
        raise Conflict(_("There is nothing to renew."))
    target = kind.lock(proposal.target.pk)
    own = {name: after for name, (_old, after) in proposal.differences.items()}
    now_is = kind.snapshot(target)
    proposal.after = _after(kind, proposal.change, now_is, own, target)
    proposal.before, proposal.base_revision = now_is, target.revision
    proposal.touch()
    proposal.save()
    audit.record("proposal.renewed", proposal, by=by)
    return proposal


@transaction.atomic
def roll_back(target: Any, number: int, *, by: User, reason: str) -> Any:
    """Bring a thing back to how a past revision had it, as a new revision."""
    kind = subjects.of(target)
    target = kind.lock(target.pk)
    past = PastRevision.objects.filter(**{kind.relation: target}, number=number).first()
    if past is None:
        raise DomainError(_("There is no such revision."))
    values = kind.check(past.values, target)
    if values == kind.snapshot(target):
        raise DomainError(_("Nothing would change."))
    _replace(kind, target, values, by, change=Change.ROLL_BACK, note=reason)
    audit.record("proposal.rolled_back", target, by=by, data={"to": number})
    return target


def _pending(proposal: Proposal) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",))
    found = rows.select_related("component", "feature").get(pk=proposal.pk)
    if found.state != ProposalState.PENDING:
        raise Conflict(_("This proposal has been decided already."))
    return found


def _another_person(proposal: Proposal, by: User) -> None:
    if proposal.proposed_by_id == by.pk:
        raise Forbidden(_("Somebody else has to review what you proposed."))


def _unchanged_since(proposal: Proposal, target: Any) -> None:
    if target.revision == proposal.base_revision:
        return
    relation = subjects.of(target).relation
    last = PastRevision.objects.filter(**{relation: target}).select_related("by")
    newest = last.order_by("-number").first()
    name = newest.by.full_name if newest and newest.by else "—"
    raise Conflict(
        _("%(name)s changed this meanwhile. Renew the proposal, then look again.")
        % {"name": name},
        code="changed_meanwhile",
    )


def _replace(
    kind: Subject,
    target: Any,
    values: Values,
    by: User,
    *,
    proposal: Proposal | None = None,
    change: str = "",
    note: str = "",
) -> None:
    PastRevision.objects.create(
        **{kind.relation: target},
        number=target.revision,
        values=kind.snapshot(target),
        until=clock.now(),
        change=proposal.change if proposal else change,
        by=by,
        proposal=proposal,
        note=proposal.reason if proposal else note,
    )
    kind.write(target, values)


def _decide(proposal: Proposal, state: str, by: User, note: str) -> None:
    proposal.state, proposal.review_note = state, note
    proposal.reviewed_by, proposal.reviewed_at = by, clock.now()
    proposal.touch()
    proposal.save()
