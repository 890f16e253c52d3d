"""Signature suites: what a key can do, whichever algorithm it is of."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
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
from django.utils.translation import gettext as _
from http_message_signatures import HTTPSignatureAlgorithm

from platform_core.common.errors import DomainError

from . import sm2
from .enums import Suite
from .errors import no_key

# Lengths of public keys: 32 bytes of Ed25519, a point of SM2 not compressed.
RAW = frozenset({32, 65})


class PrivateKey(Protocol):
    """A key that signs."""

    alg: Any

    @property
    def public(self) -> str: ...

    def sign(self, message: bytes) -> bytes: ...

    def pem(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Ed25519Key:
    """A private key of the suite `ed25519`."""

    inner: Ed25519PrivateKey
    alg = "ed25519"

    @classmethod
    def generate(cls) -> "Ed25519Key":
        return cls(Ed25519PrivateKey.generate())

    @property
    def public(self) -> str:
        key = self.inner.public_key()
        return base64.b64encode(
            key.public_bytes(Encoding.Raw, PublicFormat.Raw)
        ).decode()

    def sign(self, message: bytes) -> bytes:
        return self.inner.sign(message)

    def pem(self) -> bytes:
        return self.inner.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )


def _parse_ed25519(text: str) -> str:
    try:
        if "BEGIN PUBLIC KEY" in text:
            key = load_pem_public_key(text.encode())
        else:
            raw = base64.b64decode(text.strip(), validate=True)
            key = Ed25519PublicKey.from_public_bytes(raw)
    except (ValueError, binascii.Error, UnsupportedAlgorithm) as error:
        raise no_key("Ed25519") from error
    if not isinstance(key, Ed25519PublicKey):
        raise no_key("Ed25519")
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def _verify_ed25519(public: str, signature: bytes, message: bytes) -> bool:
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public))
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Tools:
    """The functions of one suite."""

    generate: Callable[[], PrivateKey]
    parse_public: Callable[[str], str]
    verify: Callable[[str, bytes, bytes], bool]


TOOLS = {
    Suite.ED25519: Tools(Ed25519Key.generate, _parse_ed25519, _verify_ed25519),
    Suite.SM2: Tools(sm2.PrivateKey.generate, sm2.parse_public, sm2.verify),
}


def tools(alg: str) -> Tools:
    """The suite of this name; DomainError for one that is unknown here."""
    if alg not in Suite.values:
        raise DomainError(
            _("This signature suite is not supported here."),
            code="code_list",
            fields={"alg": alg},
        )
    return TOOLS[Suite(alg)]


def read_private(pem: bytes) -> PrivateKey:
    """The private key in a PKCS#8 file, of whichever suite."""
    try:
        found = load_pem_private_key(pem, password=None)
    except UnsupportedAlgorithm:
        return sm2.PrivateKey.read(pem)
    except ValueError as error:
        raise DomainError(_("The key file cannot be read.")) from error
    if not isinstance(found, Ed25519PrivateKey):
        raise DomainError(_("The key file holds no key of a known suite."))
    return Ed25519Key(found)


def read_public(content: bytes) -> str:
    """The public key in a file: PEM and base64 as they are, raw bytes in base64."""
    if len(content) in RAW:
        return base64.b64encode(content).decode()
    try:
        text = content.decode("ascii").strip()
    except UnicodeDecodeError:
        text = ""
    if not text:
        raise DomainError(_("The key file cannot be read."))
    return text


def suite_of(public: str) -> str:
    """The suite that a public key is of; the default where it is of none."""
    for suite in Suite.values:
        try:
            tools(suite).parse_public(public)
        except DomainError:
            continue
        return str(suite)
    return str(Suite.ED25519)


class Algorithm(HTTPSignatureAlgorithm):
    """A suite as the library of RFC 9421 wants it."""

    suite: Suite

    def __init__(self, public_key: Any = None, private_key: Any = None) -> None:
        self.public_key, self.private_key = public_key, private_key

    def sign(self, message: bytes) -> bytes:
        signature: bytes = self.private_key.sign(message)
        return signature

    def verify(self, signature: bytes, message: bytes) -> None:
        if not TOOLS[self.suite].verify(self.public_key, signature, message):
            raise InvalidSignature


class Ed25519Algorithm(Algorithm):
    """`alg="ed25519"` of RFC 9421."""

    suite = Suite.ED25519
    algorithm_id = "ed25519"


class Sm2Algorithm(Algorithm):
    """`alg="sm2-sm3"` of the exchange protocol."""

    suite = Suite.SM2
    algorithm_id = "sm2-sm3"


ALGORITHMS: dict[str, type[HTTPSignatureAlgorithm]] = {
    Suite.ED25519: Ed25519Algorithm,
    Suite.SM2: Sm2Algorithm,
}
