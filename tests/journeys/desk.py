"""Somebody who works through the API alone."""

import os
import time
from collections.abc import Callable
from typing import Any

import httpx

from scripts.federation import PASSWORD, Federation

# Seconds within which the tiers above must know; PATIENCE stretches it on a machine
# that is busy with other work.
PATIENCE = float(os.environ.get("PATIENCE", "1"))
SOON = 10.0 * PATIENCE


class Desk:
    """One account at one node, signed in with a token."""

    def __init__(self, federation: Federation, code: str, username: str) -> None:
        base = federation.nodes[code].url
        self.http = httpx.Client(base_url=base, timeout=30)
        answer = self.http.post(
            "/api/v1/auth/token", json={"username": username, "password": PASSWORD}
        )
        assert answer.status_code == 200, answer.text
        self.http.headers["Authorization"] = f"Token {answer.json()['token']}"

    def close(self) -> None:
        self.http.close()

    def get(self, path: str, **query: Any) -> Any:
        answer = self.http.get(f"/api/v1/{path}", params=query)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json()

    def post(self, path: str, **body: Any) -> Any:
        answer = self.http.post(f"/api/v1/{path}", json=body)
        assert answer.status_code in {200, 201}, (path, answer.status_code, answer.text)
        return answer.json()

    def refused(self, path: str, **body: Any) -> httpx.Response:
        """The answer to something that must not be possible."""
        answer = self.http.post(f"/api/v1/{path}", json=body)
        assert 400 <= answer.status_code < 500, (path, answer.status_code)
        return answer

    def upload(self, name: str, content: bytes) -> str:
        """Send a file and return its uid."""
        answer = self.http.post("/api/v1/files", files={"file": (name, content)})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["uid"])


def rows(answer: Any) -> list[dict[str, Any]]:
    """The rows of a page of answers."""
    return answer["results"] if isinstance(answer, dict) else answer


def eventually(look: Callable[[], Any], patience: float = SOON) -> Any:
    """Look until something true is seen; fail when it takes longer."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.3)
    raise AssertionError(f"not seen within {patience:.0f} s")
