"""Pages of inspectors on the phone."""

from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import selectors, services
from municipal.command.enums import Purpose
from municipal.command.forms import FieldReportForm, StepForm
from municipal.command.models import Case
from municipal.command.requests import user_of
from municipal.command.worklists import WORKLISTS
from platform_core.files import services as files
from platform_core.ui.views import ActionPage, FormPage, PlainPage

from .actions import stored
from .detail import grids_url
from .report import map_settings, take_in

MINE = 50


class FieldShell:
    """The tabs at the foot of the phone."""

    request: Any
    tab = "tasks"

    def shell(self) -> dict[str, Any]:
        """Tabs and where the arrow at the top leads."""
        tabs = (
            ("tasks", _("Tasks"), "field:home", "task"),
            ("report", _("Report"), "field:report", "camera"),
            ("mine", _("My reports"), "field:mine", "list"),
            ("me", _("Me"), "accounts:profile", "user"),
        )
        return {
            "tabs": [
                {
                    "label": label,
                    "url": reverse(url),
                    "icon": icon,
                    "active": code == self.tab,
                }
                for code, label, url, icon in tabs
            ]
        }


class FieldHome(FieldShell, PlainPage):
    """What I am sent to."""

    permission_required = "command.verify_case"
    title = gettext_lazy("My tasks")
    template_name = "field/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = (
            WORKLISTS["onsite"].rows(user_of(self.request)).order_by("deadline", "id")
        )
        return {
            **super().get_context_data(**kwargs),
            **self.shell(),
            "tasks": list(rows),
        }


class FieldMine(FieldShell, PlainPage):
    """What I reported and how it stands."""

    permission_required = "command.report_case"
    title = gettext_lazy("My reports")
    template_name = "field/mine.html"
    tab = "mine"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        rows = Case.objects.visible_to(user).filter(reported_by=user)
        return {
            **super().get_context_data(**kwargs),
            **self.shell(),
            "cases": list(rows.order_by("-reported_at")[:MINE]),
        }


class FieldReport(FieldShell, FormPage):
    """A report from the street: picture, class, place."""

    permission_required = "command.report_case"
    form_class = FieldReportForm
    title = gettext_lazy("Report a problem")
    submit_label = gettext_lazy("Report")
    success_message = gettext_lazy("The report was sent.")
    success_url = "field:mine"
    template_name = "field/report.html"
    tab = "report"

    @transaction.atomic
    def perform(self, form: FieldReportForm) -> Case:
        user = user_of(self.request)
        given = form.values()
        return take_in(
            by=user,
            source="02" if given["self_handled"] else "01",
            attachments=stored(form, "photos", user),
            after_attachments=stored(form, "after", user),
            **given,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            **self.shell(),
            **map_settings(),
        }


class FieldTask(FieldShell, ActionPage):
    """One task on site: what to look at, and the result."""

    model = Case
    lookup = "uid"
    permission_required = "command.verify_case"
    template_name = "field/task.html"
    success_message = gettext_lazy("The result was sent.")
    success_url = "field:home"
    object: Case

    def get_queryset(self) -> Any:
        return selectors.detail(user_of(self.request))

    def get_title(self) -> str:
        return self.object.class_name

    def choices(self) -> list[Any]:
        """What this inspector can do with the case now."""
        found = services.case_options(self.object, user_of(self.request))
        return [option for option in found if option.allowed]

    def get_form(self) -> StepForm:
        options = {option.code: option for option in self.choices()}
        code = self.request.POST.get("action", "")
        if self.request.method == "POST" and code not in options:
            services.fire(self.object, code, by=user_of(self.request))
            raise Http404(code)
        chosen = options.get(code)
        return StepForm(
            case=self.object,
            action=code or "verify_true",
            reason=bool(chosen and chosen.reason_required),
            **self.get_form_kwargs(),
        )

    @transaction.atomic
    def perform(self, form: StepForm) -> Case:
        user = user_of(self.request)
        return services.fire(
            self.object,
            self.request.POST["action"],
            by=user,
            attachments=stored(form, "photos", user),
            **form.values(),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pictures = list(files.of(self.object))
        report = {Purpose.REPORT, Purpose.VERIFY}
        return {
            **super().get_context_data(**kwargs),
            **self.shell(),
            "case": self.object,
            "choices": self.choices(),
            "before": [row for row in pictures if row.purpose in report],
            "after": [row for row in pictures if row.purpose not in report],
            "points": selectors.points([self.object]),
            "grids_url": grids_url(self.object),
            "area": " / ".join(selectors.area_names(self.object)),
            "condition": selectors.condition(self.object),
        }
