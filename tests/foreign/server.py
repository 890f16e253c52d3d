"""The platform's own resources of section 6, on a port of the loopback interface."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from . import receiving
from .messages import Request
from .node import TIERS, Node, Refused, moment

PREFIX = "/exchange/v1/"
UNAUTHORISED = {"bad_signature", "expired", "replay", "unknown_peer"}
MISSING = {"reference_missing", "unknown_interface", "unknown_version"}
LIMIT = 5_000_000


class Handler(BaseHTTPRequestHandler):
    """One request of another platform."""

    node: Node

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is written."""

    def do_GET(self) -> None:
        self._serve(self._get)

    def do_POST(self) -> None:
        self._serve(self._post)

    def _serve(self, handler: Callable[[str, str, bytes], Any]) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            path = urlsplit(self.path).path.removeprefix(PREFIX)
            sender = "" if path == "health" else self._sender(body)
            answer = handler(path, sender, self._plain(body))
        except Refused as error:
            status = 401 if error.code in UNAUTHORISED else 400
            said = {"code": error.code, "message": error.message, "fields": {}}
            self._answer(404 if error.code in MISSING else status, said)
            return
        status, content = answer if isinstance(answer, tuple) else (200, answer)
        self._answer(status, content)

    def _sender(self, body: bytes) -> str:
        url = f"http://{self.headers['Host']}{self.path}"
        request = Request(self.command, url, body)
        return self.node.sender_of(request, dict(self.headers.items()))

    def _plain(self, body: bytes) -> bytes:
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        if len(body) > LIMIT:
            raise Refused("too_large")
        return body

    def _answer(self, status: int, content: Any) -> None:
        text = content
        if not isinstance(content, bytes):
            text = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Accept-Encoding", "gzip")
        self.send_header("Content-Length", str(len(text)))
        if status == 206:
            self.send_header("Content-Range", self._range)
        self.end_headers()
        self.wfile.write(text)

    # The resources ------------------------------------------------------------

    def _post(self, path: str, sender: str, body: bytes) -> Any:
        payload = json.loads(body)
        if path == "heartbeats":
            self.node.heartbeats.append((sender, payload))
            return 204, None
        if path == "deliveries":
            return receiving.delivered(self.node, sender, payload)
        raise Refused("unknown_interface", path)

    def _get(self, path: str, sender: str, body: bytes) -> Any:
        if path == "health":
            return self._health()
        kind, _, rest = path.partition("/")
        code, _, what = rest.partition("/")
        if kind == "blobs":
            return self._blob(code)
        if kind == "interfaces" and what == "digest":
            return self._digest(code, sender)
        raise Refused("unknown_interface", path)

    def _health(self) -> dict[str, Any]:
        return {
            "node": self.node.code,
            "tier": TIERS[self.node.code[0]],
            "protocol": 1,
            "time": moment().isoformat(),
            "status": "ok",
        }

    def _digest(self, code: str, sender: str) -> Any:
        given = {
            name: values[0]
            for name, values in parse_qs(urlsplit(self.path).query).items()
        }
        depth = given.get("depth", "0")
        with self.node.lock:
            _, shelf = self.node.shared(code, given["origin"])
            if depth == "1":
                return shelf.buckets()
            if depth == "2":
                return shelf.rows(given["bucket"])
            said = self.node.statement(sender, code, given["origin"])
            return shelf.whole() | {"as_of_position": 0} | said

    def _blob(self, sha256: str) -> tuple[int, bytes]:
        content = self.node.blobs.get(sha256)
        if content is None:
            raise Refused("reference_missing", sha256)
        span = self.headers.get("Range")
        if span is None:
            return 200, content
        first, _, last = span.removeprefix("bytes=").partition("-")
        part = content[int(first) : int(last) + 1 if last else None]
        end = int(first) + len(part) - 1
        self._range = f"bytes {first}-{end}/{len(content)}"
        return 206, part


@contextmanager
def serving(node: Node) -> Iterator[None]:
    """Answer other platforms while the block runs; gives the node its address."""
    handler = type("NodeHandler", (Handler,), {"node": node})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        node.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.1,))
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
