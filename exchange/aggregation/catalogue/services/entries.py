"""Life of an entry: drafted, reviewed by somebody else, published, withdrawn."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from exchange.aggregation.catalogue.enums import Level, Share, State
from exchange.aggregation.catalogue.models import Edition, Resource, Theme
from exchange.aggregation.catalogue.models.resources import FACTS
from exchange.interfaces.enums import Subset
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError
from platform_core.common.models import Sequence

SUBSETS = list(Subset)


def code_for(theme: Theme, subset: str) -> str:
    """The next code: category 1, item 2, entry 3 digits, serial number.

    The entry (目) is the subset's place in the data standard.  [GB/T 21063.4]
    """
    front = f"{theme.code}{SUBSETS.index(Subset(subset)) + 1:03}"
    return f"{front}/{Sequence.take(f'catalogue:{front}'):06}"


@transaction.atomic
def draft(*, facts: Mapping[str, Any], by: User) -> Resource:
    """A new entry with a code of its own; one entry for a table."""
    _check(facts)
    code = code_for(facts["theme"], facts["subset"])
    row = Resource(code=code, changed_by=by, **facts)
    _save(row)
    audit.record("catalogue.drafted", row, by=by, data={"code": code})
    return row


def _save(row: Resource) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(_("There is an entry for this table already.")) from error


@transaction.atomic
def change(*, resource: Resource, facts: Mapping[str, Any], by: User) -> Resource:
    """New facts of an entry; what is published stays until it is published again."""
    _check(facts)
    row = _locked(resource)
    before = {name: str(getattr(row, name)) for name in FACTS}
    for name, value in facts.items():
        setattr(row, name, value)
    row.changed_by, row.reviewed_by, row.reason = by, None, ""
    row.state = State.DRAFT
    row.touch()
    _save(row)
    changed = [name for name in FACTS if before[name] != str(getattr(row, name))]
    audit.record("catalogue.changed", row, by=by, data={"fields": changed})
    return row


def _check(facts: Mapping[str, Any]) -> None:
    wrong: dict[str, str] = {}
    if facts["share"] == Share.CONDITIONAL and not facts.get("condition"):
        wrong["condition"] = _("Say under which conditions it is shared.")
    if facts["share"] == Share.FREE and facts["level"] in {Level.L3, Level.L4}:
        wrong["share"] = _("Sensitive data are not shared without conditions.")
    start, end = facts.get("covers_from"), facts.get("covers_to")
    if start and end and end < start:
        wrong["covers_to"] = _("The end lies before the beginning.")
    if wrong:
        raise DomainError(next(iter(wrong.values())), fields=wrong)


def _locked(resource: Resource, *states: State) -> Resource:
    row = Resource.objects.select_for_update(of=("self",)).get(pk=resource.pk)
    if states and row.state not in states:
        raise Conflict(_("The entry is no longer in that state."))
    return row


def _keep(row: Resource, event: str, by: User, **data: Any) -> Resource:
    row.touch()
    row.save()
    audit.record(event, row, by=by, data={"code": row.code, **data})
    return row


@transaction.atomic
def submit(*, resource: Resource, by: User) -> Resource:
    """Ask somebody else to look at it."""
    row = _locked(resource, State.DRAFT, State.WITHDRAWN)
    row.state, row.changed_by = State.REVIEWING, by
    return _keep(row, "catalogue.submitted", by)


@transaction.atomic
def review(*, resource: Resource, by: User) -> Resource:
    """Agree with it; not by the one who wrote it."""
    row = _locked(resource, State.REVIEWING)
    if row.changed_by_id == by.pk:
        raise Conflict(_("Somebody else than the editor reviews an entry."))
    row.state, row.reviewed_by = State.REVIEWED, by
    return _keep(row, "catalogue.reviewed", by)


@transaction.atomic
def send_back(*, resource: Resource, by: User, reason: str) -> Resource:
    """Not yet good enough, with the reason."""
    row = _locked(resource, State.REVIEWING, State.REVIEWED)
    row.state, row.reason, row.reviewed_by = State.DRAFT, reason[:300], None
    return _keep(row, "catalogue.returned", by, reason=reason)


@transaction.atomic
def publish(*, resource: Resource, by: User) -> Edition:
    """Put a reviewed entry into the catalogue, as its next version."""
    row = _locked(resource, State.REVIEWED)
    before = row.editions.order_by("-number").first()
    moment = now()
    row.editions.filter(current=True).update(current=False)
    made = Edition.objects.create(
        resource=row,
        code=row.code,
        number=before.number + 1 if before else 1,
        published_at=moment,
        issued_at=before.issued_at if before else moment,
        published_by=by,
        **{name: getattr(row, name) for name in FACTS},
    )
    row.state, row.reason = State.PUBLISHED, ""
    _keep(row, "catalogue.published", by, version=made.number)
    return made


@transaction.atomic
def withdraw(*, resource: Resource, by: User, reason: str) -> Resource:
    """Take it out of the catalogue; its history stays."""
    row = _locked(resource)
    live = row.editions.filter(current=True)
    if not live.update(current=False, withdrawn_at=now()):
        raise Conflict(_("The entry is not published."))
    row.state, row.reason = State.WITHDRAWN, reason[:300]
    return _keep(row, "catalogue.withdrawn", by, reason=reason)
