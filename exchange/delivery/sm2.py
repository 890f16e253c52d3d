"""The suite `sm2-sm3`: signatures of GB/T 32918.2 on the curve of GB/T 32918.5.

Points and signatures come from the extra `gm` (gmssl), the digest SM3 from
`cryptography`. A public key travels as the uncompressed point (65 bytes), a signature
as r and s (64 bytes); the user id is the standard's default.
"""

import base64
import binascii
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.hashes import SM3, Hash
from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError

from .errors import no_key

try:
    from gmssl import sm2 as _library
except ImportError:  # the extra is not installed
    _library = None

USER_ID = b"1234567812345678"
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
GX = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
GY = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0
# The DER around keys on this curve, as OpenSSL 3 writes PKCS#8 and public keys.
PRIVATE = bytes.fromhex(
    "308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420"
)
BETWEEN = bytes.fromhex("a144034200")
PUBLIC = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
MARK = "-----{} {} KEY-----"


def _gmssl() -> Any:
    if _library is None:
        raise DomainError(
            _("SM2 keys need the extra “gm” of this software; it is not installed."),
            code="code_list",
            fields={"alg": "sm2-sm3"},
        )
    return _library


def _number(value: int) -> bytes:
    return value.to_bytes(32, "big")


def _sm3(message: bytes) -> bytes:
    digest = Hash(SM3())
    digest.update(message)
    return digest.finalize()


def identity(public: bytes, user: bytes = USER_ID) -> bytes:
    """Z_A: the digest of who signs.  [GB/T 32918.2 5.5]"""
    curve = b"".join(_number(part) for part in (A, B, GX, GY))
    return _sm3((len(user) * 8).to_bytes(2, "big") + user + curve + public[1:])


def digest(public: bytes, message: bytes) -> bytes:
    """The number e that is signed, as bytes."""
    return _sm3(identity(public) + message)


def _signer(private: str, public: str) -> Any:
    tool = _gmssl().CryptSM2(private_key=private, public_key="")
    # Set here: the library takes leading figures 0 and 4 of a coordinate away.
    tool.public_key = public
    return tool


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A private key of the suite."""

    number: int
    point: bytes
    alg = "sm2-sm3"

    @classmethod
    def generate(cls) -> "PrivateKey":
        return cls.of(1 + secrets.randbelow(N - 2))

    @classmethod
    def of(cls, number: int) -> "PrivateKey":
        """The key with this secret number."""
        if not 1 <= number <= N - 2:
            raise no_key("SM2")
        tool = _gmssl().CryptSM2(private_key="", public_key="")
        point = bytes.fromhex("04" + tool._kg(number, tool.ecc_table["g"]))
        return cls(number, point)

    @classmethod
    def read(cls, pem: bytes) -> "PrivateKey":
        """Out of PKCS#8, with or without the public key inside."""
        der = _unwrap(pem.decode("ascii", "replace"), "PRIVATE")
        at = der.find(b"\x02\x01\x01\x04\x20")
        if b"\x2a\x81\x1c\xcf\x55\x01\x82\x2d" not in der[:at]:
            raise no_key("SM2")
        return cls.of(int.from_bytes(der[at + 5 : at + 37], "big"))

    def pem(self) -> bytes:
        """PKCS#8."""
        der = PRIVATE + _number(self.number) + BETWEEN + self.point
        return _wrap(der, "PRIVATE").encode()

    @property
    def public(self) -> str:
        return base64.b64encode(self.point).decode()

    def sign(self, message: bytes, *, nonce: int | None = None) -> bytes:
        """The signature r, s; the nonce is given by tests of the standard only."""
        tool = _signer(f"{self.number:064x}", self.point[1:].hex())
        value = digest(self.point, message)
        while True:
            k = nonce or 1 + secrets.randbelow(N - 1)
            text = tool.sign(value, f"{k:064x}")
            if text is not None:
                return bytes.fromhex(text)


def verify(public: str, signature: bytes, message: bytes) -> bool:
    """Did the owner of this key sign the message?"""
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if len(signature) != 64 or not (1 <= r < N and 1 <= s < N):
        return False
    point = base64.b64decode(public, validate=True)
    tool = _signer("", point[1:].hex())
    try:
        fits = tool.verify(signature.hex(), digest(point, message))
    except TypeError:  # the sum of the two points is the point at infinity
        return False
    return bool(fits)


def parse_public(text: str) -> str:
    """A public key given as PEM or base64, as it is stored: the point in base64."""
    _gmssl()
    if "BEGIN PUBLIC KEY" in text:
        der = _unwrap(text, "PUBLIC")
        if not der.startswith(PUBLIC):
            raise no_key("SM2")
        point = der[len(PUBLIC) :]
    else:
        try:
            point = base64.b64decode(text.strip(), validate=True)
        except (ValueError, binascii.Error) as error:
            raise no_key("SM2") from error
    if not _on_curve(point):
        raise no_key("SM2")
    return base64.b64encode(point).decode()


def _on_curve(point: bytes) -> bool:
    if len(point) != 65 or point[0] != 4:
        return False
    x, y = int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big")
    return x < P and y < P and (y * y - x * x * x - A * x - B) % P == 0


def _wrap(der: bytes, kind: str) -> str:
    text = base64.b64encode(der).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    ends = (MARK.format("BEGIN", kind), MARK.format("END", kind))
    return "\n".join([ends[0], *lines, ends[1], ""])


def _unwrap(pem: str, kind: str) -> bytes:
    begin, end = MARK.format("BEGIN", kind), MARK.format("END", kind)
    inner = pem.partition(begin)[2].partition(end)[0]
    try:
        return base64.b64decode("".join(inner.split()), validate=True)
    except (ValueError, binascii.Error) as error:
        raise no_key("SM2") from error
