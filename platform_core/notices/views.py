"""The bell and the list of messages."""

from django.contrib.auth import SESSION_KEY
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from platform_core.common.access import SIGNED_IN, page
from platform_core.common.live import etag_of, not_modified, same

from . import selectors, services
from .enums import Level
from .models import Notice

PAGE_SIZE = 25


@require_GET
@page(permission=SIGNED_IN)
def notice_list(request: HttpRequest) -> HttpResponseBase:
    """One's own messages, all of them or the unread ones, by level."""
    rows = Notice.objects.visible_to(request.user)
    show = request.GET.get("show", "")
    level = request.GET.get("level", "")
    if show == "unread":
        rows = rows.unread()
    if level in Level.values:
        rows = rows.filter(level=level)
    context = {
        "title": _("Messages"),
        "heading": _("Messages"),
        "breadcrumbs": [],
        "page_actions": [],
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "unread": selectors.unread_count(request.user),
        "show": show,
        "level": level,
        "levels": Level.choices,
    }
    return render(request, "notices/list.html", context)


@require_GET
def bell(request: HttpRequest) -> HttpResponseBase:
    """The bell of the top bar: 304 before any query while nothing changed."""
    user_id = request.session.get(SESSION_KEY, "")
    etag = etag_of("bell", user_id, services.version(user_id))
    if user_id and same(request, etag):
        return not_modified(etag)
    return _bell(request, etag)


bell.permission_required = SIGNED_IN  # type: ignore[attr-defined]


@page(permission=SIGNED_IN)
def _bell(request: HttpRequest, etag: str) -> HttpResponse:
    context = {
        "unread": selectors.unread_count(request.user),
        "limit": selectors.COUNT_LIMIT,
        "notices": selectors.latest(request.user),
    }
    response = render(request, "notices/partials/_bell.html", context)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


@require_GET
@page(permission=SIGNED_IN)
def open_notice(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Mark a message as read and go to what it is about."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    services.mark_read(by=request.user, notices=[notice.pk])
    return redirect(notice.link or "notices:list")


@require_POST
@page(permission=SIGNED_IN)
def read_all(request: HttpRequest) -> HttpResponseBase:
    """Mark all messages as read."""
    services.mark_read(by=request.user)
    return redirect("notices:list")
