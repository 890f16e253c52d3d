"""What an end says it has, under its own signature."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from exchange.delivery import seals
from exchange.reconciliation.buckets import Digest
from exchange.reconciliation.selectors import View
from platform_core.common.clock import now, read_moment
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node

SOURCE, HOLDER = "source", "holder"
FIELDS = ("interface", "origin", "node", "peer", "role", "count", "digest", "at")


@dataclass(frozen=True, slots=True)
class Said:
    """A statement whose form is right."""

    statement: dict[str, Any]
    seal: dict[str, Any] | None
    digest: Digest
    at: datetime

    def stored(self) -> dict[str, Any]:
        return {"statement": self.statement, "seal": self.seal}


def make(view: View, digest: Digest, peer: str) -> Said:
    """Our statement about a set of records that we share with a peer."""
    moment = now()
    statement = {
        "interface": view.interface,
        "origin": view.origin,
        "node": own_node(),
        "peer": peer,
        "role": HOLDER if view.held else SOURCE,
        "count": digest.count,
        "digest": digest.hex,
        "at": moment.isoformat(),
    }
    seal = seals.seal(seals.canonical(statement))
    return Said(statement, seal, digest, moment)


def read(given: Any) -> Said:
    """A statement in its right form; DomainError for anything else."""
    inner = given.get("statement") if isinstance(given, Mapping) else None
    if not isinstance(inner, Mapping) or set(FIELDS) - set(inner):
        raise _wrong()
    moment = read_moment(inner["at"])
    if moment is None:
        raise _wrong()
    seal = given.get("seal")
    return Said(
        dict(inner),
        dict(seal) if isinstance(seal, Mapping) else None,
        read_digest(inner),
        moment,
    )


def read_digest(given: Mapping[str, Any]) -> Digest:
    """Count and sum as they travel."""
    count, text = given.get("count"), given.get("digest")
    try:
        total = int(text, 16) if isinstance(text, str) and len(text) == 64 else -1
    except ValueError:
        total = -1
    if type(count) is not int or count < 0 or total < 0:
        raise _wrong()
    return Digest(count, total)


def _wrong() -> DomainError:
    return DomainError(_("The statement has no valid form."), code="format")


def check(said: Said, node: str) -> None:
    """Refuse a statement that the node did not sign; GroupRefused says why."""
    if said.statement["node"] != node:
        raise _wrong()
    seals.check(said.seal, node, seals.canonical(said.statement))
