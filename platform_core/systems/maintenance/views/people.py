"""People: list, page, forms, one-time passwords."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.accounts.models import OrgUnit, User
from platform_core.audit import selectors as audit
from platform_core.systems.maintenance import forms, services
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
)

from .common import SYSTEM, AdminMixin, role_names

VIEW, ADD, CHANGE = (
    "accounts.view_user",
    "accounts.add_user",
    "accounts.change_user",
)


def page_of(user: User) -> str:
    """Address of a person's page."""
    return reverse("maintenance:person", args=[user.pk])


def held_roles(user: User) -> str:
    """The roles of a person as text."""
    return role_names(list(user.groups.all()))


def account_badge(user: User) -> object:
    """Whether one can sign in."""
    if user.is_active:
        return components.status(_("Active"), "green")
    return components.status(_("Locked"), "red")


def visible_units(request: Any) -> QuerySet[OrgUnit]:
    """Organisations to choose from."""
    return OrgUnit.objects.visible_to(request.user).order_by("path")


class UnitFilter(django_filters.ModelChoiceFilter):
    """An organisation and all below it."""

    field_class = forms.UnitChoice

    def filter(self, rows: QuerySet[Any], value: OrgUnit | None) -> QuerySet[Any]:
        return rows.filter(unit__path__startswith=value.path) if value else rows


class PersonFilter(django_filters.FilterSet):
    """By organisation, role and state."""

    unit = UnitFilter(queryset=visible_units, label=_("Organisation"))
    role = django_filters.ChoiceFilter(
        choices=forms.role_choices, field_name="groups__name", label=_("Role")
    )
    is_active = django_filters.BooleanFilter(label=_("Active"))

    class Meta:
        model = User
        fields = ["unit", "role", "is_active"]


class PersonList(ListPage):
    """People of the user's divisions."""

    model = User
    permission_required = VIEW
    title = _("People")
    filterset_class = PersonFilter
    search_fields = ("username", "full_name", "phone", "employee_no")
    search_hint = _("Name, user name, phone")
    ordering = ("unit__path", "username")
    empty_text = _("People with an account appear here.")
    columns = (
        Column("full_name", _("Full name"), sort=True, link=page_of),
        Column("username", _("User name"), sort=True),
        Column("unit.name", _("Organisation"), sort="unit__path"),
        Column("roles", _("Roles"), render=held_roles, export=held_roles),
        Column("phone", _("Phone")),
        Column("employee_no", _("Employee number"), default=False),
        Column("last_login", _("Last sign-in"), sort=True),
        Column("is_active", _("State"), render=account_badge),
    )

    def get_queryset(self) -> Any:
        return super().get_queryset().prefetch_related("groups")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [SYSTEM, Crumb(self.title)]

    def get_page_actions(self) -> list[PageAction]:
        url = reverse("maintenance:person-add")
        return [PageAction(_("Add person"), url, "plus", True, ADD)]


class PersonCrumbs(AdminMixin):
    """Breadcrumbs down to a person."""

    def get_breadcrumbs(self) -> list[Crumb]:
        above = Crumb(PersonList.title, reverse("maintenance:people"))
        return [SYSTEM, above, Crumb(str(self.object) if self.object else self.title)]


class PersonPage(PersonCrumbs, DetailPage):
    """One person."""

    model = User
    permission_required = VIEW
    template_name = "maintenance/person.html"

    def get_page_actions(self) -> list[PageAction]:
        pk = self.object.pk
        lock = _("Lock") if self.object.is_active else _("Unlock")
        links = [
            (_("Edit"), reverse("maintenance:person-edit", args=[pk]), "edit"),
            (
                _("Posts and roles"),
                reverse("maintenance:person-duties", args=[pk]),
                "shield",
            ),
            (lock, reverse("maintenance:person-active", args=[pk]), "lock"),
        ]
        found = [PageAction(*link, permission=CHANGE, dialog=True) for link in links]
        url = reverse("maintenance:person-password", args=[pk])
        return [*found, PageAction(_("Reset password"), url, permission=CHANGE)]

    def get_summary(self) -> list[tuple[Any, Any]]:
        user = self.object
        return [
            (_("Full name"), user.full_name),
            (_("User name"), user.username),
            (_("Organisation"), user.unit.name if user.unit else None),
            (_("Employee number"), user.employee_no),
            (_("Phone"), user.phone),
            (_("E-mail"), user.email),
            (_("State"), account_badge(user)),
            (_("Last sign-in"), user.last_login),
            (_("Must change the password"), user.must_change_password),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.object
        return super().get_context_data(
            posts=user.posts.select_related("unit"),
            roles=held_roles(user),
            changes=audit.history_of(user)[:20],
            **kwargs,
        )


class PasswordOnce(AdminMixin):
    """Shows a new password, once; it is stored nowhere in the clear."""

    def show_password(self, user: User, password: str) -> HttpResponse:
        context = {
            **self.page_context(),
            "person": user,
            "password": password,
            "person_url": page_of(user),
        }
        response = render(self.request, "maintenance/password.html", context)
        response["Cache-Control"] = "no-store"
        return response


class PersonAdd(PasswordOnce, FormPage):
    """A new account."""

    permission_required = ADD
    title = _("Add person")
    form_class = forms.NewPersonForm

    def get_breadcrumbs(self) -> list[Crumb]:
        above = Crumb(PersonList.title, reverse("maintenance:people"))
        return [SYSTEM, above, Crumb(self.title)]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "admin": self.request.user}

    def perform(self, form: Any) -> HttpResponseBase:
        user, password = services.add_person(by=self.request.user, **form.cleaned_data)
        return self.show_password(user, password)

    def get_cancel_url(self) -> str:
        return reverse("maintenance:people")


class PersonAction(PersonCrumbs, ActionPage):
    """A dialog about one person."""

    model = User
    permission_required = CHANGE

    def get_success_url(self, result: Any) -> str:
        return page_of(self.object)

    def get_cancel_url(self) -> str:
        return page_of(self.object)


class PersonEdit(PersonAction):
    """Change a person's record."""

    title = _("Edit person")
    form_class = forms.PersonForm
    success_message = _("Saved.")

    def get_initial(self) -> dict[str, Any]:
        names = ("full_name", "unit", "phone", "employee_no", "email")
        return {name: getattr(self.object, name) for name in names}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "admin": self.request.user}

    def perform(self, form: Any) -> User:
        return services.change_person(
            user=self.object, by=self.request.user, **form.cleaned_data
        )


class PersonDuties(PersonAction):
    """Posts and roles of a person."""

    title = _("Posts and roles")
    form_class = forms.DutiesForm
    success_message = _("Effective with the next request of this person.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.object}

    def perform(self, form: Any) -> User:
        return services.give_duties(
            user=self.object, by=self.request.user, **form.cleaned_data
        )


class PersonActive(PersonAction):
    """Lock an account, or open it again."""

    title = _("Lock or unlock account")
    lead = _("A locked person cannot sign in; tokens end at once.")
    submit_label = _("Confirm")
    success_message = _("Saved.")

    def perform(self, form: Any) -> User:
        return services.set_active(
            user=self.object, is_active=not self.object.is_active, by=self.request.user
        )


class PersonPassword(PasswordOnce, PersonAction):
    """A new one-time password."""

    title = _("Reset password")
    lead = _("The old password and all tokens end. The new one is shown once.")
    submit_label = _("Reset password")

    def perform(self, form: Any) -> HttpResponseBase:
        password = services.reset_password(user=self.object, by=self.request.user)
        return self.show_password(self.object, password)
