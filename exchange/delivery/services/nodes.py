"""Who is who in the federation: announcing nodes and learning about them."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from exchange.delivery import keys
from exchange.delivery.enums import Relation, Suite
from exchange.delivery.models import Group, NodeKey, Parcel, Peer
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node
from platform_core.datasets.federation import parent_code
from platform_core.datasets.registry import IncomingRecord, Outcome
from platform_core.datasets.services import publish
from platform_core.regions.codes import node_division, within
from platform_core.regions.enums import TIER_OF_LETTER, NodeState, TierCode
from platform_core.regions.models import Division, Node
from platform_core.tiers import current_tier

INTERFACE = "exchange.node"
COUNTY = "county"
# By then our own announcement is on its way to a new neighbour.
ANNOUNCED = timedelta(seconds=5)
FIELDS = ("name", "tier", "url", "parent_code")


def tier_of(code: str) -> str:
    """The tier that a node code names."""
    return str(TIER_OF_LETTER.get(code[:1], COUNTY))


def tier_named(given: str, code: str) -> str:
    """The tier in the words used here; a word of others is told by the code."""
    return given if given in (*TierCode.values, COUNTY) else tier_of(code)


def own_row() -> Node:
    """The row of this node, brought in line with its settings."""
    node, _created = Node.objects.get_or_create(
        code=own_node(),
        defaults={
            "tier": settings.PLATFORM_TIER,
            "division_id": node_division(own_node()),
            "name": settings.NODE_NAME,
            "url": settings.NODE_URL,
        },
    )
    if (node.name, node.url) != (settings.NODE_NAME, settings.NODE_URL):
        node.name, node.url = settings.NODE_NAME, settings.NODE_URL
        node.revise()
        node.save()
    return node


def remember(code: str, facts: dict[str, Any], *, origin: str) -> Node:
    """Store what is known about another node; the caller announces it."""
    division = node_division(code)
    if not Division.objects.filter(pk=division).exists():
        raise DomainError(
            _("There is no division %(code)s.") % {"code": division},
            code="reference_missing",
            fields={"division": division},
        )
    node = Node.objects.filter(code=code).first()
    if node is None:
        return Node.objects.create(
            code=code, division_id=division, origin=origin, **facts
        )
    changed = [name for name in facts if getattr(node, name) != facts[name]]
    for name in changed:
        setattr(node, name, facts[name])
    if changed or node.origin != origin:
        node.origin = origin
        node.revise()
        node.save()
    return node


@transaction.atomic
def announce(*changed: str) -> None:
    """Tell the neighbours about the nodes whose keys were established here.

    These are this node, its children and its parent. Every one of them each time:
    who knows it already answers "unchanged", who has just joined learns it.
    """
    for node in Node.objects.filter(origin=own_node()).order_by("code"):
        if node.code in changed:
            node.revise()
            node.save()
        publish(INTERFACE, node)


def backfill(peer: Peer) -> int:
    """Queue for a new neighbour what others sent before it joined.

    It checks their seals by keys that our own announcement, made at the same time,
    brings it: that one goes first.
    """
    wanted = Q(interface=INTERFACE)
    if peer.relation == Relation.PARENT:
        wanted = Q()
    due = now() + ANNOUNCED
    others = Group.objects.filter(wanted).exclude(origin=own_node())
    parcels = [
        Parcel(peer=peer, group=group, due_at=due)
        for group in others.exclude(parcels__peer=peer).defer("records").order_by("pk")
        if peer.code not in group.route
    ]
    return len(Parcel.objects.bulk_create(parcels, ignore_conflicts=True))


def keeps_for_parent() -> bool:
    """Records to be relayed wait for a parent where one may join later."""
    return bool(current_tier().parents)


def apply(record: IncomingRecord) -> Outcome:
    """Learn about a node from the parent, or from a child about its own area."""
    data = record.data
    code = str(data["code"])
    if code == own_node():
        return Outcome.UNCHANGED
    division = node_division(code)
    trusted = record.sender == parent_code() or within(
        division, node_division(record.origin)
    )
    if str(data["division"]) != division or not trusted:
        text = _("The node lies outside the sender's division.")
        raise DomainError(text, code="out_of_scope", fields={"division": text})
    known = Node.objects.filter(code=code).first()
    if known is not None and known.is_own and record.origin != code:
        return Outcome.UNCHANGED
    if record.origin != code:
        _store(record, known, code, division)
    changed = _learn_keys(code, data.get("keys") or [], record.sender)
    if record.withdrawn:
        changed |= _end_keys(code)
    if changed and known is not None and known.is_own:
        announce(code)
    return Outcome.APPLIED


def _store(
    record: IncomingRecord, known: Node | None, code: str, division: str
) -> None:
    data = record.data
    if not Division.objects.filter(pk=division).exists():
        text = _("There is no division %(code)s.") % {"code": division}
        raise DomainError(text, code="reference_missing", fields={"division": text})
    node = known or Node(code=code)
    node.uid, node.origin, node.revision = record.uid, record.origin, record.revision
    node.division_id = division
    node.tier = tier_named(data["tier"], code)
    ended = record.withdrawn or data["state"] == NodeState.SUSPENDED
    node.state = NodeState.SUSPENDED if ended else NodeState.ACTIVE
    node.name = data["name"]
    node.url = data.get("url") or ""
    node.parent_code = data.get("parent") or ""
    node.touch()
    node.save()


def _end_keys(code: str) -> bool:
    """A platform that is withdrawn speaks no more until it is announced again."""
    valid = NodeKey.objects.filter(node=code, valid_to__isnull=True)
    return bool(valid.update(valid_to=now()))


def _learn_keys(code: str, listed: list[dict[str, Any]], sender: str) -> bool:
    """Take over the keys named in a record; True if something changed.

    A key that is no longer named ends now, unless it is newer than all that the
    record names: then the record was made before the node had it.
    """
    serials = {0}
    changed = False
    for given in listed:
        if given["alg"] not in Suite.values:
            continue
        public = keys.parse_public(given["public_key"], given["alg"])
        serials.add(given["serial"])
        changed |= _learn_key(code, given, public, sender)
    gone = NodeKey.objects.filter(node=code, valid_to__isnull=True)
    gone = gone.filter(serial__lt=max(serials)).exclude(serial__in=serials)
    return bool(gone.update(valid_to=now())) or changed


def _learn_key(code: str, given: dict[str, Any], public: str, sender: str) -> bool:
    key = NodeKey.objects.filter(node=code, serial=given["serial"]).first()
    if key is not None and key.public_key != public:
        text = _("Another key has this serial.")
        raise DomainError(text, code="not_origin", fields={"keys": text})
    is_new = key is None
    key = key or NodeKey(node=code, serial=given["serial"], public_key=public)
    valid_to = parse_datetime(given.get("valid_to") or "")
    changed = is_new or key.valid_to != valid_to
    key.alg = given["alg"]
    key.valid_from = parse_datetime(given.get("valid_from") or "") or now()
    key.valid_to = valid_to
    key.save()
    if is_new:
        audit.record("exchange.key_learned", key, data={"from": sender})
    return changed


def load_own() -> str:
    """Reference loader: the key and the row of this node."""
    key = keys.own_key()
    own_row()
    return f"key {key.keyid}"
