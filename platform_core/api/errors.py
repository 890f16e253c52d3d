"""One shape for every error of the API: {"code", "message", "fields"}."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from platform_core.common.errors import DomainError

CODES = {
    status.HTTP_400_BAD_REQUEST: "invalid",
    status.HTTP_401_UNAUTHORIZED: "not_signed_in",
    status.HTTP_403_FORBIDDEN: "forbidden",
    status.HTTP_404_NOT_FOUND: "not_found",
    status.HTTP_405_METHOD_NOT_ALLOWED: "method_not_allowed",
    status.HTTP_406_NOT_ACCEPTABLE: "not_acceptable",
    status.HTTP_415_UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
    status.HTTP_429_TOO_MANY_REQUESTS: "too_many_requests",
}


def envelope(code: str, message: object, fields: Any = None) -> dict[str, Any]:
    """The body of every error."""
    return {"code": code, "message": str(message), "fields": fields or {}}


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an error of a view; None leaves an unforeseen one to the 500 page."""
    if isinstance(error, DomainError):
        set_rollback()
        return Response(error.as_dict(), status=error.status)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    return Response(_body(error), status=error.status_code, headers=_headers(error))


def _body(error: exceptions.APIException) -> dict[str, Any]:
    code = CODES.get(error.status_code, "error")
    if isinstance(error, exceptions.ValidationError):
        fields = _fields(error.detail)
        general = fields.pop("non_field_errors", [])
        message = " ".join(general) or _("Some fields are not valid.")
        return envelope(code, message, fields)
    return envelope(code, error.detail)


def _fields(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Errors by field; a nested field is named by its path, `items.0.name`."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for name, inner in detail.items():
            found |= _fields(inner, f"{path}.{name}" if path else str(name))
        return found
    items = detail if isinstance(detail, list) else [detail]
    if any(isinstance(item, dict) for item in items):
        found = {}
        for index, item in enumerate(items):
            if item:
                found |= _fields(item, f"{path}.{index}" if path else str(index))
        return found
    return {path or "non_field_errors": [str(item) for item in items]}


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    challenge = getattr(error, "auth_header", None)
    if challenge:
        headers["WWW-Authenticate"] = str(challenge)
    wait = getattr(error, "wait", None)
    if wait:
        headers["Retry-After"] = str(int(wait))
    return headers
