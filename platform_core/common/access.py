"""Who may open a page: every view states it, and a test walks all of them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

SIGNED_IN: Final = "signed-in"
PUBLIC: Final = "public"

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def permits(user: Any, permission: str) -> bool:
    """Whether the user holds the stated permission or sentinel."""
    if permission == PUBLIC:
        return True
    if not user.is_authenticated:
        return False
    return permission == SIGNED_IN or bool(user.has_perm(permission))


def admit(request: HttpRequest, permission: str) -> HttpResponseBase | None:
    """None if the request may go on, else the way to sign-in; 403 if neither."""
    if permits(request.user, permission):
        return None
    if request.user.is_authenticated:
        raise PermissionDenied(permission)
    return to_sign_in(request)


def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page; a partial request is told to load it as a whole page."""
    if request.headers.get("HX-Request"):
        back = request.headers.get("HX-Current-URL", request.path)
        response = HttpResponse(status=401)
        response["HX-Redirect"] = redirect_to_login(back).url
        return response
    if request.headers.get("X-Poll"):
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path())


def page(*, permission: str) -> Callable[[View], View]:
    """Decorator of a function view: states and checks its permission."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(
            request: HttpRequest, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            return admit(request, permission) or view(request, *args, **kwargs)

        checked.permission_required = permission  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return decorate
