"""Another platform, written from the protocol alone.

Nothing of the exchange is used here: what it signs and checks is built by hand
from RFC 9421, RFC 9530 and RFC 8785, as somebody else would build it.
"""

import base64
import gzip
import hashlib
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

import httpx
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from platform_core.common import clock

try:
    import zstandard
except ImportError:
    zstandard = None

try:
    from gmssl import sm2
except ImportError:  # the extra is not installed
    sm2 = None

HOST = "testserver"
PREFIX = "/exchange/v1/"


def record(revision=1, uid=None, op="upsert", **data):
    return {
        "uid": str(uid or uuid4()),
        "revision": revision,
        "op": op,
        "occurred_at": "2026-11-20T08:00:00+08:00",
        "data": data,
    }


def digest(body: bytes) -> str:
    value = base64.b64encode(hashlib.sha256(body).digest()).decode()
    return f"sha-256=:{value}:"


class Sm2Key:
    """A key of the national suite, with the library's own SM3 and identity."""

    def __init__(self):
        tool = sm2.CryptSM2("", "")
        self.secret = f"{secrets.randbelow(int(tool.ecc_table['n'], 16) - 2) + 1:064x}"
        self.point = tool._kg(int(self.secret, 16), tool.ecc_table["g"])

    @staticmethod
    def tool(secret, point):
        made = sm2.CryptSM2(secret, "")
        made.public_key = point
        return made

    @property
    def raw(self) -> bytes:
        return bytes.fromhex("04" + self.point)

    def sign(self, message: bytes) -> bytes:
        return bytes.fromhex(
            self.tool(self.secret, self.point).sign_with_sm3(
                message, f"{secrets.randbits(255):064x}"
            )
        )


def verify(alg: str, public: str, value: str, message: bytes) -> None:
    raw, signature = base64.b64decode(public), base64.b64decode(value)
    if alg == "ed25519":
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, message)
    else:
        assert alg == "sm2-sm3"
        tool = Sm2Key.tool("", raw[1:].hex())
        assert tool.verify_with_sm3(signature.hex(), message)


def unpack(body: bytes, coding: str) -> bytes:
    if coding == "gzip":
        return gzip.decompress(body)
    if coding == "zstd":
        return zstandard.ZstdDecompressor().decompress(body)
    return body


@dataclass
class Neighbour:
    """A platform with a key, that speaks to ours and answers it."""

    code: str
    serial: int = 1
    url: str = "http://neighbour.test"
    private: Ed25519PrivateKey | Sm2Key = field(
        default_factory=Ed25519PrivateKey.generate
    )
    received: list = field(default_factory=list)
    results: list = field(default_factory=list)
    down: bool = False
    status: int = 200
    trusted: dict = field(default_factory=dict)
    # Refuse keys that are not known here, as the protocol says.
    strict: bool = False
    hops: list = field(default_factory=list)
    # What it takes in requests (None: it does not say), and what came.
    codings: str | None = None
    packed: list = field(default_factory=list)
    # Files by content, those pushed here, and bytes until the line breaks.
    contents: dict = field(default_factory=dict)
    pushed: dict = field(default_factory=dict)
    breaks_after: int | None = None
    # An answer of its own making.
    reply: Callable | None = None

    @property
    def keyid(self) -> str:
        return f"{self.code}#{self.serial}"

    @property
    def alg(self) -> str:
        return "sm2-sm3" if isinstance(self.private, Sm2Key) else "ed25519"

    @property
    def public(self) -> str:
        if isinstance(self.private, Sm2Key):
            return base64.b64encode(self.private.raw).decode()
        raw = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(raw).decode()

    # Speaking -----------------------------------------------------------------

    def headers(self, method, path, body=b"", *, query="", host=HOST, **changes):
        """Signature headers; `changes` replaces parameters of the signature."""
        given = {
            "created": int(clock.now().timestamp()),
            "keyid": self.keyid,
            "alg": self.alg,
            "nonce": secrets.token_hex(12),
            "tag": "exchange-v1",
        } | changes
        parts = {"@method": method, "@authority": host, "@path": path}
        parts["@query"] = f"?{query}"
        headers = {"Host": HOST}
        if body:
            headers["Content-Digest"] = parts["content-digest"] = digest(body)
        texts = [
            f"{name}={value}" if isinstance(value, int) else f'{name}="{value}"'
            for name, value in given.items()
            if value is not None
        ]
        inner = " ".join(f'"{name}"' for name in parts)
        params = f"({inner});" + ";".join(texts)
        lines = [f'"{name}": {value}' for name, value in parts.items()]
        base = "\n".join([*lines, f'"@signature-params": {params}'])
        value = base64.b64encode(self.private.sign(base.encode())).decode()
        headers["Signature-Input"] = f"sig={params}"
        headers["Signature"] = f"sig=:{value}:"
        return headers

    def request(self, client, method, path, payload=None, *, zipped=False, **changes):
        """A signed request to our platform through Django's test client."""
        body = b"" if payload is None else json.dumps(payload).encode()
        extra = {}
        if zipped:
            body, extra = gzip.compress(body), {"Content-Encoding": "gzip"}
        path, _, query = (PREFIX + path).partition("?")
        headers = self.headers(method, path, body, query=query, **changes) | extra
        target = f"{path}?{query}" if query else path
        return client.generic(
            method, target, body, content_type="application/json", headers=headers
        )

    def seal(self, interface, records, version=1, origin=None):
        content = {
            "interface": interface,
            "version": version,
            "origin": origin or self.code,
            "records": records,
        }
        value = base64.b64encode(self.private.sign(rfc8785.dumps(content))).decode()
        return {"alg": self.alg, "keyid": self.keyid, "value": value}

    def group(self, interface, *records, version=1, route=None):
        return {
            "interface": interface,
            "version": version,
            "origin": self.code,
            "route": route or [self.code],
            "records": list(records),
            "seal": self.seal(interface, list(records), version),
        }

    def delivery(self, receiver, *groups, batch=None):
        return {
            "batch": str(batch or uuid4()),
            "receiver": receiver,
            "groups": list(groups),
        }

    def deliver(self, client, receiver, *groups, batch=None):
        """Push groups; the answer must be 200."""
        payload = self.delivery(receiver, *groups, batch=batch)
        answer = self.request(client, "POST", "deliveries", payload)
        assert answer.status_code == 200, answer.content
        return answer.json()

    # Answering ----------------------------------------------------------------

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Take a request of our platform, after checking it the hard way."""
        if self.down:
            raise httpx.ConnectError("connection refused")
        self.hops.append(
            re.search(r'keyid="([^"]+)"', request.headers["Signature-Input"])[1]
        )
        if self.strict and self.hops[-1] not in self.trusted:
            error = {"code": "unknown_peer", "message": "who?", "fields": {}}
            return httpx.Response(401, json=error)
        self.check(request)
        if self.reply:
            return self.reply()
        if "/blobs/" in request.url.path:
            return self.blob(request)
        coding = request.headers.get("Content-Encoding", "")
        self.packed.append(coding)
        if coding and coding not in (self.codings or "gzip" * (self.codings is None)):
            error = {"code": "format", "message": "plain, please", "fields": {}}
            told = {"Accept-Encoding": self.codings}
            return httpx.Response(415, json=error, headers=told)
        text = unpack(request.content, coding)
        payload = json.loads(text) if text else None
        self.received.append((request.url.path.removeprefix(PREFIX), payload))
        if request.url.path.endswith("heartbeats"):
            return httpx.Response(204)
        if self.status != 200:
            error = {"code": "busy", "message": "later", "fields": {}}
            return httpx.Response(self.status, json=error)
        told = {} if self.codings is None else {"Accept-Encoding": self.codings}
        return httpx.Response(200, json=self.result(payload), headers=told)

    def blob(self, request: httpx.Request) -> httpx.Response:
        """GET with Range and PUT with Content-Range, as the protocol says."""
        name = request.url.path.rpartition("/")[2]
        self.received.append((f"{request.method} blob", name))
        if self.breaks_after is not None:
            self.breaks_after -= 1
            if self.breaks_after < 0:
                self.breaks_after = None
                raise httpx.ReadError("connection lost")
        if request.method == "PUT":
            return self.take_piece(request, name)
        if name not in self.contents:
            error = {"code": "reference_missing", "message": "none", "fields": {}}
            return httpx.Response(404, json=error)
        first, last = request.headers["Range"].removeprefix("bytes=").split("-")
        content = self.contents[name]
        part = content[int(first) : int(last) + 1]
        span = f"bytes {first}-{int(first) + len(part) - 1}/{len(content)}"
        return httpx.Response(206, content=part, headers={"Content-Range": span})

    def take_piece(self, request, name):
        span, size = request.headers["Content-Range"].split(" ")[1].split("/")
        first = int(span.split("-")[0])
        have = self.pushed.setdefault(name, b"")
        if first != len(have):
            error = {"code": "range", "message": "", "fields": {}}
            return httpx.Response(409, json=error | {"received": len(have)})
        self.pushed[name] = have + request.content
        whole = len(self.pushed[name]) == int(size)
        answer = {"received": len(self.pushed[name])}
        return httpx.Response(201 if whole else 200, json=answer)

    def result(self, payload):
        if self.results:
            results = self.results.pop(0)
        else:
            results = [
                {"applied": len(group["records"]), "unchanged": 0, "rejected": []}
                for group in payload["groups"]
            ]
        return {"batch": payload["batch"], "results": results}

    def check(self, request: httpx.Request) -> None:
        """Rebuild the signature base from the wire and verify it."""
        given = request.headers["Signature-Input"].removeprefix("sig=")
        names = re.findall(r'"([^"]+)"', given.partition(")")[0])
        wanted = ["@method", "@authority", "@path", "@query"]
        if request.content:
            wanted.append("content-digest")
            assert request.headers["Content-Digest"] == digest(request.content)
        assert names == wanted
        values = {
            "@method": request.method,
            "@authority": request.headers["Host"],
            "@path": request.url.path,
            "@query": "?" + request.url.query.decode(),
            "content-digest": request.headers.get("Content-Digest", ""),
        }
        lines = [f'"{name}": {values[name]}' for name in names]
        base = "\n".join([*lines, f'"@signature-params": {given}'])
        keyid = re.search(r'keyid="([^"]+)"', given)[1]
        assert ';tag="exchange-v1"' in given
        value = request.headers["Signature"].removeprefix("sig=:").removesuffix(":")
        alg = re.search(r'alg="([^"]+)"', given)[1]
        verify(alg, self.trusted[keyid], value, base.encode())

    def check_seal(self, group) -> None:
        content = {
            name: group[name] for name in ("interface", "version", "origin", "records")
        }
        seal = group["seal"]
        public = self.trusted[seal["keyid"]]
        verify(seal["alg"], public, seal["value"], rfc8785.dumps(content))

    def groups(self, interface=None):
        """Groups that were delivered here, perhaps of one interface."""
        return [
            group
            for path, payload in self.received
            if path == "deliveries"
            for group in payload["groups"]
            if interface in (None, group["interface"])
        ]
