"""Errors that a user or a peer is told about.  [one shape: code, message, fields]"""

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """A rule was broken; `message` is shown to the user in their language."""

    status = 400
    code = "invalid"

    def __init__(
        self,
        message: object,
        *,
        code: str | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.fields = dict(fields or {})

    def as_dict(self) -> dict[str, Any]:
        """The error envelope of API and exchange."""
        fields = {name: _text(value) for name, value in self.fields.items()}
        return {"code": self.code, "message": str(self.message), "fields": fields}


def _text(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [str(item) for item in value]
    return value if isinstance(value, dict) else str(value)


class Forbidden(DomainError):
    """The user may see the object but not do this to it."""

    status = 403
    code = "forbidden"


class Conflict(DomainError):
    """Somebody else was faster, or the same thing exists already."""

    status = 409
    code = "conflict"


class TooMany(DomainError):
    """Somebody asks more often than is fair to the others."""

    status = 429
    code = "too_many"


class TransitionNotAllowed(Conflict):
    """The process has no such step here, for this role, or now."""

    code = "transition_not_allowed"


class NotOrigin(Forbidden):
    """Only the origin node of a record may change it."""

    code = "not_origin"


class ContractViolation(DomainError):
    """A record does not fit the schema of its dataset."""

    code = "format"


class PeerUnavailable(DomainError):
    """The other platform cannot be reached now."""

    status = 503
    code = "busy"
