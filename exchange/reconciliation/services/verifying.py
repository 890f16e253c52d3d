"""Checking a certificate with nothing but itself and public keys; no database."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from exchange.delivery import seals, suites
from exchange.reconciliation.enums import APART, State
from platform_core.common.errors import DomainError

from .statements import HOLDER, SOURCE, Said, read


@dataclass(frozen=True, slots=True)
class Key:
    """A public key that somebody trusts."""

    alg: str
    public_key: str


@dataclass
class Verdict:
    """What was found out about a certificate."""

    faults: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.faults


def contradictions(data: Mapping[str, Any], source: Said, holder: Said) -> list[str]:
    """Where a certificate says something else than its two statements."""
    one, two = source.statement, holder.statement
    ends = (data["source"], data["holder"])
    checks = {
        _("The statements are not of the two ends."): (
            (one["node"], one["peer"]) == ends and (two["peer"], two["node"]) == ends
        ),
        _("The roles of the two ends are wrong."): (
            (one["role"], two["role"]) == (SOURCE, HOLDER)
        ),
        _("The statements are about other records."): all(
            (said["interface"], said["origin"])
            == (data["interface"], data["record_origin"])
            for said in (one, two)
        ),
        _("The statements are of another day."): (
            localtime(source.at).date().isoformat() == data["day"]
            and abs(source.at - holder.at) <= APART
        ),
        _("The result does not fit the digests."): (
            (data["state"] == State.EQUAL) == (source.digest == holder.digest)
        ),
    }
    return [text for text, good in checks.items() if not good]


def verify(data: Mapping[str, Any], trusted: Mapping[str, Key]) -> Verdict:
    """Check form, contradictions and both signatures."""
    found = Verdict()
    try:
        source, holder = read(data["source_says"]), read(data["holder_says"])
        found.faults += contradictions(data, source, holder)
    except (DomainError, KeyError, TypeError) as error:
        found.faults.append(str(getattr(error, "message", "")) or repr(error))
        return found
    for said in (source, holder):
        _signature(said, trusted, found)
    return found


def _signature(said: Said, trusted: Mapping[str, Key], found: Verdict) -> None:
    node, seal = said.statement["node"], said.seal or {}
    keyid = str(seal.get("keyid", ""))
    key = trusted.get(keyid)
    if keyid.partition("#")[0] != node or key is None:
        found.faults.append(_("%(node)s: no known key signed it.") % {"node": node})
        return
    try:
        value = base64.b64decode(str(seal.get("value", "")), validate=True)
        message = seals.canonical(said.statement)
        good = seal.get("alg") == key.alg and suites.tools(key.alg).verify(
            key.public_key, value, message
        )
    except (ValueError, DomainError):
        good = False
    if not good:
        text = _("%(node)s: the signature does not fit.") % {"node": node}
        found.faults.append(text)
        return
    print_of_key = hashlib.sha256(key.public_key.encode()).hexdigest()[:16]
    found.lines.append(
        f"{node} {said.statement['role']}: {said.digest.count} "
        f"{said.digest.hex} ({keyid} {print_of_key})"
    )
