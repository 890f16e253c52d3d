"""The installable app of the phone: one page that works without a line."""

import hashlib
import io
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET
from PIL import Image, ImageDraw

from platform_core.common.access import PUBLIC, SIGNED_IN, page

from .words import words

MODULES = (
    "app",
    "store",
    "queue",
    "dom",
    "map",
    "report",
    "tasks",
    "ledger",
    "duty",
    "track",
)
OWN = (*(f"field/app/{name}.js" for name in MODULES), "field/app/app.css")
SHARED = (
    "vendor/idb/umd.js",
    "vendor/bootstrap/bootstrap.min.css",
    "vendor/maplibre-gl/maplibre-gl.css",
    "vendor/maplibre-gl/maplibre-gl.mjs",
    "vendor/maplibre-gl/maplibre-gl-shared.mjs",
    "vendor/maplibre-gl/maplibre-gl-worker.mjs",
    "ui/tokens.css",
    "ui/app.css",
    "ui/shells.css",
    "ui/icon.svg",
)
THEME = "#164a8f"
SIDE = 512


@cache
def version() -> str:
    """A mark that changes with the app's files."""
    found = hashlib.sha256()
    for name in (*OWN, *SHARED):
        path = finders.find(name)
        if path:
            found.update(Path(str(path)).read_bytes())
    return found.hexdigest()[:12]


@require_GET
@ensure_csrf_cookie
@page(permission=SIGNED_IN)
def app(request: HttpRequest) -> HttpResponse:
    """The page of the app; screens are drawn by its scripts."""
    context = {
        "title": _("Field work"),
        "words": words(),
        "app_version": version(),
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "login_url": f"{reverse('accounts:login')}?next={reverse('phone:app')}",
    }
    return render(request, "patrol/app.html", context)


@require_GET
@page(permission=PUBLIC)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the app and answers without a line."""
    files = [reverse("phone:app"), *(static(name) for name in (*OWN, *SHARED))]
    context = {"version": version(), "files": files}
    response = render(
        request, "patrol/sw.js", context, content_type="text/javascript; charset=utf-8"
    )
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
@page(permission=PUBLIC)
def manifest(request: HttpRequest) -> JsonResponse:
    """How the app is installed."""
    icon = {"src": reverse("phone:icon"), "sizes": f"{SIDE}x{SIDE}"}
    body = {
        "name": f"{settings.NODE_NAME} {_('Field work')}",
        "short_name": "城管通",
        "start_url": reverse("phone:app"),
        "scope": reverse("phone:app"),
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": THEME,
        "icons": [{**icon, "type": "image/png", "purpose": "any maskable"}],
    }
    response = JsonResponse(body, content_type="application/manifest+json")
    response["Cache-Control"] = "max-age=3600"
    return response


@cache
def _drawn() -> bytes:
    """Three houses on blue, like the platform's own mark."""
    picture = Image.new("RGB", (SIDE, SIDE), THEME)
    pen = ImageDraw.Draw(picture)
    for left, top in ((120, 250), (206, 150), (300, 210)):
        pen.rectangle((left, top, left + 76, 390), outline="white", width=18)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


@require_GET
@page(permission=PUBLIC)
def icon(request: HttpRequest) -> HttpResponse:
    """The icon on the home screen."""
    response = HttpResponse(_drawn(), content_type="image/png")
    response["Cache-Control"] = "max-age=86400"
    return response
