"""The two signature suites of section 4, from RFC 8032 and GB/T 32918."""

import base64
import secrets
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.hashes import SM3, Hash

# The curve of GB/T 32918.5 and the user identity of the protocol.
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
IDENTITY = b"1234567812345678"
Point = tuple[int, int] | None


class Secret(Protocol):
    """A private key of either suite."""

    alg: str
    public: str

    def sign(self, message: bytes) -> bytes: ...


class Ed25519Secret:
    """`ed25519`: 32 raw bytes, signatures of 64."""

    alg = "ed25519"

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()
        raw = self._key.public_key().public_bytes_raw()
        self.public = base64.b64encode(raw).decode()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


class Sm2Secret:
    """`sm2-sm3`: the uncompressed point, signatures of r and s."""

    alg = "sm2-sm3"

    def __init__(self, number: int | None = None) -> None:
        self._number = number or 1 + secrets.randbelow(N - 2)
        self._point = times(self._number, G)
        assert self._point is not None
        raw = b"\x04" + b"".join(map(word, self._point))
        self.public = base64.b64encode(raw).decode()

    def sign(self, message: bytes, once: int | None = None) -> bytes:
        """GB/T 32918.2, 6.1; `once` is the standard's k, random unless given."""
        e = hashed(self._point, message)
        while True:
            k = once or 1 + secrets.randbelow(N - 1)
            point = times(k, G)
            r = (e + (point[0] if point else 0)) % N
            if not r or r + k == N:
                continue
            s = pow(1 + self._number, -1, N) * (k - r * self._number) % N
            if s:
                return word(r) + word(s)


def secret(alg: str) -> Secret:
    """A new private key of the suite."""
    return {"ed25519": Ed25519Secret, "sm2-sm3": Sm2Secret}[alg]()


@dataclass(frozen=True)
class Public:
    """A public key as it travels."""

    alg: str
    value: str

    def verifies(self, signature: str, message: bytes) -> bool:
        """Did the owner of this key sign the message?"""
        try:
            raw = base64.b64decode(self.value, validate=True)
            given = base64.b64decode(signature, validate=True)
        except ValueError:
            return False
        check = {"ed25519": _ed25519_fits, "sm2-sm3": _sm2_fits}.get(self.alg)
        return len(given) == 64 and check is not None and check(raw, given, message)


def _ed25519_fits(raw: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _sm2_fits(raw: bytes, signature: bytes, message: bytes) -> bool:
    """GB/T 32918.2, 7.1."""
    point = (int.from_bytes(raw[1:33]), int.from_bytes(raw[33:]))
    if len(raw) != 65 or raw[0] != 4 or not on_curve(point):
        return False
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    t = (r + s) % N
    if not (0 < r < N and 0 < s < N and t):
        return False
    found = plus(times(s, G), times(t, point))
    return found is not None and (hashed(point, message) + found[0]) % N == r


# Arithmetic on the curve ------------------------------------------------------


def word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def on_curve(point: tuple[int, int]) -> bool:
    x, y = point
    return max(x, y) < P and (y * y - x * x * x - A * x - B) % P == 0


def plus(one: Point, other: Point) -> Point:
    if one is None or other is None:
        return one or other
    if one[0] == other[0]:
        if (one[1] + other[1]) % P == 0:
            return None
        slope = (3 * one[0] ** 2 + A) * pow(2 * one[1], -1, P) % P
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, P) % P
    x = (slope * slope - one[0] - other[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def times(number: int, point: Point) -> Point:
    found: Point = None
    while number:
        if number & 1:
            found = plus(found, point)
        point = plus(point, point)
        number >>= 1
    return found


def sm3(message: bytes) -> bytes:
    digest = Hash(SM3())
    digest.update(message)
    return digest.finalize()


def hashed(point: Point, message: bytes) -> int:
    """SM3 over Z_A and the message.  [GB/T 32918.2, 5.5]"""
    assert point is not None
    length = (8 * len(IDENTITY)).to_bytes(2, "big")
    numbers = b"".join(map(word, (A, B, *G, *point)))
    return int.from_bytes(sm3(sm3(length + IDENTITY + numbers) + message))
