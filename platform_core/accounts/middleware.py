"""Whoever has a temporary password changes it before anything else."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from .signin import CHANGE_FLAG

FREE = ("/accounts/", "/language/", "/static/", "/healthz", "/readyz")


class PasswordChangeMiddleware:
    """Leads to the password page as long as the session carries the flag."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.must_change(request):
            return self.lead(request)
        return self.get_response(request)

    def must_change(self, request: HttpRequest) -> bool:
        return (
            settings.SESSION_COOKIE_NAME in request.COOKIES
            and not request.path.startswith(FREE)
            and bool(request.session.get(CHANGE_FLAG))
        )

    def lead(self, request: HttpRequest) -> HttpResponse:
        """To the password page and back; programs get an error."""
        if request.path.startswith("/api/"):
            message = _("Change your temporary password first.")
            body = {"code": "password_change_required", "message": message}
            return JsonResponse({**body, "fields": {}}, status=403)
        target = reverse("accounts:password")
        if request.method == "GET":
            target += "?" + urlencode({"next": request.get_full_path()})
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        return redirect(target)
