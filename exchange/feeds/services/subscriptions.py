"""What peers ask for: applied, approved twice, active, suspended, over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from exchange.delivery.enums import Relation
from exchange.delivery.models import Peer
from exchange.feeds.enums import LIVE, Mode, State
from exchange.feeds.errors import NotSubscribed, OutOfScope, Taken, Unknown
from exchange.feeds.models import Subscription
from exchange.feeds.scope import travelling
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now, read_moment
from platform_core.common.errors import Conflict, DomainError
from platform_core.common.models import own_node
from platform_core.datasets import registry
from platform_core.datasets.registry import Dataset
from platform_core.notices import services as notices
from platform_core.regions.codes import node_division, within
from platform_core.regions.models import Division


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to subscribe to, its shape already checked."""

    interface: str
    version: int
    mode: str
    divisions: list[str]
    fields: list[str] | None
    purpose: str
    until: datetime | None = None


def read(payload: dict[str, Any]) -> Wish:
    """The body of an application; DomainError names the field."""
    for name, kind in (("interface", str), ("version", int), ("mode", str)):
        if name not in payload:
            raise _wrong(name, "required", _("This field is required."))
        if type(payload[name]) is not kind:
            raise _wrong(name, "type", _("The type is wrong."))
    if payload["mode"] not in Mode.values:
        raise _wrong("mode", "code_list", _("The value is not in the code list."))
    purpose = payload.get("purpose")
    if not isinstance(purpose, str) or not purpose.strip():
        raise _wrong("purpose", "required", _("This field is required."))
    fields = payload.get("fields")
    return Wish(
        payload["interface"],
        payload["version"],
        payload["mode"],
        _texts("divisions", payload.get("divisions") or []),
        None if fields is None else _texts("fields", fields),
        purpose.strip()[:500],
        _until(payload.get("until")),
    )


def _until(given: Any) -> datetime | None:
    """The end that is wished for; none: without an end."""
    if given is None:
        return None
    moment = read_moment(given)
    if moment is None:
        raise _wrong("until", "format", _("A time with its offset is expected."))
    if moment <= now():
        raise _wrong("until", "range", _("The moment lies in the past."))
    return moment


def _texts(name: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise _wrong(name, "type", _("The type is wrong."))
    return sorted(set(value))


def _wrong(name: str, code: str, text: str) -> DomainError:
    return DomainError(f"{name}: {text}", code=code, fields={name: text})


def dataset_of(wish: Wish) -> Dataset:
    """The contract that is wished for."""
    dataset = registry.find(wish.interface, wish.version)
    if dataset is not None:
        return dataset
    if registry.known(wish.interface):
        raise Unknown(
            _("This version of the interface is not known here."),
            code="unknown_version",
        )
    raise Unknown(_("This interface is not known here."))


def newer(row: Subscription) -> int:
    """The newest version offered of its interface, 0 where it has that one."""
    if not registry.known(row.interface):
        return 0
    newest = registry.get(row.interface).version
    return newest if newest > row.version else 0


def apply(*, peer: Peer, wish: Wish) -> Subscription:
    """Take a peer's application; the same one again gets the same answer."""
    facts: dict[str, Any] = {
        "mode": wish.mode,
        "divisions": wish.divisions,
        "fields": checked(peer, wish),
        "purpose": wish.purpose,
    }
    key = {"peer": peer, "interface": wish.interface, "version": wish.version}
    try:
        with transaction.atomic():
            # Who approves decides on the end, so it does not tell two wishes apart.
            made = Subscription.objects.create(**key, **facts, valid_to=wish.until)
            audit.record("exchange.subscription_applied", made, data=facts)
            return _begun(made)
    except IntegrityError as error:
        found = Subscription.objects.filter(**key, state__in=LIVE).first()
        if found and all(getattr(found, name) == facts[name] for name in facts):
            return found
        raise Taken(
            _("There is a subscription to this interface; cancel it first.")
        ) from error


def _begun(row: Subscription) -> Subscription:
    """In force at once where the rules of the connection say so, else to be approved.

    [exchange reference 3.3: mandatory subscriptions by the upper tier]
    """
    rules = row.peer.rules
    if not rules.subscribes_freely:
        tell("approve_as_owner", row, _("A platform asks for data"))
        return row
    row.state = State.ACTIVE
    tell("manage_subscription", row, _("A platform has subscribed without approval"))
    return keep(row, "exchange.subscription_activated", None, rules=rules.version)


def checked(peer: Peer, wish: Wish) -> list[str] | None:
    """The fields that will travel, if the peer may have what it wishes for."""
    dataset = dataset_of(wish)
    _check(peer, dataset, wish)
    return _fields(dataset, wish)


def _check(peer: Peer, dataset: Dataset, wish: Wish) -> None:
    if dataset.share == "none":
        raise OutOfScope(_("This interface is not shared."))
    reported = dataset.direction == "up" and dataset.recipients is None
    if reported and peer.relation == Relation.PARENT:
        raise OutOfScope(_("This interface reaches you without a subscription."))
    known = set(
        Division.objects.filter(pk__in=wish.divisions).values_list("pk", flat=True)
    )
    own = node_division(own_node())
    strange = [d for d in wish.divisions if d not in known or not within(d, own)]
    if strange:
        text = _("The division %(code)s is not served here.") % {"code": strange[0]}
        raise OutOfScope(text, fields={"divisions": text})


def _fields(dataset: Dataset, wish: Wish) -> list[str] | None:
    """The fields to travel, with those that the contract requires."""
    properties = dataset.schema.get("properties", {})
    strange = [name for name in wish.fields or [] if name not in properties]
    if strange:
        text = _("There is no field %(name)s.") % {"name": strange[0]}
        raise _wrong("fields", "code_list", text)
    chosen = travelling(wish.fields, dataset.schema)
    return None if chosen is None or chosen >= set(properties) else sorted(chosen)


def find(peer: Peer, uid: str) -> Subscription:
    """A peer's own subscription; others are unknown to it."""
    try:
        number = UUID(uid)
    except ValueError as error:
        raise _no_such() from error
    found = Subscription.objects.filter(peer=peer, uid=number).first()
    if found is None:
        raise _no_such()
    return found


def _no_such() -> Unknown:
    return Unknown(_("There is no such subscription."), code="not_subscribed")


def in_force(peer: Peer, interface: str, version: int | None) -> Subscription:
    """The peer's subscription that is in force; NotSubscribed without one."""
    if not registry.known(interface):
        raise Unknown(_("This interface is not known here."))
    mine = Subscription.objects.filter(peer=peer, interface=interface)
    if version is not None:
        mine = mine.filter(version=version)
    found = mine.filter(state=State.ACTIVE).order_by("-version").first()
    if found is None or not found.in_force(now()):
        raise NotSubscribed(_("There is no subscription in force."))
    return found


def locked(subscription: Subscription, *states: State) -> Subscription:
    """The row for a change, if it is in one of these states."""
    rows = Subscription.objects.select_for_update(of=("self",))
    row = rows.select_related("peer").get(pk=subscription.pk)
    if row.state not in states:
        raise Conflict(_("The subscription is no longer in that state."))
    return row


def keep(row: Subscription, event: str, by: Actor, **data: Any) -> Subscription:
    row.touch()
    row.save()
    audit.record(event, row, by=by, data={"peer": row.peer.code, **data})
    return row


@transaction.atomic
def approve_as_owner(
    *, subscription: Subscription, by: User, masks: Iterable[str] = ()
) -> Subscription:
    """The owner of the data agrees, perhaps with some fields masked."""
    row = locked(subscription, State.APPLIED)
    row.masks = sorted(set(masks))
    row.owner, row.owner_at, row.state = by, now(), State.OWNER_APPROVED
    tell("approve_as_manager", row, _("A subscription waits for its second approval"))
    return keep(row, "exchange.subscription_owner_approved", by, masks=row.masks)


@transaction.atomic
def approve_as_manager(
    *, subscription: Subscription, by: User, valid_to: datetime | None = None
) -> Subscription:
    """The manager agrees too, who is somebody else; records begin to flow."""
    row = locked(subscription, State.OWNER_APPROVED)
    if row.owner_id == by.pk:
        raise Conflict(_("Two different people approve a subscription."))
    if valid_to is not None and valid_to <= now():
        text = _("The moment lies in the past.")
        raise DomainError(text, fields={"valid_to": text})
    row.manager, row.manager_at, row.state = by, now(), State.ACTIVE
    row.valid_to = valid_to
    return keep(row, "exchange.subscription_activated", by, valid_to=valid_to)


@transaction.atomic
def refuse(*, subscription: Subscription, by: User, reason: str) -> Subscription:
    """Say no, with the reason."""
    row = locked(subscription, State.APPLIED, State.OWNER_APPROVED)
    row.state, row.reason = State.REFUSED, reason[:300]
    return keep(row, "exchange.subscription_refused", by, reason=reason)


@transaction.atomic
def suspend(*, subscription: Subscription, by: User, reason: str) -> Subscription:
    """Stop serving for a while; nothing is lost meanwhile."""
    row = locked(subscription, State.ACTIVE)
    row.state, row.reason = State.SUSPENDED, reason[:300]
    return keep(row, "exchange.subscription_suspended", by, reason=reason)


@transaction.atomic
def resume(*, subscription: Subscription, by: User) -> Subscription:
    """Serve again, from where it stopped."""
    row = locked(subscription, State.SUSPENDED)
    row.state, row.reason = State.ACTIVE, ""
    return keep(row, "exchange.subscription_resumed", by)


@transaction.atomic
def cancel(
    *, subscription: Subscription, by: Actor = None, reason: str = ""
) -> Subscription:
    """End it, by either side; a cancelled one stays cancelled."""
    rows = Subscription.objects.select_for_update(of=("self",))
    row = rows.select_related("peer").get(pk=subscription.pk)
    if row.state not in LIVE:
        return row
    row.state, row.reason = State.CANCELLED, reason[:300]
    if by is None:
        tell("manage_subscription", row, _("A platform cancelled its subscription"))
    return keep(row, "exchange.subscription_cancelled", by, reason=reason)


@transaction.atomic
def expire() -> int:
    """End what ran out."""
    over = Subscription.objects.select_for_update(of=("self",)).filter(
        state__in=(State.ACTIVE, State.SUSPENDED), valid_to__lte=now()
    )
    rows = list(over.select_related("peer"))
    for row in rows:
        row.state = State.EXPIRED
        keep(row, "exchange.subscription_expired", None)
        tell("manage_subscription", row, _("A subscription has expired"))
    return len(rows)


def people(permission: str) -> QuerySet[User]:
    """Active people with a right of this app."""
    right = Permission.objects.filter(
        content_type__app_label="feeds", codename=permission
    )
    found: QuerySet[User] = (
        User.objects.active().filter(groups__permissions__in=right).distinct()
    )
    return found


def tell(permission: str, row: Subscription, title: str) -> None:
    """A notice to all who hold a permission over subscriptions."""
    body = f"{row.peer} · {row} · {row.purpose}"
    link = row.get_absolute_url()
    notices.notify(
        people(permission), kind="subscription", title=title, body=body, link=link
    )
