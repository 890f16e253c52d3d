"""Other terms of a subscription: asked for, agreed to twice, or set by the owner."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from exchange.feeds.enums import State
from exchange.feeds.models import Subscription
from exchange.feeds.models.subscriptions import Terms
from platform_core.accounts.models import User
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError
from platform_core.regions.codes import within

from . import subscriptions
from .subscriptions import Wish

CHANGED = ("divisions", "fields", "purpose", "until")
RUNNING = (State.ACTIVE, State.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Change:
    """Terms that are to count instead of the present ones."""

    divisions: list[str]
    fields: list[str] | None
    purpose: str
    until: str | None

    @property
    def valid_to(self) -> datetime | None:
        return parse_datetime(self.until) if self.until else None


def read(payload: dict[str, Any], present: Terms) -> tuple[Wish, Change]:
    """The body of a change; what is not named stays as it is."""
    given = {
        "interface": present.interface,
        "version": present.version,
        "mode": present.mode,
        "divisions": payload.get("divisions", present.divisions),
        "fields": payload.get("fields", present.fields),
        "purpose": payload.get("purpose", present.purpose),
        "until": payload.get("until", _kept(present)),
    }
    wish = subscriptions.read(given)
    until = wish.until.isoformat() if wish.until else None
    return wish, Change(wish.divisions, wish.fields, wish.purpose, until)


def _kept(present: Terms) -> str | None:
    return present.valid_to.isoformat() if present.valid_to else None


@transaction.atomic
def ask(*, subscription: Subscription, payload: dict[str, Any]) -> Subscription:
    """The peer asks for other terms; the present ones count until both agree.

    The terms that count already, asked for again, take an earlier wish back. Whoever
    needs no approval has them at once.
    """
    row = subscriptions.locked(subscription, *RUNNING)
    wish, change = read(payload, row)
    fields = subscriptions.checked(row.peer, wish)
    wanted = asdict(change) | {"fields": fields}
    row.wanted = None if wanted == present(row) else wanted
    row.wanted_owner = None
    if row.wanted is not None and row.peer.rules.subscribes_freely:
        return _agreed(row, None)
    if row.wanted is not None:
        title = _("A platform asks for other terms")
        subscriptions.tell("approve_as_owner", row, title)
    data = {"wanted": row.wanted}
    return subscriptions.keep(row, "exchange.subscription_change_asked", None, **data)


def present(row: Terms) -> dict[str, Any]:
    """The terms that count now, as a change would name them."""
    return {
        "divisions": row.divisions,
        "fields": row.fields,
        "purpose": row.purpose,
        "until": _kept(row),
    }


def _asked(subscription: Subscription) -> Subscription:
    row = subscriptions.locked(subscription, *RUNNING)
    if row.wanted is None:
        raise Conflict(_("No other terms are asked for."))
    return row


@transaction.atomic
def agree_as_owner(*, subscription: Subscription, by: User) -> Subscription:
    """The owner of the data agrees to the other terms."""
    row = _asked(subscription)
    if row.wanted_owner_id is not None:
        raise Conflict(_("The owner of the data has agreed already."))
    row.wanted_owner = by
    title = _("Other terms wait for their second approval")
    subscriptions.tell("approve_as_manager", row, title)
    event = "exchange.subscription_change_owner_agreed"
    return subscriptions.keep(row, event, by, wanted=row.wanted)


@transaction.atomic
def agree_as_manager(*, subscription: Subscription, by: User) -> Subscription:
    """The manager agrees too, who is somebody else; the terms count from now on."""
    row = _asked(subscription)
    if row.wanted_owner_id is None:
        raise Conflict(_("The owner of the data has not agreed yet."))
    if row.wanted_owner_id == by.pk:
        raise Conflict(_("Two different people approve a subscription."))
    return _agreed(row, by)


def _agreed(row: Subscription, by: User | None) -> Subscription:
    """What was asked for counts from now on."""
    change = Change(**{name: (row.wanted or {})[name] for name in CHANGED})
    before = present(row)
    _put(row, change)
    row.wanted = row.wanted_owner = None
    row.reason = ""
    event = "exchange.subscription_changed"
    return subscriptions.keep(row, event, by, before=before, after=present(row))


@transaction.atomic
def decline(*, subscription: Subscription, by: User, reason: str) -> Subscription:
    """The terms stay as they are; the subscriber reads the reason."""
    row = _asked(subscription)
    wanted, row.wanted, row.wanted_owner = row.wanted, None, None
    row.reason = reason[:300]
    event = "exchange.subscription_change_declined"
    return subscriptions.keep(row, event, by, wanted=wanted, reason=row.reason)


@transaction.atomic
def limit(
    *,
    subscription: Subscription,
    by: User,
    divisions: list[str],
    masks: list[str],
    reason: str,
    valid_to: datetime | None = None,
) -> Subscription:
    """The owner's side narrows what it gives, without being asked."""
    row = subscriptions.locked(subscription, *RUNNING)
    _check_limit(row, divisions, masks, valid_to)
    before = present(row) | {"masks": row.masks}
    row.divisions, row.masks, row.reason = divisions, masks, reason[:300]
    row.valid_to = valid_to
    after = present(row) | {"masks": masks}
    event = "exchange.subscription_limited"
    return subscriptions.keep(row, event, by, before=before, after=after)


def _check_limit(
    row: Subscription, divisions: list[str], masks: list[str], end: datetime | None
) -> None:
    """More than was agreed to needs two approvals, so it is asked for."""
    if end is not None and end <= now():
        text = _("The moment lies in the past.")
        raise DomainError(text, fields={"valid_to": text})
    more = {
        "divisions": not narrower(divisions, row.divisions),
        "masks": not set(masks) >= set(row.masks),
        "valid_to": row.valid_to is not None and (end is None or end > row.valid_to),
    }
    text = _("This would give more than was agreed to.")
    wrong = {name: text for name, is_more in more.items() if is_more}
    if wrong:
        raise DomainError(text, fields=wrong)


def narrower(inner: list[str], outer: list[str]) -> bool:
    """Does every division of one list lie within the other?  None named is all."""
    if not outer:
        return True
    return bool(inner) and all(any(within(one, of) for of in outer) for one in inner)


def _put(row: Subscription, change: Change) -> None:
    """Set the terms; with a wider scope what is sent begins anew."""
    if not narrower(change.divisions, row.divisions):
        row.cursor = ""
    row.divisions, row.fields = change.divisions, change.fields
    row.purpose, row.valid_to = change.purpose, change.valid_to
