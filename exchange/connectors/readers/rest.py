"""JSON over HTTP: pages of whatever style, with the usual ways to sign in."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from django.utils.translation import gettext as _
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential

from exchange.connectors import places, steps
from exchange.connectors.enums import Mode
from exchange.connectors.errors import Unreachable, Unreadable
from exchange.connectors.models import Source
from exchange.delivery import guard

from .base import Began, Ended, Event, Item, Position

TIMEOUT = httpx.Timeout(30, connect=places.SECONDS)
LIMITS = httpx.Limits(max_connections=4)
MAX_PAGE = 50_000_000
TRIES = 3
PASSING = frozenset({429, 500, 502, 503, 504})
wait = wait_exponential(multiplier=0.5, max=10)


class Passing(Exception):
    """The other end may answer when it is asked again."""


def client(source: Source) -> httpx.Client:
    """A client that signs in as the source wants it; redirects are not followed."""
    private = places.private_allowed(source.allow_private)
    transport = (
        httpx.HTTPTransport(limits=LIMITS, trust_env=False)
        if private
        else guard.transport(LIMITS)
    )
    given, secret = source.settings, source.secret
    headers = {"Accept": "application/json"}
    if given["auth"] == "bearer":
        headers["Authorization"] = f"Bearer {secret}"
    elif given["auth"] == "header":
        headers[given.get("header") or "X-Api-Key"] = secret
    basic = given["auth"] == "basic"
    return httpx.Client(
        transport=transport,
        timeout=TIMEOUT,
        headers=headers,
        auth=(given.get("username", ""), secret) if basic else None,
        follow_redirects=False,
        trust_env=False,
    )


class RestReader:
    """Rows of an interface, page by page; only one page is held at a time."""

    def __init__(
        self, source: Source, definition: Mapping[str, Any], seen: frozenset[str]
    ) -> None:
        self.pick: Mapping[str, Any] = definition["pick"]
        self.incremental = definition.get("mode") == Mode.INCREMENTAL
        self.key = definition.get("key", "")
        self.paging = self.pick.get("paging") or "none"
        self.size = int(self.pick.get("size") or 100)
        base = source.settings["url"].rstrip("/") + "/"
        self.url = urljoin(base, (self.pick.get("path") or "").lstrip("/"))
        self.client = client(source)

    def columns(self) -> list[str] | None:
        return None

    def items(self, position: Position) -> Iterator[Event]:
        yield Began(None)
        since = position.get("from", position.get("since"))
        high, row = position.get("high", since), position.get("row", 0)
        page, skip = position.get("page", self._first()), position.get("index", 0)
        while page is not None:
            answer = self._get(page, since)
            found = self._found(answer)
            for index, item in enumerate(found, 1):
                if index <= skip:
                    continue
                row += 1
                high = self._higher(high, item)
                here = {"from": since, "high": high, "page": page, "index": index}
                yield _item(item, row, {**here, "row": row})
            page, skip = self._next(page, answer, len(found)), 0
        yield Ended("", "", 0, row, {"since": high} if high is not None else {})

    def _first(self) -> Any:
        return {"page": int(self.pick.get("first", 1)), "offset": 0}.get(
            self.paging, ""
        )

    def _higher(self, high: Any, item: Any) -> Any:
        """The highest value of the key so far."""
        value = item.get(self.key) if self.incremental and isinstance(item, dict) else 0
        if not self.incremental or value is None:
            return high
        return value if high is None or str(value) > str(high) else high

    def _query(self, page: Any, since: Any) -> dict[str, Any]:
        found: dict[str, Any] = dict(self.pick.get("params") or {})
        if since is not None and self.pick.get("since_param"):
            found[self.pick["since_param"]] = since
        if self.paging in {"page", "offset", "cursor"}:
            if self.pick.get("size_param"):
                found[self.pick["size_param"]] = self.size
            if page != "":
                found[self.pick.get("page_param") or self.paging] = page
        return found

    def _get(self, page: Any, since: Any) -> Any:
        """One page as data; tried again where that may help."""
        is_link = self.paging == "link" and page
        url = str(page) if is_link else self.url
        query = None if is_link else self._query(page, since)
        tries = Retrying(
            stop=stop_after_attempt(TRIES),
            wait=wait,
            retry=retry_if_exception_type((Passing, httpx.TransportError)),
            reraise=True,
        )
        try:
            return tries(self._ask, url, query)
        except (Passing, httpx.HTTPError) as error:
            text = _("The interface does not answer: %(error)s")
            raise Unreachable(text % {"error": str(error)[:200]}) from error

    def _ask(self, url: str, query: dict[str, Any] | None) -> Any:
        with self.client.stream("GET", url, params=query) as answer:
            if answer.status_code in PASSING:
                raise Passing(f"HTTP {answer.status_code}")
            if answer.status_code != 200:
                text = _("The interface answers with HTTP %(status)d.")
                raise Unreachable(text % {"status": answer.status_code})
            body = bytearray()
            for part in answer.iter_bytes():
                body += part
                if len(body) > MAX_PAGE:
                    raise Unreadable(_("A page of the interface is too large."))
        try:
            return json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Unreadable(_("The answer of the interface is no JSON.")) from error

    def _found(self, answer: Any) -> list[Any]:
        where = self.pick.get("items") or ""
        found = steps.search(where, answer) if where else answer
        if isinstance(found, Mapping):
            found = [found]
        if not isinstance(found, list):
            text = _("The answer has no list at “%(where)s”.")
            raise Unreadable(text % {"where": where or "@"}, code="schema_drift")
        return found

    def _next(self, page: Any, answer: Any, count: int) -> Any:
        """The page behind this one, None behind the last."""
        if self.paging in {"page", "offset"}:
            if not count or (self.pick.get("size_param") and count < self.size):
                return None
            return page + (1 if self.paging == "page" else count)
        if self.paging in {"cursor", "link"}:
            return self._told(page, answer)
        return None

    def _told(self, page: Any, answer: Any) -> Any:
        """The next cursor or link, as the answer names it."""
        found = steps.search(self.pick.get("next_path") or "next", answer)
        if not found or found == page:
            return None
        if self.paging == "cursor":
            return found
        link = urljoin(self.url, str(found))
        if urlsplit(link)[:2] != urlsplit(self.url)[:2]:
            raise Unreadable(_("The next page lies at another address."))
        return link

    def settle(self, ended: Ended) -> None:
        """Nothing stays at the other end."""

    def close(self) -> None:
        self.client.close()


def _item(found: Any, row: int, position: Position) -> Item:
    if isinstance(found, dict):
        return Item(found, row, position)
    return Item({"value": found}, row, position, fault=_("This is no object."))


def ask(source: Source) -> list[str]:
    """The names at the top of the answer at the source's own address."""
    reader = RestReader(source, {"pick": {}}, frozenset())
    try:
        answer = reader._get("", None)
    finally:
        reader.close()
    return sorted(answer) if isinstance(answer, dict) else ["@"]
