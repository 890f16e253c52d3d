"""Asking the other end for its digests."""

from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from exchange.delivery import network
from exchange.delivery.models import Peer
from exchange.reconciliation import buckets
from exchange.reconciliation.buckets import Digest
from platform_core.common.errors import DomainError, PeerUnavailable

from .statements import Said, read, read_digest

Theirs = dict[str, tuple[int, str]]


class Asker:
    """The questions about one interface and origin to one peer."""

    def __init__(self, peer: Peer, interface: str, origin: str) -> None:
        self.peer, self.interface, self.origin = peer, interface, origin

    def _ask(self, depth: int, **more: str) -> Any:
        query = urlencode({"origin": self.origin, "depth": depth} | more)
        path = f"interfaces/{quote(self.interface, safe='')}/digest?{query}"
        answer = network.call(self.peer.url, "GET", path)
        if answer.status_code != 200:
            raise PeerUnavailable(f"{answer.status_code} {answer.text[:200]}")
        try:
            return answer.json()
        except ValueError as error:
            raise _strange() from error

    def whole(self) -> tuple[Digest, Said | None]:
        """Count and sum of everything; signed, if the other end signs."""
        found = self._ask(0)
        if not isinstance(found, dict):
            raise _strange()
        digest = _digest(found)
        said = read(found) if found.get("statement") else None
        if said is not None and said.digest != digest:
            raise _strange()
        return digest, said

    def all_buckets(self) -> list[Digest]:
        """The 4 096 digests in order."""
        found = self._ask(1)
        if not isinstance(found, list) or len(found) > buckets.BUCKETS:
            raise _strange()
        made = [buckets.ZERO] * buckets.BUCKETS
        for place, one in enumerate(found):
            digest = _digest(one)
            made[_bucket(one.get("bucket"), place)] = digest
        return made

    def rows(self, bucket: int) -> Theirs:
        """Revision and hash of the records of one bucket."""
        found = self._ask(2, bucket=buckets.name_of(bucket))
        try:
            return {
                str(UUID(one["uid"])): (int(one["revision"]), str(one["hash"]))
                for one in found
            }
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise _strange() from error


def _bucket(name: Any, place: int) -> int:
    """The number of a bucket by its name; without one, by its place."""
    if name is None:
        return place
    try:
        number = int(name, 16)
    except (TypeError, ValueError) as error:
        raise _strange() from error
    if not 0 <= number < buckets.BUCKETS:
        raise _strange()
    return number


def _digest(given: Any) -> Digest:
    if not isinstance(given, dict):
        raise _strange()
    try:
        return read_digest(given)
    except DomainError as error:
        raise _strange() from error


def _strange() -> PeerUnavailable:
    return PeerUnavailable(_("The answer is none of the protocol."))
