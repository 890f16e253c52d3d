"""Somebody who works with the pages of one of our platforms."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from scripts.federation import PASSWORD


class Office:
    """A browser session without the browser."""

    def __init__(self, url: str, username: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=30, trust_env=False)
        self.submit("/accounts/login/", username=username, password=PASSWORD)

    def page(self, path: str) -> str:
        answer = self.http.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def submit(self, path: str, **fields: str) -> str:
        """Fill a form in; the page that follows."""
        shown = self.page(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown)
        assert token is not None, path
        data = {"csrfmiddlewaretoken": token[1], **fields}
        answer = self.http.post(path, data=data)
        assert answer.status_code == 302, (path, answer.status_code, answer.text)
        return self.page(answer.headers["Location"])

    def option(self, path: str, label: str) -> str:
        """The value of a choice whose label begins so."""
        found = re.search(
            rf'<option value="([^"]+)"[^>]*>\s*{re.escape(label)}', self.page(path)
        )
        assert found is not None, label
        return found[1]

    def light(self, code: str) -> str:
        """The colour of a platform's connection on the page of the exchange."""
        found = re.search(
            rf'/peers/{code}/">.*?</tr>', self.page("/exchange/status/"), re.DOTALL
        )
        assert found is not None, code
        return found[0]


@contextmanager
def at_work(url: str, username: str) -> Iterator[Office]:
    made = Office(url, username)
    try:
        yield made
    finally:
        made.http.close()
