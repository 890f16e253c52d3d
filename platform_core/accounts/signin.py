"""Signing in and out: every attempt leaves an audit row."""

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest

from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import DomainError

from .models import User

CHANGE_FLAG = "must_change_password"
NAME_LENGTH = 150


class WrongCredentials(DomainError):
    """Name or password are wrong; which one is not told."""

    status = 401
    code = "credentials"


def address_of(request: HttpRequest) -> str:
    """Where a request came from; our own reverse proxies are believed, no others."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    hops = forwarded.split(",") if forwarded else []
    if 0 < settings.PROXY_COUNT <= len(hops):
        return str(hops[-settings.PROXY_COUNT]).strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def check(*, request: HttpRequest, username: str, password: str) -> User | None:
    """The person with this name and password; a failure is noted, locks count it."""
    found = authenticate(request, username=username, password=password)
    if isinstance(found, User):
        return found
    locked = bool(getattr(request, "axes_locked_out", False))
    audit.record(
        "signin.locked" if locked else "signin.failed",
        data={"username": username[:NAME_LENGTH], "address": address_of(request)},
    )
    return None


def sign_in(*, request: HttpRequest, username: str, password: str) -> User | None:
    """Begin a session under a new key; None if name or password are wrong."""
    user = check(request=request, username=username, password=password)
    if user is None:
        return None
    login(request, user)
    request.session[CHANGE_FLAG] = user.must_change_password
    request.session["since"] = now().isoformat()
    audit.record("signin.done", user, by=user, data={"address": address_of(request)})
    return user


def sign_out(*, request: HttpRequest) -> None:
    """End the session."""
    if isinstance(request.user, User):
        data = {"address": address_of(request)}
        audit.record("signin.ended", request.user, by=request.user, data=data)
    logout(request)
