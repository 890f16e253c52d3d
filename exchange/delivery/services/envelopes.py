"""The outside of a delivery and of its groups, before anything is believed."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from exchange.delivery import seals
from exchange.delivery.enums import MAX_RECORDS
from exchange.delivery.errors import TooLarge
from exchange.delivery.models import Peer
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node

from . import blobs
from .ledger import Ledger


@dataclass
class IncomingGroup:
    """One group of a delivery and what became of it."""

    peer: Peer
    batch: UUID
    interface: str
    version: int
    origin: str
    route: list[str]
    records: list[dict[str, Any]]
    seal: Any
    forms: list[seals.Form] = field(default_factory=list)
    uids: list[UUID | None] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    passes_on: bool = True
    files: list[blobs.Named] = field(default_factory=list)
    unchanged: int = 0
    applied: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)

    def answer(self) -> dict[str, Any]:
        return {
            "applied": self.applied,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
        }


def envelope(payload: dict[str, Any]) -> UUID:
    """Check the outside of a delivery; DomainError names the field."""
    for name in ("batch", "receiver", "groups"):
        if name not in payload:
            raise wrong(name, "required", _("This field is required."))
    if payload["receiver"] != own_node():
        raise wrong(
            "receiver", "out_of_scope", _("The delivery is for another platform.")
        )
    groups = payload["groups"]
    if not isinstance(groups, list) or not all(isinstance(g, dict) for g in groups):
        raise wrong("groups", "type", _("A list of groups is expected."))
    count = sum(len(g["records"]) for g in groups if isinstance(g.get("records"), list))
    if count > MAX_RECORDS:
        raise TooLarge(_("A delivery has at most %(n)s records.") % {"n": MAX_RECORDS})
    try:
        return UUID(str(payload["batch"]))
    except ValueError as error:
        raise wrong("batch", "format", _("A UUID is expected.")) from error


def wrong(name: str, code: str, text: str) -> DomainError:
    return DomainError(f"{name}: {text}", code=code, fields={name: text})


SHAPE: dict[str, type] = {
    "interface": str,
    "version": int,
    "origin": str,
    "route": list,
    "records": list,
}


def parse(peer: Peer, batch: UUID, given: dict[str, Any]) -> IncomingGroup:
    for name, kind in SHAPE.items():
        if name not in given:
            raise wrong(f"groups.{name}", "required", _("This field is required."))
        if type(given[name]) is not kind:
            raise wrong(f"groups.{name}", "type", _("The type is wrong."))
    records = given["records"]
    if not all(isinstance(record, dict) for record in records):
        raise wrong("groups.records", "type", _("The type is wrong."))
    route = [str(code) for code in given["route"]]
    return IncomingGroup(
        peer,
        batch,
        given["interface"],
        given["version"],
        given["origin"],
        route,
        records,
        _seal(given.get("seal")),
    )


def _seal(given: Any) -> Any:
    """What a seal consists of; anything else is not passed on."""
    if not isinstance(given, dict):
        return None
    return {name: given[name] for name in ("alg", "keyid", "value") if name in given}
