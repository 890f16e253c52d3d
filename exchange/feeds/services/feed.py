"""What a subscriber is offered, page by page."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from exchange.delivery import hooks, seals
from exchange.delivery.enums import GROUP_BYTES, Relation
from exchange.delivery.hooks import Mark, Offer
from exchange.delivery.models import Group
from exchange.delivery.services.pump import dump, wire
from exchange.feeds import scope
from exchange.feeds.enums import SCAN
from exchange.feeds.models import Passage, Subscription
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node
from platform_core.datasets.models import OutboxEntry


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far somebody has read: own changes, then groups of others."""

    own: int = 0
    passed: int = 0

    def __str__(self) -> str:
        text = f"1.{self.own}.{self.passed}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """The cursor that we gave; without one, the beginning."""
        if not text:
            return cls()
        try:
            plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
            kind, own, passed = plain.split(".")
            found = cls(int(own), int(passed))
        except ValueError as error:
            raise _no_cursor() from error
        if kind != "1" or not (0 <= found.own < 2**63 and 0 <= found.passed < 2**63):
            raise _no_cursor()
        return found


def _no_cursor() -> DomainError:
    text = _("This cursor was not given here.")
    return DomainError(text, code="format", fields={"cursor": text})


class Own(NamedTuple):
    """An own record as the subscriber may see it, and its canonical form."""

    record: dict[str, Any]
    form: seals.Form


@dataclass
class Page:
    """Some groups, where to go on, and whether there is more now."""

    own: list[Own] = field(default_factory=list)
    passed: list[Group] = field(default_factory=list)
    cursor: Cursor = field(default_factory=Cursor)
    more: bool = False
    count: int = 0
    size: int = 0

    def room(self, limit: int, count: int, size: int) -> bool:
        """Does this fit too?  The first thing always does."""
        if not self.count:
            return True
        return self.count + count <= limit and self.size + size <= GROUP_BYTES

    def add(self, count: int, size: int) -> None:
        self.count += count
        self.size += size


def read(subscription: Subscription, cursor: Cursor, limit: int) -> Page:
    """The next page after the cursor, within divisions and fields."""
    page = Page(cursor=cursor)
    _own(subscription, page, limit)
    if not page.more and not subscription.reduced:
        _others(subscription, page, limit)
    return page


def _own(subscription: Subscription, page: Page, limit: int) -> None:
    """Own changes, in the order of their positions."""
    chosen = None if subscription.fields is None else set(subscription.fields)
    origin, start = own_node(), page.cursor.own
    for seen, entry in enumerate(_changes(subscription, start, limit + 1)):
        if seen >= SCAN:
            page.more = True
            return
        if scope.covers(subscription.divisions, scope.division_of(entry.data, origin)):
            data = scope.reduce(entry.data, chosen, subscription.masks)
            record = wire(entry) | {"data": data}
            form = seals.Form.of(record)
            size = len(form.text) + 1
            if page.count >= limit or not page.room(limit, 1, size):
                page.more = True
                return
            page.own.append(Own(record, form))
            page.add(1, size)
        page.cursor = Cursor(entry.position or start, page.cursor.passed)


def _changes(
    subscription: Subscription, after: int, most: int
) -> Iterator[OutboxEntry]:
    """What was announced after a position, read `most` at a time."""
    rows = OutboxEntry.objects.filter(
        interface=subscription.interface, version=subscription.version
    ).order_by("position")
    while True:
        chunk = list(rows.filter(position__gt=after)[:most])
        yield from chunk
        if len(chunk) < most:
            return
        after = chunk[-1].position or after


def _others(subscription: Subscription, page: Page, limit: int) -> None:
    """Whole groups of others, whose seal only fits all of their records."""
    rows = Passage.objects.filter(
        interface=subscription.interface,
        version=subscription.version,
        position__gt=page.cursor.passed,
    ).select_related("group")
    for row in rows.order_by("position")[:200]:
        if offers(subscription, row):
            if not page.room(limit, row.group.count, row.group.size):
                page.more = True
                return
            page.passed.append(row.group)
            page.add(row.group.count, row.group.size)
        page.cursor = Cursor(page.cursor.own, row.position or 0)
    page.more = rows.filter(position__gt=page.cursor.passed).exists()


def offers(subscription: Subscription, row: Passage) -> bool:
    """May the subscriber have this group, and does it not have it anyway?"""
    peer = subscription.peer
    default = Relation.PARENT if row.upward else Relation.CHILD
    if peer.relation == default or peer.code in row.group.route:
        return False
    return all(scope.covers(subscription.divisions, d) for d in row.divisions)


def rendered(subscription: Subscription, page: Page) -> list[bytes]:
    """The groups of a page as they travel; own records are sealed now."""
    groups = [_as_sent(group) for group in page.passed]
    if page.own:
        made = sealed(subscription, page.own)
        groups.insert(0, _text(made, seals.listed(texts(page.own))))
    return groups


def sealed(subscription: Subscription, records: list[Own]) -> dict[str, Any]:
    """Own records under our seal, reduced as they are; the group around them."""
    origin = own_node()
    interface, version = subscription.interface, subscription.version
    content = seals.content_of(interface, version, origin, texts(records))
    return {
        "interface": interface,
        "version": version,
        "origin": origin,
        "route": [origin],
        "seal": seals.seal(content),
    }


def texts(records: list[Own]) -> list[bytes]:
    """The records in canonical form."""
    return [one.form.text for one in records]


def _as_sent(group: Group) -> bytes:
    about = {
        "interface": group.interface,
        "version": group.version,
        "origin": group.origin,
        "route": group.route,
        "seal": group.seal,
    }
    return _text(about, group.records.encode())


def _text(about: dict[str, Any], records: bytes) -> bytes:
    return dump(about)[:-1].encode() + b',"records":' + records + b"}"


def note(subscription: Subscription, page: Page) -> None:
    """Tell who keeps count what this subscriber was offered."""
    if not hooks.offered:
        return
    origin, interface = own_node(), subscription.interface
    peer = subscription.peer.code
    found = []
    if page.own:
        at = page.cursor.own
        told = [
            Mark(UUID(one["uid"]), one["revision"], form.hash(origin, one))
            for one, form in page.own
        ]
        found.append(Offer(peer, interface, origin, told, at))
    for group in page.passed:
        told = marks_of(group)
        found.append(Offer(peer, interface, group.origin, told, group=group.pk))
    for offer in sorted(found, key=lambda one: one.origin):
        for hook in hooks.offered:
            hook(offer)


def marks(origin: str, records: list[dict[str, Any]]) -> list[Mark]:
    """Revision and hash of each record that has them."""
    found = []
    for one in records:
        try:
            uid, revision = UUID(one["uid"]), one["revision"]
            text = seals.record_hash(origin, one)
        except (KeyError, TypeError, ValueError, AttributeError, DomainError):
            continue  # a record of somebody else that nobody will take either
        if type(revision) is int and 1 <= revision < 2**31:
            found.append(Mark(uid, revision, text))
    return found


def marks_of(group: Group) -> list[Mark]:
    """Revision and hash of the records of a sealed group."""
    return marks(group.origin, json.loads(group.records))
