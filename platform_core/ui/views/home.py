"""Home by role, search, language and saved views."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from platform_core.ui import dashboards, live, navigation, search
from platform_core.ui.models import SavedView
from platform_core.ui.permissions import PUBLIC, SIGNED_IN, page

from .base import PlainPage


class HomePage(PlainPage):
    """What I must do on the left; figures, messages and shortcuts on the right."""

    permission_required = SIGNED_IN
    title = gettext_lazy("Home")
    template_name = "ui/home.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.headers.get("X-Poll"):
            return super().get(request, *args, **kwargs)
        context = self.get_context_data()
        return live.answer(request, render(request, "ui/partials/_home.html", context))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        return {
            **super().get_context_data(**kwargs),
            "todo": dashboards.todo(user),
            "notices": user.notices.unread()[:5],
            "shortcuts": navigation.shortcuts(navigation.menu(user, self.request.path)),
            "areas": {
                area: dashboards.widgets(user, area)
                for area in ("todo", "figures", "shortcuts")
            },
        }


class SearchPage(PlainPage):
    """Hits of every kind the user may see."""

    permission_required = SIGNED_IN
    title = gettext_lazy("Search")
    template_name = "ui/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("q", "").strip()
        found = search.find(self.request.user, text)
        return {**super().get_context_data(**kwargs), "text": text, "found": found}


class SaveViewForm(forms.ModelForm):
    """Name of a saved view."""

    class Meta:
        model = SavedView
        fields = ["page", "name", "query"]


@page(permission=PUBLIC)
@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Switch the language, and remember it with the user."""
    response = set_language(request)
    chosen = request.POST.get("language", "")
    user = request.user
    if user.is_authenticated and chosen in dict(settings.LANGUAGES):
        user.language = chosen
        user.save(update_fields=["language"])
    return response


@page(permission=SIGNED_IN)
@require_POST
def save_view(request: HttpRequest) -> HttpResponseBase:
    """Keep a list's address under a name; the same name is replaced."""
    form = SaveViewForm(request.POST)
    back = _own_address(request, request.POST.get("page", "/"))
    if not form.is_valid():
        messages.error(request, _("Give the view a name of at most 60 characters."))
        return redirect(back)
    data = form.cleaned_data
    user: Any = request.user
    SavedView.objects.update_or_create(
        user=user,
        page=data["page"],
        name=data["name"],
        defaults={"query": data["query"]},
    )
    messages.success(request, _("View saved."))
    return redirect(f"{back}?{data['query']}" if data["query"] else back)


@page(permission=SIGNED_IN)
@require_POST
def forget_view(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Delete a saved view of one's own."""
    view = get_object_or_404(SavedView, pk=pk, user=request.user)
    view.delete()
    messages.success(request, _("View deleted."))
    return redirect(_own_address(request, view.page))


def _own_address(request: HttpRequest, url: str) -> str:
    allowed = url_has_allowed_host_and_scheme(url, {request.get_host()})
    return url if allowed and url.startswith("/") else "/"
