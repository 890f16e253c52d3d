"""Organisations: tree, page, forms."""

from typing import Any

import django_filters
from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from platform_core.accounts import services as accounts
from platform_core.accounts.enums import UnitKind
from platform_core.accounts.models import OrgUnit
from platform_core.audit import selectors as audit
from platform_core.systems.maintenance import forms, services
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
)

from .common import SYSTEM, AdminMixin, active_badge

VIEW, ADD, CHANGE = (
    "accounts.view_orgunit",
    "accounts.add_orgunit",
    "accounts.change_orgunit",
)


def page_of(unit: OrgUnit) -> str:
    """Address of an organisation's page."""
    return reverse("maintenance:unit", args=[unit.pk])


def indented(unit: OrgUnit) -> object:
    """The name, moved right by its depth in the tree."""
    return format_html('<span class="tree-{}">{}</span>', min(unit.depth, 6), unit.name)


class UnitFilter(django_filters.FilterSet):
    """By kind and whether in use."""

    kind = django_filters.ChoiceFilter(choices=UnitKind.choices, label=_("Kind"))
    is_active = django_filters.BooleanFilter(label=_("Active"))

    class Meta:
        model = OrgUnit
        fields = ["kind", "is_active"]


class UnitList(ListPage):
    """The tree of organisations."""

    model = OrgUnit
    permission_required = VIEW
    title = _("Organisations")
    template_name = "maintenance/list.html"
    filterset_class = UnitFilter
    search_fields = ("name", "short_name", "code")
    ordering = ("path",)
    page_size = 100
    empty_text = _("Organisations that you add appear here as a tree.")
    columns = (
        Column("name", _("Name"), link=page_of, render=indented),
        Column("kind", _("Kind"), sort=True),
        Column("code", _("Code"), sort=True),
        Column("division.label", _("Division"), sort="division"),
        Column("phone", _("Phone")),
        Column("people", _("People"), number=True),
        Column("is_active", _("State"), render=active_badge),
        Column("credit_code", _("Unified social credit code"), default=False),
    )

    def get_queryset(self) -> Any:
        rows = super().get_queryset().select_related("division")
        return rows.annotate(people=Count("members"))

    def get_breadcrumbs(self) -> list[Crumb]:
        return [SYSTEM, Crumb(self.title)]

    def get_page_actions(self) -> list[PageAction]:
        url = reverse("maintenance:unit-add")
        return [PageAction(_("Add organisation"), url, "plus", True, ADD)]


class UnitCrumbs(AdminMixin):
    """Breadcrumbs down to an organisation."""

    def get_breadcrumbs(self) -> list[Crumb]:
        above = Crumb(UnitList.title, reverse("maintenance:units"))
        last = Crumb(self.object.name if self.object else self.title)
        return [SYSTEM, above, last]


class UnitPage(UnitCrumbs, DetailPage):
    """One organisation with its people, posts and parts."""

    model = OrgUnit
    permission_required = VIEW
    template_name = "maintenance/unit.html"

    def get_page_actions(self) -> list[PageAction]:
        pk = self.object.pk
        close = _("Deactivate") if self.object.is_active else _("Activate")
        links = [
            (_("Edit"), reverse("maintenance:unit-edit", args=[pk]), "edit", CHANGE),
            (_("Move"), reverse("maintenance:unit-move", args=[pk]), "tree", CHANGE),
            (close, reverse("maintenance:unit-active", args=[pk]), "lock", CHANGE),
            (
                _("Add post"),
                reverse("maintenance:unit-post", args=[pk]),
                "user",
                CHANGE,
            ),
        ]
        found = [
            PageAction(*link[:3], permission=link[3], dialog=True) for link in links
        ]
        add = reverse("maintenance:unit-add") + f"?parent={pk}"
        return [*found, PageAction(_("Add below"), add, "plus", True, ADD)]

    def get_summary(self) -> list[tuple[Any, Any]]:
        unit = self.object
        return [
            (_("Name"), unit.name),
            (_("Short name"), unit.short_name),
            (_("Kind"), unit.get_kind_display()),
            (_("Code"), unit.code),
            (_("Division"), f"{unit.division.label} ({unit.division_id})"),
            (_("Belongs to"), unit.parent.name if unit.parent else None),
            (_("Unified social credit code"), unit.credit_code),
            (_("Phone"), unit.phone),
            (_("State"), active_badge(unit)),
        ]

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("division", "parent")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unit = self.object
        return super().get_context_data(
            parts=unit.children.order_by("path"),
            posts=unit.posts.prefetch_related("holders"),
            people=unit.members.order_by("username")[:200],
            changes=audit.history_of(unit)[:20],
            **kwargs,
        )


class UnitAdd(AdminMixin, FormPage):
    """A new organisation."""

    permission_required = ADD
    title = _("Add organisation")
    form_class = forms.NewUnitForm
    success_message = _("Organisation added.")

    def get_breadcrumbs(self) -> list[Crumb]:
        above = Crumb(UnitList.title, reverse("maintenance:units"))
        return [SYSTEM, above, Crumb(self.title)]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "admin": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        unit = self.request.user.unit
        division = unit.division_id if unit else ""
        return {"division": division, **super().get_initial()}

    def perform(self, form: Any) -> OrgUnit:
        return accounts.create_unit(by=self.request.user, **form.cleaned_data)

    def get_success_url(self, result: OrgUnit) -> str:
        return page_of(result)

    def get_cancel_url(self) -> str:
        return reverse("maintenance:units")


class UnitAction(UnitCrumbs, ActionPage):
    """A dialog about one organisation."""

    model = OrgUnit
    permission_required = CHANGE

    def get_success_url(self, result: Any) -> str:
        return page_of(self.object)

    def get_cancel_url(self) -> str:
        return page_of(self.object)


class UnitEdit(UnitAction):
    """Change what is known about an organisation."""

    title = _("Edit organisation")
    form_class = forms.UnitForm
    success_message = _("Saved.")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in accounts.UNIT_FIELDS}

    def perform(self, form: Any) -> OrgUnit:
        return accounts.change_unit(
            unit=self.object, by=self.request.user, **form.cleaned_data
        )


class UnitMove(UnitAction):
    """Hang an organisation elsewhere."""

    title = _("Move organisation")
    form_class = forms.MoveForm
    lead = _("All organisations below it move along.")
    submit_label = _("Move")
    success_message = _("Organisation moved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        more = {"unit": self.object, "admin": self.request.user}
        return {**super().get_form_kwargs(), **more}

    def perform(self, form: Any) -> OrgUnit:
        parent = form.cleaned_data["parent"]
        return accounts.move_unit(unit=self.object, parent=parent, by=self.request.user)


class UnitActive(UnitAction):
    """Take an organisation out of use, or into it again."""

    title = _("Activate or deactivate organisation")
    lead = _("An organisation can be deactivated when nobody active belongs to it.")
    submit_label = _("Confirm")
    success_message = _("Saved.")

    def perform(self, form: Any) -> OrgUnit:
        wanted = not self.object.is_active
        return services.set_unit_active(
            unit=self.object, is_active=wanted, by=self.request.user
        )


class UnitPost(UnitAction):
    """A new post in an organisation."""

    title = _("Add post")
    form_class = forms.PostForm
    success_message = _("Post added.")

    def perform(self, form: Any) -> Any:
        return accounts.create_post(
            unit=self.object, by=self.request.user, **form.cleaned_data
        )
