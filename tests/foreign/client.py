"""Calling another platform: sections 5 to 8 from the child's side."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import httpx
from jsonschema import Draft202012Validator

from . import messages, receiving
from .digests import Record, Shelf
from .messages import Request
from .node import CERTIFICATE, NODE, Node, OwnKey, moment

PREFIX = "/exchange/v1/"
PIECE = 4_000_000


class Client:
    """What a node does at the platform above it."""

    def __init__(self, node: Node, url: str, patience: float = 30) -> None:
        self.node, self.peer = node, ""
        self.http = httpx.Client(base_url=url, timeout=patience, trust_env=False)
        self.http.headers["Accept-Encoding"] = "gzip"

    def close(self) -> None:
        self.http.close()

    def request(
        self,
        method: str,
        path: str,
        payload: Any = None,
        *,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        key: OwnKey | None = None,
        **signature: Any,
    ) -> httpx.Request:
        """A signed request; `signature` replaces parameters of the signature."""
        if payload is not None:
            body = json.dumps(payload, ensure_ascii=False).encode()
        made = self.http.build_request(
            method, PREFIX + path, content=body or None, headers=headers
        )
        chosen = key or self.node.key
        given = {
            "keyid": self.node.keyid(chosen),
            "created": int(moment().timestamp()),
        } | signature
        request = Request(method, str(made.url), body)
        made.headers.update(messages.signed(request, chosen.secret, **given))
        return made

    def call(self, method: str, path: str, payload: Any = None, **more: Any) -> Any:
        """The answer's JSON; httpx.HTTPStatusError for a refusal."""
        answer = self.http.send(self.request(method, path, payload, **more))
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def refused(
        self, method: str, path: str, payload: Any = None, **more: Any
    ) -> tuple[int, str]:
        """Status and code of the answer to something that must not be possible."""
        return self.answer(self.request(method, path, payload, **more))

    def answer(self, request: httpx.Request) -> tuple[int, str]:
        """Status and code of the answer to a request made before."""
        answer = self.http.send(request)
        said = answer.json() if answer.content else {}
        return answer.status_code, said.get("code", "") if isinstance(
            said, dict
        ) else ""

    # Joining and the interfaces -----------------------------------------------

    def enrol(self, token: str) -> dict[str, Any]:
        """Join with a token and know the parent's key from then on."""
        secret = self.node.key.secret
        found = self.call(
            "POST",
            "enrolments",
            {
                "token": token,
                "node": self.node.card(),
                "public_key": secret.public,
                "alg": secret.alg,
            },
        )
        self.peer = self.node.parent = found["node"]["code"]
        self.node.trust(found["keyid"], found["alg"], found["public_key"])
        return dict(found)

    def health(self) -> dict[str, Any]:
        answer = self.http.get(PREFIX + "health")
        answer.raise_for_status()
        return dict(answer.json())

    def heartbeat(self) -> None:
        self.call(
            "POST",
            "heartbeats",
            {
                "sent_at": moment().isoformat(),
                "software": "foreign 1",
                "outbox_pending": 0,
                "oldest_pending_seconds": 0,
                "interfaces": [],
            },
        )

    def learn_interfaces(self) -> list[dict[str, Any]]:
        """Fetch the list and every schema; then, all at once, they can be validated.

        Until then deliveries are told to come again: with half of the schemas a
        group of the other half would be refused for good.
        """
        listed = list(self.call("GET", "interfaces"))
        made: dict[tuple[str, int], Draft202012Validator] = {}
        for one in listed:
            schema = self.schema(one["code"], one["version"])
            Draft202012Validator.check_schema(schema)
            made[one["code"], one["version"]] = Draft202012Validator(schema)
        self.node.schemas |= made
        return listed

    def schema(self, code: str, version: int) -> dict[str, Any]:
        return dict(self.call("GET", f"interfaces/{code}/schema?version={version}"))

    # Sending ------------------------------------------------------------------

    def deliver(
        self, *groups: dict[str, Any], batch: str = "", packed: bool = False
    ) -> list[dict[str, Any]]:
        """Push groups; the result of each."""
        payload = {
            "batch": batch or str(uuid4()),
            "receiver": self.peer,
            "groups": list(groups),
        }
        if not packed:
            return list(self.call("POST", "deliveries", payload)["results"])
        body = gzip.compress(json.dumps(payload).encode())
        headers = {"Content-Encoding": "gzip"}
        answer = self.call("POST", "deliveries", body=body, headers=headers)
        return list(answer["results"])

    def publish(self, interface: str, *records: Record) -> dict[str, Any]:
        """Offer records of ours and send them; the result."""
        (result,) = self.deliver(self.node.group(interface, *records))
        refused = {one["uid"] for one in result["rejected"]}
        shelf = self.node.shelf("offered", interface, self.node.code)
        for record in records:
            if record["uid"] not in refused:
                shelf.put(record)
        return result

    def relay(self, group: dict[str, Any]) -> dict[str, Any]:
        """Pass a group of somebody below us on as it came, with us in its route."""
        onward = group | {"route": [*group["route"], self.node.code]}
        (result,) = self.deliver(onward)
        if "code" not in result:
            shelf = self.node.shelf("offered", group["interface"], group["origin"])
            for record in group["records"]:
                shelf.put(record, onward)
        return result

    def announce(self, of: Node | None = None, key: OwnKey | None = None) -> Any:
        """Publish the keys of ourselves, or of a platform below us."""
        group = self.node.group(NODE, self.node.announcement(of), key=key)
        return self.deliver(group)[0]

    # Subscribing --------------------------------------------------------------

    def subscribe(self, interface: str, mode: str, **terms: Any) -> dict[str, Any]:
        given = {"interface": interface, "version": 1, "mode": mode, "divisions": []}
        given |= {"fields": None, "purpose": "joint analysis"} | terms
        return dict(self.call("POST", "subscriptions", given))

    def pages(self, interface: str, limit: int = 500) -> Iterator[dict[str, Any]]:
        """Read a feed to its end; what is read is taken in, page by page."""
        cursor, more = "", True
        while more:
            query = urlencode({"cursor": cursor, "limit": limit})
            page = self.call("GET", f"interfaces/{interface}/changes?{query}")
            page["results"] = receiving.taken(self.node, self.peer, page["records"])
            yield page
            cursor, more = page["next_cursor"], page["has_more"]

    # Files --------------------------------------------------------------------

    def fetch(self, sha256: str, size: int) -> bytes:
        """A file in pieces; its content is what its name says."""
        content = b""
        while len(content) < size:
            span = f"bytes={len(content)}-{min(len(content) + PIECE, size) - 1}"
            made = self.request("GET", f"blobs/{sha256}", headers={"Range": span})
            answer = self.http.send(made)
            answer.raise_for_status()
            content += answer.content
        assert hashlib.sha256(content).hexdigest() == sha256
        return content

    # Reconciling --------------------------------------------------------------

    def digest(self, interface: str, origin: str, depth: int, **more: str) -> Any:
        query = urlencode({"origin": origin, "depth": depth} | more)
        return self.call("GET", f"interfaces/{quote(interface)}/digest?{query}")

    def differences(self, mine: Shelf) -> list[tuple[str, int]]:
        """Records that the peer has otherwise, and its revisions, from the top down."""
        about = (mine.interface, mine.origin)
        top, own = self.digest(*about, 0), mine.whole()
        if {name: top[name] for name in own} == own:
            return []
        found = []
        for ours, theirs in zip(mine.buckets(), self.digest(*about, 1), strict=True):
            if ours != theirs:
                found += self._in_bucket(mine, ours["bucket"])
        return found

    def _in_bucket(self, mine: Shelf, bucket: str) -> list[tuple[str, int]]:
        rows = self.digest(mine.interface, mine.origin, 2, bucket=bucket)
        theirs = {row["uid"]: (row["revision"], row["hash"]) for row in rows}
        ours = {row["uid"]: mine.row(row["uid"]) for row in mine.rows(bucket)}
        return [
            (uid, theirs.get(uid, (0, ""))[0])
            for uid in sorted({*ours, *theirs})
            if ours.get(uid) != theirs.get(uid)
        ]

    def heal(self, mine: Shelf) -> int:
        """Send again what differs, above both revisions where content does."""
        found = self.differences(mine)
        for uid, revision in found:
            record = mine.records[uid]
            if revision >= record["revision"]:
                record = mine.records[uid] = record | {"revision": revision + 1}
        records = [mine.records[uid] for uid, _ in found]
        if records:
            self.deliver(self.node.group(mine.interface, *records))
        return len(found)

    def certify(self, mine: Shelf, day: str, healed: int) -> dict[str, Any]:
        """Send the certificate of a comparison, signed by both ends."""
        theirs = self.digest(mine.interface, mine.origin, 0)
        ours = self.node.statement(self.peer, mine.interface, mine.origin)
        same = theirs["digest"] == ours["statement"]["digest"]
        data = {
            "day": day,
            "interface": mine.interface,
            "record_origin": mine.origin,
            "source": self.node.code,
            "holder": self.peer,
            "state": "equal" if same else "different",
            "found": healed,
            "healed": healed,
            "details": [],
            "finished_at": moment().isoformat(),
            "source_says": ours,
            "holder_says": {name: theirs[name] for name in ("statement", "seal")},
        }
        record = {
            "uid": str(uuid4()),
            "revision": 1,
            "op": "upsert",
            "occurred_at": moment().isoformat(),
            "data": data,
        }
        (result,) = self.deliver(self.node.group(CERTIFICATE, record))
        return result | {"data": data}
