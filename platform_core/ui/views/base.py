"""What all pages have in common: permission, title, breadcrumbs."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import Promise
from django.views.generic import TemplateView, View

from platform_core.ui.permissions import admit

Label = str | Promise


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the breadcrumbs; the last one has no address."""

    label: Label
    url: str = ""


@dataclass(frozen=True, slots=True)
class PageAction:
    """A button in the page's head."""

    label: Label
    url: str
    icon: str = ""
    primary: bool = False
    permission: str | None = None
    dialog: bool = False


class PageMixin(View):
    """A page that states its permission; `permission_required` is mandatory."""

    permission_required: str = ""
    title: Label = ""
    heading: Label = ""

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if not self.permission_required:
            raise ImproperlyConfigured(f"{type(self).__name__}.permission_required")
        refused = admit(request, self.permission_required)
        return refused or super().dispatch(request, *args, **kwargs)

    def get_title(self) -> Label:
        return self.title

    def get_breadcrumbs(self) -> list[Crumb]:
        return []

    def get_page_actions(self) -> list[PageAction]:
        """Buttons in the head of the page."""
        return []

    def page_context(self) -> dict[str, Any]:
        user = self.request.user
        return {
            "title": self.get_title(),
            "heading": self.heading or self.get_title(),
            "breadcrumbs": self.get_breadcrumbs(),
            "page_actions": [
                action
                for action in self.get_page_actions()
                if not action.permission or user.has_perm(action.permission)
            ],
        }


class ScopedMixin:
    """Takes rows only from what the user may see; never name `.objects.all()`."""

    model: Any = None
    scoped = True
    request: HttpRequest

    def get_queryset(self) -> QuerySet[Any]:
        """The rows of the user; narrow or add select_related in a subclass."""
        rows: QuerySet[Any] = self.model._default_manager.all()
        if not self.scoped:
            return rows
        if not hasattr(rows, "visible_to"):
            raise ImproperlyConfigured(f"{self.model.__name__} has no visible_to()")
        seen: QuerySet[Any] = rows.visible_to(self.request.user)
        return seen


class PlainPage(PageMixin, TemplateView):
    """A page with a template of its own and no object."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **self.page_context()}
