"""Refusals in the words of the protocol."""

from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError

CODES = frozenset(
    {
        *("bad_signature", "expired", "replay", "unknown_peer", "suspended"),
        *("unknown_interface", "unknown_version", "not_subscribed", "out_of_scope"),
        *("format", "required", "type", "code_list", "range", "reference_missing"),
        *("not_origin", "bad_seal", "too_large", "too_many", "busy", "internal"),
    }
)
# What other errors are in the words of the protocol. A message that does not fit the
# state waits for the one before it.
BY_CODE = {"transition_not_allowed": "reference_missing"}
BY_STATUS = {403: "out_of_scope", 404: "reference_missing", 409: "busy"}


def code_of(error: DomainError) -> str:
    """The code of the protocol for an error."""
    code = BY_CODE.get(error.code, error.code)
    if code in CODES:
        return code
    return "internal" if error.status >= 500 else BY_STATUS.get(error.status, "format")


class Unauthorised(DomainError):
    """The request does not prove who speaks, or that one may not speak."""

    status = 401
    code = "bad_signature"


class TooLarge(DomainError):
    """A delivery beyond the limits of the protocol."""

    status = 413
    code = "too_large"


class Later(DomainError):
    """Not now, but the same request may pass after so many seconds."""

    status = 429

    def __init__(self, message: object, *, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TooMany(Later):
    """Requests or records come too fast."""

    code = "too_many"


class Busy(Later):
    """Outside the hours of a connection."""

    code = "busy"


class GroupRefused(DomainError):
    """A group of records was not taken at all.

    `retry` tells the sender that the same group may pass later by itself.
    """

    def __init__(self, message: object, *, code: str, retry: bool = False) -> None:
        super().__init__(message, code=code)
        self.retry = retry


def no_key(kind: str) -> DomainError:
    """What was given is not a key of this kind."""
    text = _("This is not a key of the suite %(kind)s.") % {"kind": kind}
    return DomainError(text, code="format", fields={"public_key": text})
