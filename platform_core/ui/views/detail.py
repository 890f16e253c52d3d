"""The page of one object."""

from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from platform_core.ui import live

from .base import PageMixin, ScopedMixin


class ObjectMixin(ScopedMixin):
    """Finds the object of the address among those the user may see."""

    lookup = "pk"
    kwargs: dict[str, Any]

    def get_object(self) -> Any:
        """The object, or 404 where the user must not know of it."""
        key = self.kwargs.get(self.lookup)
        found = self.get_queryset().filter(**{self.lookup: key}).first()
        if found is None:
            raise Http404(f"{self.model.__name__} {key}")
        return found


class DetailPage(PageMixin, ObjectMixin):
    """Summary, timeline, map, related records; `lookup` names the URL's argument."""

    template_name = "ui/detail.html"
    partial_name = ""
    object: Any

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.object = self.get_object()
        partial = self.partial_name and (
            request.headers.get("X-Poll") or request.headers.get("HX-Request")
        )
        name = self.partial_name if partial else self.template_name
        response = render(request, name, self.get_context_data())
        return live.answer(request, response) if partial else response

    def get_title(self) -> Any:
        return self.title or str(self.object)

    def get_actions(self) -> list[Any]:
        """Process actions for {% actions %}: allowed ones and why others are not."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            **self.page_context(),
            "object": self.object,
            "actions": self.get_actions(),
            "summary": self.get_summary(),
            "timeline": self.get_timeline(),
            **kwargs,
        }
        if isinstance(self.object, Model):
            context.setdefault(str(self.object._meta.model_name), self.object)
        return context

    def get_summary(self) -> list[tuple[Any, Any]]:
        """(label, value) pairs on top of the page."""
        return []

    def get_timeline(self) -> list[Any]:
        """Steps for {% timeline %}."""
        return []
