"""Error pages, with the number under which the log tells more."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

EXCHANGE = "/exchange/v1/"
# Codes of the exchange protocol for what goes wrong outside its resources.
EXCHANGE_CODES = {"error": "internal", "forbidden": "out_of_scope"}


def wants_json(request: HttpRequest) -> bool:
    """Programs get the error envelope, people a page."""
    if request.path.startswith(("/api/", EXCHANGE)):
        return True
    return request.headers.get("Accept", "").startswith("application/json")


def failure(
    request: HttpRequest, status: int, code: str, title: str, message: str
) -> HttpResponse:
    """One shape for all error pages; a partial request gets a notice instead."""
    if wants_json(request):
        if request.path.startswith(EXCHANGE):
            code = EXCHANGE_CODES.get(code, "format")
        envelope = {"code": code, "message": message, "fields": {}}
        return JsonResponse(envelope, status=status)
    context: dict[str, Any] = {
        "status": status,
        "title": title,
        "message": message,
        "trace": getattr(request, "trace_id", ""),
    }
    if request.headers.get("HX-Request"):
        return render(request, "ui/partials/_problem.html", context, status=status)
    return render(request, "ui/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return failure(
        request,
        400,
        "invalid",
        _("The request cannot be read"),
        _("Something in the address or in the form is not as it should be."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return failure(
        request,
        403,
        "forbidden",
        _("You may not open this"),
        _("Your roles do not include this. Ask your administrator if you need it."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return failure(
        request,
        404,
        "not_found",
        _("There is nothing here"),
        _("The page does not exist, or it is about something outside your area."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """The last resort: renders without a session or a database."""
    title = _("Something went wrong")
    message = _("The fault has been recorded. Please try again in a moment.")
    return failure(request, 500, "error", title, message)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that waited too long or comes from elsewhere."""
    return failure(
        request,
        403,
        "csrf",
        _("This form has expired"),
        _("Go back, reload the page and send it again; your draft is kept."),
    )
