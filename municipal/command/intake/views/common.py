"""What the pages of the reception share."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.intake import services
from municipal.command.requests import user_of
from platform_core.ui.views import ActionPage, Crumb, EditPage, FormPage

MANAGE = "intake.manage_reception"
HOME = (_("Operator's desk"), "intake:desk")


class ReceptionMixin:
    """Breadcrumbs below the reception's desk."""

    title: Any
    above: tuple[Any, str] | None = None

    def get_breadcrumbs(self) -> list[Crumb]:
        steps = [HOME, self.above] if self.above else [HOME]
        crumbs = [Crumb(label, reverse(name)) for label, name in filter(None, steps)]
        return [*crumbs, Crumb(self.title)]


class AddPage(ReceptionMixin, FormPage):
    """A new setting."""

    permission_required = MANAGE

    def get_cancel_url(self) -> str:
        return reverse(self.above[1]) if self.above else reverse("intake:desk")

    def perform(self, form):
        return services.keep(row=form.save(commit=False), by=user_of(self.request))


class ChangePage(ReceptionMixin, EditPage):
    """A setting that changes."""

    permission_required = MANAGE

    def perform(self, form):
        return services.keep(row=form.save(commit=False), by=user_of(self.request))


class RemovePage(ReceptionMixin, ActionPage):
    """A setting that goes away."""

    permission_required = MANAGE

    def get_success_url(self, result: Any) -> str:
        return reverse(self.above[1]) if self.above else reverse("intake:desk")

    def perform(self, form):
        services.remove(row=self.object, by=user_of(self.request))
