"""How many reports one address may send."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.views import APIView

from platform_core.api.throttling import AnonymousThrottle
from platform_core.common.errors import TooMany


class ReportThrottle(AnonymousThrottle):
    """The rate `public_report`, for pages and Open311 together."""

    scope = "public_report"


def allow_report(request: HttpRequest) -> None:
    """Count a report against the sender's address; TooMany when there are too many."""
    if not ReportThrottle().allow_request(Request(request), APIView()):
        raise TooMany(_("Too many reports from your address; please wait a minute."))
