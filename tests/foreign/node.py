"""A platform: its identity, its keys, what it knows, holds and has offered."""

import base64
import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import rfc8785
from jsonschema import Draft202012Validator

from . import messages, suites
from .digests import Record, Shelf
from .messages import NotSigned, Request

WINDOW = timedelta(seconds=300)
NODE, CERTIFICATE = "exchange.node", "reconciliation.certificate"
TIERS = {"N": "national", "P": "provincial", "M": "municipal", "C": "county"}


class Refused(Exception):
    """Something that the protocol has a code for."""

    def __init__(self, code: str, message: str = "", **more: Any) -> None:
        super().__init__(code, message)
        self.code, self.message, self.more = code, message or code, more


@dataclass
class KnownKey:
    """A public key of some node and how long it is valid."""

    public: suites.Public
    valid_to: datetime | None = None

    def valid(self, moment: datetime) -> bool:
        return self.valid_to is None or moment < self.valid_to


@dataclass
class OwnKey:
    """One of our keys."""

    serial: int
    secret: suites.Secret
    valid_from: datetime
    valid_to: datetime | None = None

    def listed(self) -> dict[str, Any]:
        """As an `exchange.node` record lists it."""
        found = {
            "serial": self.serial,
            "alg": self.secret.alg,
            "public_key": self.secret.public,
            "valid_from": self.valid_from.isoformat(),
        }
        if self.valid_to:
            found["valid_to"] = self.valid_to.isoformat()
        return found


def moment() -> datetime:
    return datetime.now(UTC)


def whole_of(prefix: str) -> str:
    """370000 → 37: the digits that all divisions inside begin with."""
    while len(prefix) > 2 and prefix.endswith("00"):
        prefix = prefix[:-2]
    return prefix


@dataclass
class Node:
    """One platform; `lock` guards what the server's threads change."""

    code: str
    name: str
    alg: str = "ed25519"
    url: str = ""
    parent: str = ""
    keys: list[OwnKey] = field(default_factory=list)
    known: dict[str, KnownKey] = field(default_factory=dict)
    shelves: dict[tuple[str, str, str], Shelf] = field(default_factory=dict)
    schemas: dict[tuple[str, int], Draft202012Validator] = field(default_factory=dict)
    batches: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    nonces: set[tuple[str, str]] = field(default_factory=set)
    heartbeats: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    blobs: dict[str, bytes] = field(default_factory=dict)
    groups: list[dict[str, Any]] = field(default_factory=list)
    # A rule of our own: why we do not take a record, if we do not.
    objects: Callable[[Record], str] | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.uid = str(uuid4())
        self.revision = 0
        self.key = self.new_key(self.alg)

    @property
    def division(self) -> str:
        return self.code[1:7]

    def inside(self, origin: str) -> bool:
        """Does the origin lie inside our division, so that we speak for it?"""
        return origin == self.code or origin[1:7].startswith(whole_of(self.division))

    # Keys ---------------------------------------------------------------------

    def new_key(self, alg: str) -> OwnKey:
        """A further key; `key`, which signs, stays what it is."""
        made = OwnKey(len(self.keys) + 1, suites.secret(alg), moment())
        self.keys.append(made)
        self.trust(self.keyid(made), alg, made.secret.public)
        return made

    def keyid(self, key: OwnKey | None = None) -> str:
        return f"{self.code}#{(key or self.key).serial}"

    def trust(
        self, keyid: str, alg: str, value: str, valid_to: datetime | None = None
    ) -> None:
        self.known[keyid] = KnownKey(suites.Public(alg, value), valid_to)

    def card(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "tier": TIERS[self.code[0]],
            "division": self.division,
            "name": self.name,
            "url": self.url,
        }

    def announcement(self, of: "Node | None" = None) -> Record:
        """An `exchange.node` record about ourselves, or about a child."""
        about = of or self
        about.revision += 1
        parent = self.parent if about is self else self.code
        return {
            "uid": about.uid,
            "revision": about.revision,
            "op": "upsert",
            "occurred_at": moment().isoformat(),
            "data": about.card()
            | {"state": "enabled", "parent": parent}
            | {"keys": [key.listed() for key in about.keys]},
        }

    # Seals --------------------------------------------------------------------

    def sealed(self, content: Any, key: OwnKey | None = None) -> dict[str, str]:
        """The signature over the JCS form of anything."""
        chosen = key or self.key
        value = chosen.secret.sign(rfc8785.dumps(content))
        return {
            "alg": chosen.secret.alg,
            "keyid": self.keyid(chosen),
            "value": base64.b64encode(value).decode(),
        }

    def group(
        self, interface: str, *records: Record, key: OwnKey | None = None
    ) -> dict[str, Any]:
        """Records of ours as they leave."""
        content = {
            "interface": interface,
            "version": 1,
            "origin": self.code,
            "records": list(records),
        }
        return content | {"route": [self.code], "seal": self.sealed(content, key)}

    def check_seal(self, seal: Any, node: str, content: Any) -> None:
        """Refused unless the node itself signed this with a key known here."""
        keyid = str(seal.get("keyid")) if isinstance(seal, dict) else ""
        if keyid.partition("#")[0] != node:
            raise Refused("bad_seal", "not the origin's seal")
        found = self.known.get(keyid)
        if found is None:
            raise Refused("bad_seal", "unknown key", retry=True)
        if seal.get("alg") != found.public.alg or not found.public.verifies(
            str(seal.get("value")), rfc8785.dumps(content)
        ):
            raise Refused("bad_seal", "the seal does not fit")

    def keep(self, content: bytes) -> str:
        """Have a file ready for who holds a record that names it."""
        sha256 = hashlib.sha256(content).hexdigest()
        self.blobs[sha256] = content
        return sha256

    # Requests -----------------------------------------------------------------

    def sender_of(self, request: Request, headers: Mapping[str, str]) -> str:
        """Who sent a request; Refused with the code of section 4."""
        try:
            given = messages.read(headers)
        except NotSigned as error:
            raise Refused("bad_signature", "not signed") from error
        keyid = given.parameters["keyid"]
        found = self.known.get(keyid)
        if found is None:
            raise Refused("unknown_peer")
        self._check_hop(request, headers, given, found)
        return str(keyid.partition("#")[0])

    def _check_hop(
        self,
        request: Request,
        headers: Mapping[str, str],
        given: messages.Signature,
        found: KnownKey,
    ) -> None:
        base = messages.base_of(request, given.covered, given.text)
        digest = messages.content_digest(request.body) if request.body else None
        parameters, now = given.parameters, moment()
        good = (
            set(given.covered) >= set(messages.covered_by(request))
            and headers.get("Content-Digest") == digest
            and parameters["alg"] == found.public.alg
            and parameters["tag"] == messages.TAG
            and found.public.verifies(given.value, base)
        )
        if not good:
            raise Refused("bad_signature")
        late = abs(now.timestamp() - parameters["created"]) > WINDOW.total_seconds()
        if late or not found.valid(now):
            raise Refused("expired")
        with self.lock:
            nonce = (parameters["keyid"], parameters["nonce"])
            if nonce in self.nonces:
                raise Refused("replay")
            self.nonces.add(nonce)

    # Records ------------------------------------------------------------------

    def shelf(self, kind: str, interface: str, origin: str) -> Shelf:
        """Records that are `held` here, or were `offered` by us."""
        with self.lock:
            made = Shelf(interface, origin)
            return self.shelves.setdefault((kind, interface, origin), made)

    def shared(self, interface: str, origin: str) -> tuple[str, Shelf]:
        """Our role and the records we share with the platform above.  [section 8]"""
        if self.inside(origin):
            return "source", self.shelf("offered", interface, origin)
        return "holder", self.shelf("held", interface, origin)

    def statement(self, peer: str, interface: str, origin: str) -> dict[str, Any]:
        """What we say about records shared with a peer, under our signature."""
        role, shelf = self.shared(interface, origin)
        said = shelf.whole() | {
            "interface": interface,
            "origin": origin,
            "node": self.code,
            "peer": peer,
            "role": role,
            "at": moment().isoformat(),
        }
        return {"statement": said, "seal": self.sealed(said)}
