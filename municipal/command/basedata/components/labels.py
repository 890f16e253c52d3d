"""QR labels: each leads to the component's page on the platform."""

from io import BytesIO

import segno
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from municipal.command.models import Component

MARGIN = 2  # modules; a sheet leaves white space around anyway


def address(component: Component, request: HttpRequest) -> str:
    """The address that the label holds."""
    return request.build_absolute_uri(component.get_absolute_url())


def image(text: str, form: str) -> bytes:
    """The code as "svg" or "png", correcting up to 15 % of damage."""
    stream = BytesIO()
    scale = 10 if form == "png" else 4
    segno.make(text, error="m").save(stream, kind=form, scale=scale, border=MARGIN)
    return stream.getvalue()


def inline(text: str) -> SafeString:
    """The code as SVG inside a page."""
    drawn = segno.make(text, error="m").svg_inline(scale=4, border=MARGIN)
    return mark_safe(drawn)  # noqa: S308  drawn by the library from modules only
