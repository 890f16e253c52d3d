"""Roles: those of the platform, and own ones."""

from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.accounts import roles as code_roles
from platform_core.accounts.models import User
from platform_core.audit import selectors as audit
from platform_core.systems.maintenance import forms, permissions, services
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

from .common import SYSTEM, AdminMixin

VIEW, CHANGE = "accounts.view_user", "accounts.change_user"


def page_of(group: Group) -> str:
    """Address of a role's page."""
    return reverse("maintenance:role", args=[group.pk])


def name_of(group: Group) -> str:
    """Name of a role for people."""
    return code_roles.label(group.name)


def origin_badge(group: Group) -> object:
    """Whether the role came with the platform."""
    if services.is_code_role(group):
        return components.status(_("Built in"), "blue")
    return components.status(_("Own"), "green")


class RoleList(ListPage):
    """All roles; they belong to the whole platform."""

    model = Group
    scoped = False
    permission_required = VIEW
    title = _("Roles")
    search_fields = ("name",)
    ordering = ("pk",)
    columns = (
        Column("name", _("Name"), link=page_of, render=name_of, export=name_of),
        Column("name_code", _("Code"), render=lambda row: row.name),
        Column("origin", _("Kind"), render=origin_badge, export=services.is_code_role),
        Column("people", _("People"), number=True),
        Column("rights", _("Permissions"), number=True),
    )

    def get_queryset(self) -> Any:
        people = Count("user", distinct=True)
        rights = Count("permissions", distinct=True)
        return super().get_queryset().annotate(people=people, rights=rights)

    def get_breadcrumbs(self) -> list[Crumb]:
        return [SYSTEM, Crumb(self.title)]

    def get_page_actions(self) -> list[PageAction]:
        url = reverse("maintenance:role-add")
        return [PageAction(_("Add role"), url, "plus", True, CHANGE)]


class RoleCrumbs(AdminMixin):
    """Breadcrumbs down to a role."""

    def get_breadcrumbs(self) -> list[Crumb]:
        above = Crumb(RoleList.title, reverse("maintenance:roles"))
        last = name_of(self.object) if self.object else self.title
        return [SYSTEM, above, Crumb(last)]


class RolePage(RoleCrumbs, DetailPage):
    """One role: what it allows and who holds it."""

    model = Group
    scoped = False
    permission_required = VIEW
    template_name = "maintenance/role.html"

    def get_title(self) -> str:
        return name_of(self.object)

    def get_page_actions(self) -> list[PageAction]:
        if services.is_code_role(self.object):
            return []
        pk = self.object.pk
        edit = reverse("maintenance:role-edit", args=[pk])
        remove = reverse("maintenance:role-remove", args=[pk])
        return [
            PageAction(_("Edit"), edit, "edit", permission=CHANGE),
            PageAction(_("Delete"), remove, "trash", permission=CHANGE, dialog=True),
        ]

    def get_summary(self) -> list[tuple[Any, Any]]:
        found = code_roles.find_role(self.object.name)
        return [
            (_("Code"), self.object.name),
            (_("Kind"), origin_badge(self.object)),
            (_("Description"), str(found.description) if found else ""),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        group = self.object
        rights = group.permissions.select_related("content_type").order_by(
            "content_type__app_label", "codename"
        )
        people = User.objects.visible_to(self.request.user).filter(groups=group)
        return super().get_context_data(
            parts=permissions.by_part(rights),
            people=people.order_by("username")[:200],
            changes=audit.history_of(group)[:20],
            **kwargs,
        )


class RoleAdd(AdminMixin, FormPage):
    """A new own role."""

    permission_required = CHANGE
    title = _("Add role")
    form_class = forms.RoleForm
    lead = _("A role groups permissions; give it to people on their pages.")

    def get_breadcrumbs(self) -> list[Crumb]:
        above = Crumb(RoleList.title, reverse("maintenance:roles"))
        return [SYSTEM, above, Crumb(self.title)]

    def perform(self, form: Any) -> Group:
        return services.save_role(by=self.request.user, **form.cleaned_data)

    def get_success_url(self, result: Group) -> str:
        return page_of(result)

    def get_cancel_url(self) -> str:
        return reverse("maintenance:roles")


class RoleAction(RoleCrumbs, ActionPage):
    """A form about one role."""

    model = Group
    scoped = False
    permission_required = CHANGE

    def get_cancel_url(self) -> str:
        return page_of(self.object)


class RoleEdit(RoleAction):
    """Change an own role."""

    title = _("Edit role")
    form_class = forms.RoleForm
    success_message = _("Saved.")

    def get_initial(self) -> dict[str, Any]:
        rights = list(self.object.permissions.all())
        return {"name": self.object.name, "permissions": rights}

    def perform(self, form: Any) -> Group:
        return services.save_role(
            group=self.object, by=self.request.user, **form.cleaned_data
        )

    def get_success_url(self, result: Group) -> str:
        return page_of(result)


class RoleRemove(RoleAction):
    """Delete an own role."""

    title = _("Delete role")
    lead = _("A role can be deleted when nobody holds it.")
    submit_label = _("Delete")
    submit_level = "danger"
    success_message = _("Role deleted.")

    def perform(self, form: Any) -> None:
        services.remove_role(group=self.object, by=self.request.user)

    def get_success_url(self, result: Any) -> str:
        return reverse("maintenance:roles")
