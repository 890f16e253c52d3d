"""Classes of components and matters with their conditions and limits."""

from typing import Any

import django_filters
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.classification import selectors as catalogue
from platform_core.classification import services as classification
from platform_core.classification.enums import Edition, Kind
from platform_core.classification.models import FilingCondition, ProblemClass
from platform_core.systems.maintenance import forms
from platform_core.ui.columns import Column
from platform_core.ui.views import ActionPage, Crumb, DetailPage, ListPage, PageAction

from .common import SYSTEM, AdminMixin, active_badge

VIEW, CHANGE = "processes.view_processdefinition", "processes.change_processdefinition"


def page_of(row: ProblemClass) -> str:
    """Address of a class's page."""
    return reverse("maintenance:class", args=[row.pk])


class ClassFilter(django_filters.FilterSet):
    """By edition, kind and major class."""

    edition = django_filters.ChoiceFilter(choices=Edition.choices, label=_("Edition"))
    kind = django_filters.ChoiceFilter(choices=Kind.choices, label=_("Kind"))
    major_code = django_filters.CharFilter(label=_("Major class code"))
    is_active = django_filters.BooleanFilter(label=_("In use"))

    class Meta:
        model = ProblemClass
        fields = ["edition", "kind", "major_code", "is_active"]


class ClassList(ListPage):
    """The catalogue."""

    model = ProblemClass
    scoped = False
    permission_required = VIEW
    title = _("Classes and limits")
    filterset_class = ClassFilter
    search_fields = ("name", "name_en", "code__startswith", "major_name")
    search_hint = _("Name or code")
    ordering = ("-edition", "kind", "code")
    page_size = 50
    columns = (
        Column("code", _("Code"), sort=True, link=page_of),
        Column("label", _("Name"), link=page_of),
        Column("major_label", _("Major class"), sort="major_code"),
        Column("kind", _("Kind"), sort=True),
        Column("edition", _("Edition"), sort=True),
        Column("code_2013", _("Code of 2013")),
        Column("rules", _("Filing conditions"), number=True),
        Column("is_active", _("State"), render=active_badge),
    )

    def get_queryset(self) -> Any:
        return super().get_queryset().annotate(rules=Count("conditions"))

    def get_breadcrumbs(self) -> list[Crumb]:
        return [SYSTEM, Crumb(self.title)]


class ClassCrumbs(AdminMixin):
    """Breadcrumbs down to a class."""

    def get_breadcrumbs(self) -> list[Crumb]:
        above = Crumb(ClassList.title, reverse("maintenance:classes"))
        return [SYSTEM, above, Crumb(str(self.object))]


class ClassPage(ClassCrumbs, DetailPage):
    """One class: when a case is filed, what closes it, how long it may take."""

    model = ProblemClass
    scoped = False
    permission_required = VIEW
    template_name = "maintenance/class.html"

    def get_page_actions(self) -> list[PageAction]:
        label = _("Take out of use") if self.object.is_active else _("Take into use")
        url = reverse("maintenance:class-active", args=[self.object.pk])
        return [PageAction(label, url, permission=CHANGE, dialog=True)]

    def get_summary(self) -> list[tuple[Any, Any]]:
        row = self.object
        other = Edition.E2013 if row.edition == Edition.E2026 else Edition.E2026
        twin = catalogue.crosswalk(row, other)
        return [
            (_("Code"), row.code),
            (_("Name"), row.label),
            (_("Major class"), f"{row.major_code} {row.major_label}"),
            (_("Kind"), row.get_kind_display()),
            (_("Edition"), row.get_edition_display()),
            (_("In the other edition"), f"{twin.code} {twin.label}" if twin else ""),
            (_("State"), active_badge(row)),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules = self.object.conditions.order_by("number", "grade")
        may_change = self.request.user.has_perm(CHANGE)
        return super().get_context_data(rules=rules, may_change=may_change, **kwargs)


class ClassActive(ClassCrumbs, ActionPage):
    """Take a class into use or out of it."""

    model = ProblemClass
    scoped = False
    permission_required = CHANGE
    title = _("Take a class into use or out of it")
    lead = _("Cases already filed under it keep it.")
    submit_label = _("Confirm")
    success_message = _("Saved.")

    def perform(self, form: Any) -> None:
        classification.set_active(
            problem_class=self.object,
            is_active=not self.object.is_active,
            by=self.request.user,
        )

    def get_success_url(self, result: Any) -> str:
        return page_of(self.object)

    def get_cancel_url(self) -> str:
        return page_of(self.object)


class LimitPage(AdminMixin, ActionPage):
    """Set the platform's own time limit of a condition."""

    model = FilingCondition
    scoped = False
    permission_required = CHANGE
    title = _("Set time limit")
    form_class = forms.LimitForm
    lead = _("Cases filed from now on are counted by it.")
    success_message = _("Saved.")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [SYSTEM, Crumb(self.title)]

    def get_initial(self) -> dict[str, Any]:
        rule = self.object
        return {
            "value": rule.limit_value,
            "unit": rule.limit_unit,
            "department_type": rule.department_type,
        }

    def perform(self, form: Any) -> FilingCondition:
        return classification.set_limit(
            condition=self.object, by=self.request.user, **form.cleaned_data
        )

    def get_success_url(self, result: Any) -> str:
        return page_of(self.object.problem_class)

    def get_cancel_url(self) -> str:
        return page_of(self.object.problem_class)
