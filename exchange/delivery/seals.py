"""Origin seals: proof of who said what, over RFC 8785 canonical JSON."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import rfc8785
from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError

from . import keys
from .errors import GroupRefused


def content(
    interface: str, version: int, origin: str, records: Sequence[Mapping[str, Any]]
) -> bytes:
    """The bytes that a seal covers."""
    return canonical(
        {
            "interface": interface,
            "version": version,
            "origin": origin,
            "records": list(records),
        }
    )


def canonical(value: Any) -> bytes:
    """RFC 8785; DomainError for what has no canonical form."""
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeError) as error:
        raise DomainError(str(error), code="format") from error


def seal(message: bytes) -> dict[str, str]:
    """Seal what `content` gave, with the own key."""
    key = keys.own_key()
    return {"alg": key.alg, "keyid": key.keyid, "value": key.sign(message)}


def check(given: Any, origin: str, message: bytes) -> None:
    """Refuse a group whose seal is not its origin's."""
    if not isinstance(given, Mapping):
        raise GroupRefused(_("The group carries no seal."), code="bad_seal")
    keyid = str(given.get("keyid", ""))
    parts = keys.split(keyid)
    if parts is None or parts[0] != origin:
        raise GroupRefused(_("The seal is not the origin's."), code="bad_seal")
    key = keys.find(keyid)
    if key is None:
        raise GroupRefused(
            _("The key of the seal is not known here (yet)."),
            code="bad_seal",
            retry=True,
        )
    if given.get("alg") != key.alg or not keys.verifies(
        key, str(given.get("value", "")), message
    ):
        raise GroupRefused(_("The seal does not fit the records."), code="bad_seal")


def record_hash(origin: str, record: Mapping[str, Any]) -> str:
    """The hash by which two ends compare a record."""
    wanted = {name: record[name] for name in ("data", "op", "revision", "uid")}
    return hashlib.sha256(canonical(wanted | {"origin": origin})).hexdigest()
