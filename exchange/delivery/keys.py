"""Signing keys: the own private ones on disk, public ones of all known nodes."""

import base64
import hashlib
import os
import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from platform_core.common.clock import now
from platform_core.common.models import own_node

from . import suites
from .enums import Suite
from .models import NodeKey
from .suites import PrivateKey

NODE_CODE = r"^[NPMC]\d{8}$"
KEYID = re.compile(r"([NPMC]\d{8})#([1-9]\d{0,8})", re.ASCII)
OVERLAP = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A key of this node."""

    keyid: str
    serial: int
    alg: str
    public_key: str
    private: PrivateKey

    def sign(self, message: bytes) -> str:
        return base64.b64encode(self.private.sign(message)).decode()


def own_key() -> OwnKey:
    """The key this node signs with; made on first use."""
    return own_keys()[0]


def own_keys() -> list[OwnKey]:
    """The valid own keys that may sign, the one in use first."""
    held = _held() or {made.public: made for made in [_first()]}
    rows = _rows(held)
    first = next(iter(held))
    if first not in {row.public_key for row in rows}:
        rows.append(_enter(first, held[first].alg))
    usable = [row for row in rows if not row.pending]
    valid = [row for row in usable if row.valid(now())] or usable
    valid.sort(key=lambda row: -row.serial)
    return [
        OwnKey(row.keyid, row.serial, row.alg, row.public_key, held[row.public_key])
        for row in valid
    ]


def _first() -> PrivateKey:
    return _make(_path(), settings.EXCHANGE_KEY_SUITE)


def _rows(held: dict[str, PrivateKey]) -> list[NodeKey]:
    return list(NodeKey.objects.filter(node=own_node(), public_key__in=list(held)))


def _path(serial: int = 0) -> Path:
    """Where the first key is kept; later ones stand beside it with their serial."""
    path = Path(settings.EXCHANGE_KEY_FILE)
    return path.with_name(f"{path.name}.{serial}") if serial else path


def _files() -> list[Path]:
    path = _path()
    return [path, *sorted(path.parent.glob(f"{path.name}.[0-9]*"))]


def _held() -> dict[str, PrivateKey]:
    """Private keys on disk by their public ones, the first key first."""
    found = [_read(file) for file in _files()]
    return {key.public: key for key in found if key is not None}


def _read(path: Path) -> PrivateKey | None:
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _load(path, changed)


@lru_cache(maxsize=16)
def _load(path: Path, changed: int) -> PrivateKey:
    return suites.read_private(path.read_bytes())


def _make(path: Path, alg: str) -> PrivateKey:
    """Write a new key whole or not at all; the first of two processes wins."""
    private = suites.tools(alg).generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(private.pem())
    try:
        os.link(draft, path)
    except FileExistsError:
        return _read(path) or private
    finally:
        draft.unlink(missing_ok=True)
    return private


def _enter(public: str, alg: str) -> NodeKey:
    with transaction.atomic():
        return NodeKey.objects.create(
            node=own_node(), serial=_next_serial(), public_key=public, alg=alg
        )


def _next_serial() -> int:
    known = NodeKey.objects.filter(node=own_node())
    return int(known.aggregate(last=Max("serial"))["last"] or 0) + 1


def make_next(alg: str) -> NodeKey:
    """A further own key, which does not sign yet."""
    serial = _next_serial()
    private = _make(_path(serial), alg)
    return NodeKey.objects.create(
        node=own_node(),
        serial=serial,
        public_key=private.public,
        alg=private.alg,
        pending=True,
    )


def destroy(key: NodeKey) -> bool:
    """Remove the private half of an own key from the disk, if it is still there."""
    for file in _files():
        private = _read(file)
        if private is not None and private.public == key.public_key:
            file.unlink(missing_ok=True)
            return True
    return False


def parse_public(text: str, alg: str = Suite.ED25519) -> str:
    """A public key given as PEM or raw base64, in the form that is stored."""
    return suites.tools(alg).parse_public(text)


def fingerprint(public: str) -> str:
    """What two people read to one another to compare a public key."""
    digest = hashlib.sha256(base64.b64decode(public)).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, 40, 4))


def split(keyid: str) -> tuple[str, int] | None:
    """Node and serial of a key identifier."""
    found = KEYID.fullmatch(keyid)
    return (found[1], int(found[2])) if found else None


def known(keyid: str) -> NodeKey | None:
    """The key with this identifier, also one that is no longer valid."""
    parts = split(keyid)
    if parts is None:
        return None
    return NodeKey.objects.filter(node=parts[0], serial=parts[1]).first()


def find(keyid: str) -> NodeKey | None:
    """The key with this identifier while it is valid."""
    key = known(keyid)
    return key if key and key.valid(now()) else None


def verifies(key: NodeKey, value: str, message: bytes) -> bool:
    """Did the owner of this key sign the message?"""
    try:
        signature = base64.b64decode(value, validate=True)
    except ValueError:
        return False
    return suites.tools(key.alg).verify(key.public_key, signature, message)


def trust(node: str, serial: int, public_key: str, *, alg: str = Suite.ED25519) -> None:
    """Remember a node's key, valid from now on."""
    NodeKey.objects.update_or_create(
        node=node,
        serial=serial,
        defaults={"alg": alg, "public_key": public_key, "valid_to": None},
    )
