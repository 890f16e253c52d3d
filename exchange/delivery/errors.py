"""Refusals in the words of the protocol."""

from platform_core.common.errors import DomainError


class Unauthorised(DomainError):
    """The request does not prove who speaks, or that one may not speak."""

    status = 401
    code = "bad_signature"


class TooLarge(DomainError):
    """A delivery beyond the limits of the protocol."""

    status = 413
    code = "too_large"


class TooMany(DomainError):
    """Requests come too fast."""

    status = 429
    code = "too_many"


class GroupRefused(DomainError):
    """A group of records was not taken at all.

    `retry` tells the sender that the same group may pass later by itself.
    """

    def __init__(self, message: object, *, code: str, retry: bool = False) -> None:
        super().__init__(message, code=code)
        self.retry = retry
