"""Origin seals: proof of who said what, over RFC 8785 canonical JSON."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from platform_core.common import canonical as form
from platform_core.common.clock import now
from platform_core.common.errors import DomainError

from . import keys
from .errors import GroupRefused

USUAL = {"data", "occurred_at", "op", "revision", "uid"}


@dataclass(frozen=True, slots=True)
class Form:
    """The canonical form of a record.

    That of its data is the costly part: it is reckoned once for seal and hash.
    """

    text: bytes
    data: bytes

    @classmethod
    def of(cls, record: Mapping[str, Any], data: bytes | None = None) -> "Form":
        """DomainError for a record without a canonical form."""
        data = canonical(record.get("data")) if data is None else data
        if record.keys() == USUAL:
            return cls(
                _written(data, record, "occurred_at", "op", "revision", "uid"), data
            )
        ready = {"data": data} if "data" in record else {}
        return cls(_composed(record, ready), data)

    def hash(self, origin: str, record: Mapping[str, Any]) -> str:
        """The hash by which two ends compare a record."""
        about = {**record, "origin": origin}
        text = _written(self.data, about, "op", "origin", "revision", "uid")
        return hashlib.sha256(text).hexdigest()


def _written(data: bytes, record: Mapping[str, Any], *names: str) -> bytes:
    """The canonical form of an object of these names, in order behind its data."""
    parts = [b'"%b":%b' % (name.encode(), canonical(record[name])) for name in names]
    return b'{"data":%b,%b}' % (data, b",".join(parts))


def _composed(value: Mapping[str, Any], ready: Mapping[str, bytes]) -> bytes:
    """The canonical form of an object with the members that are ready."""
    try:
        return form.composed(value, ready)
    except form.BROKEN as error:
        raise DomainError(str(error), code="format") from error


def content(
    interface: str, version: int, origin: str, records: Sequence[Mapping[str, Any]]
) -> bytes:
    """The bytes that a seal covers."""
    forms = (Form.of(record).text for record in records)
    return content_of(interface, version, origin, forms)


def content_of(
    interface: str, version: int, origin: str, texts: Iterable[bytes]
) -> bytes:
    """The same, of records in their canonical form."""
    head = {"interface": interface, "origin": origin, "records": [], "version": version}
    return _composed(head, {"records": listed(texts)})


def listed(texts: Iterable[bytes]) -> bytes:
    """A list of what is in canonical form."""
    return b"[" + b",".join(texts) + b"]"


def canonical(value: Any) -> bytes:
    """RFC 8785; DomainError for what has no canonical form."""
    try:
        return form.dumps(value)
    except form.BROKEN as error:
        raise DomainError(str(error), code="format") from error


def seal(message: bytes) -> dict[str, str]:
    """Seal what `content` gave, with the own key."""
    key = keys.own_key()
    return {"alg": key.alg, "keyid": key.keyid, "value": key.sign(message)}


def check(
    given: Any, origin: str, message: bytes, *, moment: datetime | None = None
) -> None:
    """Refuse a group whose seal is not its origin's.

    The key has to be valid at this moment; without one, now.
    """
    if not isinstance(given, Mapping):
        raise GroupRefused(_("The group carries no seal."), code="bad_seal")
    keyid = str(given.get("keyid", ""))
    parts = keys.split(keyid)
    if parts is None or parts[0] != origin:
        raise GroupRefused(_("The seal is not the origin's."), code="bad_seal")
    key = keys.known(keyid)
    if key is None:
        raise GroupRefused(
            _("The key of the seal is not known here (yet)."),
            code="bad_seal",
            retry=True,
        )
    if not key.valid(moment or now()):
        raise GroupRefused(_("The key was retired."), code="bad_seal")
    if given.get("alg") != key.alg or not keys.verifies(
        key, str(given.get("value", "")), message
    ):
        raise GroupRefused(_("The seal does not fit the records."), code="bad_seal")


def record_hash(
    origin: str, record: Mapping[str, Any], data: bytes | None = None
) -> str:
    """The hash by which two ends compare a record; `data` if it is known already."""
    data = canonical(record["data"]) if data is None else data
    return Form(b"", data).hash(origin, record)
