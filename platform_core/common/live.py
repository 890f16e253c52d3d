"""Cheap refresh: a page that did not change answers 304 before any work."""

import re
from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import HttpResponseNotModified
from django.utils.translation import get_language

from .ids import uuid7

View = Callable[..., HttpResponseBase]
# Forms carry another mask of the same token each time; it changes nothing.
FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


def etag_of(*parts: object) -> str:
    """A short ETag over the parts and the language of the page."""
    text = "\x1f".join(str(part) for part in (*parts, get_language()))
    return f'"{blake2b(text.encode(), digest_size=12).hexdigest()}"'


def same(request: HttpRequest, etag: str) -> bool:
    """Whether the browser already holds this version."""
    held = request.headers.get("If-None-Match", "")
    return etag in {tag.strip().removeprefix("W/") for tag in held.split(",")}


def answer(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Give a finished response an ETag of its content, or make it a 304."""
    if not isinstance(response, HttpResponse) or response.status_code != 200:
        return response
    if hasattr(response, "render"):
        response.render()
    content = FORM_TOKEN.sub("", response.content.decode())
    return tagged(request, response, etag_of(content))


def tagged(request: HttpRequest, response: HttpResponse, etag: str) -> HttpResponse:
    if same(request, etag):
        return not_modified(etag)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def not_modified(etag: str) -> HttpResponse:
    response = HttpResponseNotModified()
    response["ETag"] = etag
    return response


def etagged(
    view: View | None = None, *, version: Callable[..., object] | None = None
) -> Any:
    """Decorator: 304 when `version(request, …)` is known; else by content."""

    def decorate(inner: View) -> View:
        @wraps(inner)
        def conditional(
            request: HttpRequest, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            if version is None:
                return answer(request, inner(request, *args, **kwargs))
            user = getattr(request.user, "pk", None)
            etag = etag_of(
                request.get_full_path(), user, version(request, *args, **kwargs)
            )
            if same(request, etag):
                return not_modified(etag)
            response = inner(request, *args, **kwargs)
            if isinstance(response, HttpResponse) and response.status_code == 200:
                response["ETag"] = etag
                response["Cache-Control"] = "private, no-cache"
            return response

        return conditional

    return decorate(view) if view else decorate


def version_of(topic: str) -> str:
    """The present version of a topic, one cache read."""
    found = cache.get_or_set(f"live:{topic}", lambda: uuid7().hex, None)
    return str(found)


def bump(topic: str) -> None:
    """Note that what the topic stands for has changed."""
    cache.set(f"live:{topic}", uuid7().hex, None)
