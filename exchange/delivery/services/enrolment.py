"""Joining: invitations, enrolment, suspending and resuming."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.delivery import keys, network
from exchange.delivery.enums import (
    INVITATION_HOURS,
    CallKind,
    PeerState,
    Relation,
    Suite,
)
from exchange.delivery.errors import Unauthorised
from exchange.delivery.models import Call, Invitation, NodeKey, Peer
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import DomainError, PeerUnavailable
from platform_core.common.models import own_node
from platform_core.regions.codes import node_division, within
from platform_core.regions.models import Node

from . import nodes, states
from .states import get_peer


@dataclass(frozen=True, slots=True)
class Application:
    """What a child sends to join, its shape already checked."""

    token: str
    code: str
    tier: str
    name: str
    url: str
    public_key: str
    alg: str


def _check_code(code: str) -> None:
    if keys.split(f"{code}#1") is None:
        text = _("A node code is a letter N, P, M or C and eight digits.")
        raise DomainError(text, code="format", fields={"code": text})
    if code == own_node() or not within(node_division(code), node_division(own_node())):
        text = _("The node lies outside the division of this platform.")
        raise DomainError(text, code="out_of_scope", fields={"code": text})


@transaction.atomic
def add_peer(
    *,
    code: str,
    name: str,
    url: str = "",
    tier: str = "",
    public_key: str = "",
    alg: str = Suite.ED25519,
    serial: int = 1,
    by: Actor = None,
) -> Peer:
    """Register a child; with its public key it may speak at once."""
    _check_code(code)
    url = network.check_url(url) if url else ""
    facts = {"name": name, "url": url, "tier": nodes.tier_named(tier, code)}
    peer, _new = Peer.objects.update_or_create(
        code=code, defaults={**facts, "relation": Relation.CHILD}
    )
    audit.record("exchange.peer_added", peer, by=by, data=facts)
    if public_key:
        alg = alg or Suite.ED25519
        public_key = keys.parse_public(public_key, alg)
        _accept(peer, serial=serial, public_key=public_key, alg=alg, by=by)
    return peer


@transaction.atomic
def edit_peer(*, peer: Peer, by: Actor = None, **facts: str) -> Peer:
    """Change what is known of a platform; its code, keys and rules have their own."""
    if facts.get("url"):
        facts["url"] = network.check_url(facts["url"])
    changed = {
        name: {"from": getattr(peer, name), "to": value}
        for name, value in facts.items()
        if getattr(peer, name) != value
    }
    if changed:
        for name, value in facts.items():
            setattr(peer, name, value)
        peer.touch()
        peer.save(update_fields=[*facts, "updated_at"])
        audit.record("exchange.peer_changed", peer, by=by, data=changed)
    return peer


@transaction.atomic
def invite(*, code: str, by: Actor = None) -> str:
    """A one-time enrolment token for a registered child; shown once."""
    peer = get_peer(code)
    if peer.relation != Relation.CHILD:
        raise DomainError(_("Only a child can be invited."), code="invalid")
    token = secrets.token_hex(24)
    Invitation.objects.create(
        peer=peer,
        token_hash=_hash(token),
        expires_at=now() + timedelta(hours=INVITATION_HOURS),
    )
    audit.record("exchange.peer_invited", peer, by=by)
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _accept(
    peer: Peer, *, serial: int, public_key: str, alg: str, by: Actor = None
) -> None:
    """Trust a child's key, let it speak, and tell the neighbours."""
    NodeKey.objects.filter(node=peer.code, valid_to__isnull=True).exclude(
        serial=serial
    ).update(valid_to=now() + keys.OVERLAP)
    keys.trust(peer.code, serial, public_key, alg=alg)
    peer.state, peer.state_reason = PeerState.ENABLED, ""
    peer.failures, peer.next_try_at = 0, now()
    peer.touch()
    peer.save()
    facts = {
        "name": peer.name,
        "tier": peer.tier,
        "url": peer.url,
        "parent_code": _parent_of(peer.code),
    }
    nodes.remember(peer.code, facts, origin=own_node())
    audit.record("exchange.peer_enabled", peer, by=by, data={"serial": serial})
    nodes.backfill(peer)
    nodes.own_row()
    nodes.announce(peer.code)


def _parent_of(code: str) -> str:
    """Who stands above a child: we, unless it is known to be below another."""
    known = Node.objects.filter(code=code).values_list("parent_code", flat=True)
    return known.first() or own_node()


def enrol(application: Application, *, serial: int) -> dict[str, Any]:
    """Take a child in; the signature under its own key was checked before."""
    with transaction.atomic():
        invitation = _invitation(application)
        peer = invitation.peer
        if not invitation.used_at:
            invitation.used_at = now()
            invitation.used_key = application.public_key
            invitation.save()
            peer.name = application.name or peer.name
            peer.url = application.url or peer.url
            peer.tier = application.tier or peer.tier
            _accept(
                peer,
                serial=serial,
                public_key=application.public_key,
                alg=application.alg,
            )
    return card()


def _invitation(application: Application) -> Invitation:
    """The unused invitation of this token; the same child may ask twice."""
    found = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("peer")
        .filter(token_hash=_hash(application.token))
        .first()
    )
    if found is None or found.peer.code != application.code:
        raise Unauthorised(
            _("The enrolment token is not for this platform."), code="unknown_peer"
        )
    if found.used_at and found.used_key != application.public_key:
        raise Unauthorised(_("The enrolment token was used before."), code="replay")
    if found.expires_at < now():
        raise Unauthorised(_("The enrolment token has expired."), code="expired")
    if found.peer.state == PeerState.DISABLED:
        raise Unauthorised(_("The platform is disabled."), code="suspended")
    return found


def card() -> dict[str, Any]:
    """This node as it introduces itself, with its public key."""
    own, key = nodes.own_row(), keys.own_key()
    return {
        "node": {
            "code": own.code,
            "tier": own.tier,
            "division": own.division_id,
            "name": own.name,
            "url": own.url,
        },
        "public_key": key.public_key,
        "alg": key.alg,
        "keyid": key.keyid,
    }


def join(*, parent_url: str, token: str) -> Peer:
    """Enrol this node with the parent that gave the token."""
    url = network.check_url(parent_url)
    begun = now()
    answer = network.call(url, "POST", "enrolments", {"token": token, **card()})
    if answer.status_code != 201:
        raise DomainError(_reason(answer), code="refused")
    took = int((now() - begun).total_seconds() * 1000)
    with transaction.atomic():
        peer = _accept_parent(answer.json(), url)
        peer.contact_at = peer.success_at = now()
        peer.save(update_fields=["contact_at", "success_at"])
        Call.objects.create(
            peer=peer, kind=CallKind.ENROLMENT, milliseconds=took, status=201, ok=True
        )
    return peer


def join_by_card(given: Mapping[str, Any]) -> Peer:
    """Join the parent whose card somebody brought; its key was compared by hand."""
    _check_card(given)
    url = str(given["node"].get("url") or "")
    return _accept_parent(given, network.check_url(url) if url else "")


def admit(given: Mapping[str, Any], *, by: Actor = None) -> Peer:
    """Take in a child whose card somebody brought."""
    _check_card(given)
    node = given["node"]
    serial = may_enrol(str(given.get("keyid") or f"{node['code']}#1"), node["code"])
    return add_peer(
        code=node["code"],
        name=str(node.get("name") or node["code"])[:120],
        url=str(node.get("url") or ""),
        tier=str(node.get("tier") or "")[:20],
        public_key=given["public_key"],
        alg=str(given.get("alg") or Suite.ED25519),
        serial=serial,
        by=by,
    )


def fingerprint(given: Mapping[str, Any]) -> str:
    """What two people read to one another before they believe a card."""
    alg = str(given.get("alg") or Suite.ED25519)
    return keys.fingerprint(keys.parse_public(given["public_key"], alg))


def _check_card(given: Mapping[str, Any]) -> None:
    node = given.get("node")
    proper = isinstance(node, dict) and isinstance(node.get("code"), str)
    if not proper or not isinstance(given.get("public_key"), str):
        raise DomainError(_("This is not the card of a platform."), code="format")


def _reason(answer: Any) -> str:
    try:
        text = answer.json().get("message", "")
    except (ValueError, AttributeError):
        text = ""
    return text or _("The parent answered %(status)s.") % {"status": answer.status_code}


def _is_further_up(code: str, parent: str) -> bool:
    """Is this a direct line past the parent, which stays the parent?"""
    above = bool(parent) and code != parent
    return above and within(node_division(parent), node_division(code))


@transaction.atomic
def _accept_parent(answer: Mapping[str, Any], url: str) -> Peer:
    node = answer.get("node") or {}
    code = str(node.get("code", ""))
    parts = keys.split(str(answer.get("keyid") or f"{code}#1"))
    if parts is None or parts[0] != code:
        raise PeerUnavailable(_("The parent's answer names no node."))
    if not within(node_division(own_node()), node_division(code)):
        raise DomainError(_("That platform is not above this one."), code="invalid")
    alg = str(answer.get("alg") or Suite.ED25519)
    public_key = keys.parse_public(str(answer["public_key"]), alg)
    keys.trust(code, parts[1], public_key, alg=alg)
    facts = {
        "name": str(node.get("name", "")) or code,
        "tier": nodes.tier_named(str(node.get("tier", "")), code),
        "url": url,
    }
    peer, _new = Peer.objects.update_or_create(
        code=code,
        defaults={
            **facts,
            "relation": Relation.PARENT,
            "state": PeerState.ENABLED,
            "failures": 0,
            "next_try_at": now(),
        },
    )
    nodes.remember(code, facts, origin=own_node())
    own = nodes.own_row()
    if not _is_further_up(code, own.parent_code):
        own.parent_code = code
        own.revise()
        own.save()
    audit.record("exchange.joined", peer, data={"url": url})
    nodes.backfill(peer)
    nodes.announce()
    return peer


def suspend(*, code: str, by: Actor = None) -> Peer:
    """Stop talking to a peer; what is announced waits."""
    return states.move(code=code, state=PeerState.SUSPENDED, by=by)


def resume(*, code: str, by: Actor = None) -> Peer:
    """Talk to a peer again, at once."""
    return states.move(code=code, state=PeerState.ENABLED, by=by)


def may_enrol(keyid: str, code: str) -> int:
    """The serial of the key that a joining node signs with."""
    parts = keys.split(keyid)
    if parts is None or parts[0] != code:
        raise Unauthorised(_("The key is not of the node that wants to join."))
    return parts[1]


def application(given: Mapping[str, Any], *, url: str, alg: str) -> Application:
    """A checked application out of the fields of a request."""
    _check_code(given["code"])
    return Application(
        token=given["token"],
        code=given["code"],
        tier=nodes.tier_named(given["tier"], given["code"]),
        name=given["name"][:120],
        url=network.check_url(url)[:200] if url else "",
        public_key=keys.parse_public(given["public_key"], alg),
        alg=alg,
    )
