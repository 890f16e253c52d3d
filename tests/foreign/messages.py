"""Hop signatures of section 4: RFC 9421 and RFC 9530 by hand."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import http_sf

from .suites import Secret

LABEL, TAG = "sig", "exchange-v1"
DERIVED = ("@method", "@authority", "@path", "@query")
NEEDED = {"created": int, "nonce": str, "keyid": str, "alg": str, "tag": str}


@dataclass(frozen=True)
class Request:
    """The parts of a request that a signature may cover."""

    method: str
    url: str
    body: bytes = b""

    def part(self, name: str) -> str:
        parts = urlsplit(self.url)
        return {
            "@method": self.method,
            "@authority": parts.netloc.lower(),
            "@path": parts.path or "/",
            "@query": f"?{parts.query}",
            "content-digest": content_digest(self.body),
        }[name]


class NotSigned(Exception):
    """The signature is missing or has another form than section 4 says."""


@dataclass(frozen=True)
class Signature:
    """What the headers of a request say."""

    covered: tuple[str, ...]
    parameters: dict[str, Any]
    text: str
    value: str


def content_digest(body: bytes) -> str:
    value = base64.b64encode(hashlib.sha256(body).digest()).decode()
    return f"sha-256=:{value}:"


def base_of(request: Request, covered: tuple[str, ...], text: str) -> bytes:
    """The signature base.  [RFC 9421, 2.5]"""
    lines = [f'"{name}": {request.part(name)}' for name in covered]
    return "\n".join([*lines, f'"@signature-params": {text}']).encode()


def covered_by(request: Request) -> tuple[str, ...]:
    return (*DERIVED, "content-digest") if request.body else DERIVED


def signed(
    request: Request, secret: Secret, *, keyid: str, created: int, **other: Any
) -> dict[str, str]:
    """The headers that sign a request; `other` replaces parameters."""
    covered = covered_by(request)
    parameters = {
        "created": created,
        "nonce": secrets.token_urlsafe(18),
        "keyid": keyid,
        "alg": secret.alg,
        "tag": TAG,
    } | other
    member = ([(name, {}) for name in covered], parameters)
    whole = http_sf.ser({LABEL: member})
    text = whole.removeprefix(f"{LABEL}=")
    value = base64.b64encode(secret.sign(base_of(request, covered, text))).decode()
    headers = {"Signature-Input": whole, "Signature": f"{LABEL}=:{value}:"}
    if request.body:
        headers["Content-Digest"] = content_digest(request.body)
    return headers


def read(headers: Mapping[str, str]) -> Signature:
    """The protocol's signature among the headers; NotSigned without one."""
    try:
        found = _dictionary(headers["Signature-Input"])[LABEL]
        value = _dictionary(headers["Signature"])[LABEL][0]
        items, parameters = found
        covered = tuple(name for name, _ in items)
        text = http_sf.ser({LABEL: found}).removeprefix(f"{LABEL}=")
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise NotSigned from error
    for name, kind in NEEDED.items():
        if type(parameters.get(name)) is not kind:
            raise NotSigned(name)
    encoded = base64.b64encode(value).decode()
    return Signature(covered, dict(parameters), text, encoded)


def _dictionary(text: str) -> Any:
    return http_sf.parse(text.encode("ascii"), tltype="dictionary")
