"""Parameters of the addresses of this app."""

from django.utils.translation import gettext as _
from rest_framework.request import Request

from platform_core.common.errors import DomainError

MOST = 20
LONGEST = 120


def number(request: Request, name: str, default: float | None = None) -> float:
    """A number of the address; DomainError where it is none."""
    try:
        return float(request.query_params.get(name, default))  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        message = _("This is not a number.")
        raise DomainError(message, fields={name: message}) from error


def question(request: Request) -> str:
    """The text that is looked for, not too long."""
    return request.query_params.get("q", "").strip()[:LONGEST]


def most(request: Request) -> int:
    """How many candidates are wanted."""
    return max(1, min(int(number(request, "limit", 10)), MOST))


def position(request: Request) -> tuple[float, float] | None:
    """The position to look around, if one is given."""
    if "lon" not in request.query_params:
        return None
    return number(request, "lon"), number(request, "lat")
