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


@dataclass
class Neighbour:
    """A platform with a key, that speaks to ours and answers it."""

    code: str
    serial: int = 1
    url: str = "http://neighbour.test"
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    received: list = field(default_factory=list)
    results: list = field(default_factory=list)
    down: bool = False
    status: int = 200
    trusted: dict = field(default_factory=dict)

    @property
    def keyid(self) -> str:
        return f"{self.code}#{self.serial}"

    @property
    def public(self) -> str:
        raw = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(raw).decode()

    # Speaking -----------------------------------------------------------------

    def headers(self, method, path, body=b"", *, query="", host=HOST, **changes):
        """Signature headers; `changes` replaces parameters of the signature."""
        given = {
            "created": int(clock.now().timestamp()),
            "keyid": self.keyid,
            "alg": "ed25519",
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
        return {"alg": "ed25519", "keyid": self.keyid, "value": value}

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
        self.check(request)
        text = request.content
        if request.headers.get("Content-Encoding") == "gzip":
            text = gzip.decompress(text)
        payload = json.loads(text) if text else None
        self.received.append((request.url.path.removeprefix(PREFIX), payload))
        if request.url.path.endswith("heartbeats"):
            return httpx.Response(204)
        if self.status != 200:
            error = {"code": "busy", "message": "later", "fields": {}}
            return httpx.Response(self.status, json=error)
        return httpx.Response(200, json=self.result(payload))

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
        self.key_of(keyid).verify(base64.b64decode(value), base.encode())

    def key_of(self, keyid: str) -> Ed25519PublicKey:
        raw = base64.b64decode(self.trusted[keyid])
        return Ed25519PublicKey.from_public_bytes(raw)

    def check_seal(self, group) -> None:
        content = {
            name: group[name] for name in ("interface", "version", "origin", "records")
        }
        value = base64.b64decode(group["seal"]["value"])
        self.key_of(group["seal"]["keyid"]).verify(value, rfc8785.dumps(content))

    def groups(self, interface=None):
        """Groups that were delivered here, perhaps of one interface."""
        return [
            group
            for path, payload in self.received
            if path == "deliveries"
            for group in payload["groups"]
            if interface in (None, group["interface"])
        ]
