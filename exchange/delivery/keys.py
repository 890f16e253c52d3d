"""Signing keys: the own private one on disk, public ones of all known nodes."""

import base64
import binascii
import os
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node

from .enums import Suite
from .models import NodeKey

NODE_CODE = r"^[NPMC]\d{8}$"
KEYID = re.compile(r"^([NPMC]\d{8})#([1-9]\d{0,8})$")
OVERLAP = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class OwnKey:
    """The key this node signs with."""

    keyid: str
    serial: int
    alg: str
    public_key: str
    private: Ed25519PrivateKey

    def sign(self, message: bytes) -> str:
        return base64.b64encode(self.private.sign(message)).decode()


def own_key() -> OwnKey:
    """The own key; made on first use."""
    private = _read() or _make()
    public = encode(private.public_key())
    row = NodeKey.objects.filter(node=own_node(), public_key=public).first()
    row = row or _enter(public)
    return OwnKey(row.keyid, row.serial, row.alg, public, private)


def _read() -> Ed25519PrivateKey | None:
    try:
        pem = Path(settings.EXCHANGE_KEY_FILE).read_bytes()
    except FileNotFoundError:
        return None
    private = load_pem_private_key(pem, password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise DomainError(_("The key file holds no Ed25519 key."))
    return private


def _make() -> Ed25519PrivateKey:
    """Write a new key whole or not at all; the first of two processes wins."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = Path(settings.EXCHANGE_KEY_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(pem)
    try:
        os.link(draft, path)
    except FileExistsError:
        return _read() or private
    finally:
        draft.unlink(missing_ok=True)
    return private


def _enter(public: str) -> NodeKey:
    node = own_node()
    with transaction.atomic():
        last = NodeKey.objects.filter(node=node).aggregate(last=Max("serial"))["last"]
        return NodeKey.objects.create(
            node=node, serial=(last or 0) + 1, public_key=public
        )


def encode(key: Ed25519PublicKey) -> str:
    """A public key as it travels: raw, base64."""
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def parse_public(text: str, alg: str = Suite.ED25519) -> str:
    """A public key given as PEM or raw base64, in the form that is stored."""
    if alg != Suite.ED25519:
        raise DomainError(
            _("This signature suite is not supported here."),
            code="code_list",
            fields={"alg": alg},
        )
    try:
        if "BEGIN PUBLIC KEY" in text:
            key = load_pem_public_key(text.encode())
        else:
            key = Ed25519PublicKey.from_public_bytes(
                base64.b64decode(text.strip(), validate=True)
            )
    except (ValueError, binascii.Error) as error:
        raise _no_key() from error
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key()
    return encode(key)


def _no_key() -> DomainError:
    text = _("This is not an Ed25519 public key.")
    return DomainError(text, code="format", fields={"public_key": text})


def load_public(key: NodeKey) -> Ed25519PublicKey:
    """The stored key as an object that verifies."""
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(key.public_key))


def split(keyid: str) -> tuple[str, int] | None:
    """Node and serial of a key identifier."""
    found = KEYID.match(keyid)
    return (found[1], int(found[2])) if found else None


def find(keyid: str) -> NodeKey | None:
    """The key with this identifier while it is valid."""
    parts = split(keyid)
    if parts is None:
        return None
    key = NodeKey.objects.filter(node=parts[0], serial=parts[1]).first()
    return key if key and key.valid(now()) else None


def verifies(key: NodeKey, value: str, message: bytes) -> bool:
    """Did the owner of this key sign the message?"""
    try:
        load_public(key).verify(base64.b64decode(value, validate=True), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def trust(node: str, serial: int, public_key: str, *, alg: str = Suite.ED25519) -> None:
    """Remember a node's key, valid from now on."""
    NodeKey.objects.update_or_create(
        node=node,
        serial=serial,
        defaults={"alg": alg, "public_key": public_key, "valid_to": None},
    )
