"""To an interface over HTTP: each record with a key that makes it count once."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin
from uuid import UUID, uuid5

import httpx
from django.utils.translation import gettext as _
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from exchange.connectors.errors import Unreachable
from exchange.connectors.models import Source
from exchange.connectors.readers import rest
from exchange.connectors.readers.rest import PASSING, TRIES, Passing

from .base import Letter, Refused
from .sheets import as_json

LETTERS = UUID("0c3f2d8e-6a5b-5a9b-8f57-2f6f5e1c9a40")
# Answers by which a record is refused; any other is a fault of the whole.
REFUSALS = frozenset({400, 409, 413, 422})
SHOWN = 200


class RestWriter:
    """Records one by one, or a batch as a list."""

    whole = False
    removes = False

    def __init__(self, source: Source, definition: Mapping[str, Any]) -> None:
        self.pick: Mapping[str, Any] = definition["pick"]
        self.session = str(definition.get("session", ""))
        self.as_list = self.pick.get("body") == "list"
        self.method = self.pick.get("method") or "POST"
        base = source.settings["url"].rstrip("/") + "/"
        self.url = urljoin(base, (self.pick.get("path") or "").lstrip("/"))
        self.client = rest.client(source)

    def check(self, columns: Sequence[str]) -> None:
        """Only the interface knows."""

    def write(self, letters: Sequence[Letter]) -> list[Refused]:
        if self.as_list and len(letters) > 1 and not self._send(letters):
            return []
        answers = ((letter, self._send([letter])) for letter in letters)
        return [Refused(letter, problem) for letter, problem in answers if problem]

    def _send(self, letters: Sequence[Letter]) -> str:
        """Empty where it was taken; else what the interface says against it."""
        content: Any = [letter.record for letter in letters]
        body = as_json(content if self.as_list else content[0])
        named = " ".join([self.session, *(letter.mark for letter in letters), body])
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid5(LETTERS, named)),
        }
        tries = Retrying(
            stop=stop_after_attempt(TRIES),
            wait=rest.wait,
            retry=retry_if_exception_type((Passing, httpx.TransportError)),
            reraise=True,
        )
        try:
            return tries(self._ask, body.encode(), headers)
        except (Passing, httpx.HTTPError) as error:
            text = _("The interface does not answer: %(error)s")
            raise Unreachable(text % {"error": str(error)[:SHOWN]}) from error

    def _ask(self, body: bytes, headers: Mapping[str, str]) -> str:
        with self.client.stream(
            self.method, self.url, content=body, headers=headers
        ) as answer:
            if answer.status_code in PASSING:
                raise Passing(f"HTTP {answer.status_code}")
            if answer.is_success:
                return ""
            if answer.status_code not in REFUSALS:
                text = _("The interface answers with HTTP %(status)d.")
                raise Unreachable(text % {"status": answer.status_code})
            return f"HTTP {answer.status_code} {_beginning(answer)}".strip()

    def finish(self) -> None:
        """Each record was answered."""

    def close(self) -> None:
        self.client.close()


def _beginning(answer: httpx.Response) -> str:
    """The first words of an answer, however long it is."""
    for part in answer.iter_text(chunk_size=SHOWN):
        return part[:SHOWN]
    return ""
