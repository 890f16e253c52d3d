"""Forms of the administrators' pages."""

import json
from typing import Any

from django import forms
from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext_lazy as _

from platform_core.accounts import roles as code_roles
from platform_core.accounts.enums import UnitKind
from platform_core.accounts.models import OrgUnit, Post, User
from platform_core.accounts.roles import tier_roles
from platform_core.calendars.enums import DayKind, Unit
from platform_core.regions.selectors import find_division

from . import permissions


def day_input() -> forms.DateInput:
    """A date in the form that browsers want, whatever the language."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def field_of(form: forms.Form, name: str) -> Any:
    """A field that gets its choices when the form is made."""
    return form.fields[name]


class UnitChoice(forms.ModelChoiceField):
    """Organisations as an indented tree."""

    def label_from_instance(self, obj: OrgUnit) -> str:
        return "　" * obj.depth + obj.name


class PermissionChoice(forms.ModelMultipleChoiceField):
    """Permissions in the reader's words."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj):
        return permissions.label(obj)


class PostChoice(forms.ModelMultipleChoiceField):
    """Posts with the role that comes with them."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Post) -> str:
        return f"{obj} ({code_roles.label(obj.role)})"


def role_choices() -> list[tuple[str, str]]:
    """Roles of the tier first, then this platform's own."""
    codes = [role.code for role in tier_roles()]
    own = Group.objects.exclude(name__in=codes).order_by("name")
    known = Group.objects.filter(name__in=codes).values_list("name", flat=True)
    held = set(known)
    found = [(code, code_roles.label(code)) for code in codes if code in held]
    return found + [(group.name, code_roles.label(group.name)) for group in own]


class UnitForm(forms.Form):
    """What is known about an organisation."""

    name = forms.CharField(label=_("Name"), max_length=120)
    short_name = forms.CharField(label=_("Short name"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=UnitKind.choices)
    credit_code = forms.CharField(
        label=_("Unified social credit code"), max_length=18, required=False
    )
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)


class NewUnitForm(UnitForm):
    """A new organisation with its code and place."""

    code = forms.CharField(label=_("Code"), max_length=32)
    division = forms.CharField(
        label=_("Division code"), max_length=12, help_text=_("For example 370202.")
    )
    parent = UnitChoice(OrgUnit.objects.none(), label=_("Belongs to"), required=False)
    field_order = ["parent", "code", "name", "short_name", "kind", "division"]

    def __init__(self, *args, admin: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.admin = admin
        visible = OrgUnit.objects.visible_to(admin).active().order_by("path")
        field_of(self, "parent").queryset = visible

    def clean_division(self) -> str:
        code: str = self.cleaned_data["division"]
        found = find_division(code)
        prefix = self.admin.division_prefix
        if found is None or not code.startswith(prefix):
            raise forms.ValidationError(_("No division of yours has this code."))
        return code


class MoveForm(forms.Form):
    """Where an organisation hangs."""

    parent = UnitChoice(
        OrgUnit.objects.none(), label=_("Belongs to"), required=False, empty_label="—"
    )

    def __init__(self, *args, unit: OrgUnit, admin: User, **kwargs):
        super().__init__(*args, **kwargs)
        visible = OrgUnit.objects.visible_to(admin).active().order_by("path")
        field_of(self, "parent").queryset = visible.exclude(path__startswith=unit.path)
        self.initial.setdefault("parent", unit.parent_id)


class PostForm(forms.Form):
    """A position and its role."""

    name = forms.CharField(label=_("Name"), max_length=60)
    role = forms.ChoiceField(label=_("Role"), choices=role_choices)


class PersonForm(forms.Form):
    """What is known about a person."""

    full_name = forms.CharField(label=_("Full name"), max_length=60)
    unit = UnitChoice(OrgUnit.objects.none(), label=_("Organisation"))
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    employee_no = forms.CharField(
        label=_("Employee number"), max_length=30, required=False
    )
    email = forms.EmailField(label=_("E-mail"), required=False)

    def __init__(self, *args, admin: User, **kwargs):
        super().__init__(*args, **kwargs)
        visible = OrgUnit.objects.visible_to(admin).active().order_by("path")
        field_of(self, "unit").queryset = visible


class NewPersonForm(PersonForm):
    """A new account."""

    username = forms.CharField(label=_("User name"), max_length=150)
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=role_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["username", "full_name", "unit", "phone", "employee_no", "email"]


class DutiesForm(forms.Form):
    """Posts of the person's organisation, and roles beside them."""

    posts = PostChoice(Post.objects.none(), label=_("Posts"), required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=role_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Roles of the chosen posts are added by themselves."),
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        near = Post.objects.filter(unit=user.unit) if user.unit else Post.objects.none()
        held = user.posts.all()
        field_of(self, "posts").queryset = (
            near | Post.objects.filter(pk__in=held)
        ).distinct()
        self.initial.setdefault("posts", list(held))
        self.initial.setdefault("roles", sorted(user.role_codes))


class RoleForm(forms.Form):
    """An own role."""

    name = forms.CharField(label=_("Name"), max_length=150)
    permissions = PermissionChoice(Permission.objects.none(), label=_("Permissions"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field_of(self, "permissions").queryset = permissions.offered()


class DefinitionForm(forms.Form):
    """A draft as JSON."""

    title = forms.CharField(label=_("Title"), max_length=100)
    body = forms.CharField(
        label=_("Definition"),
        widget=forms.Textarea(
            attrs={"class": "code", "rows_shown": "26", "spellcheck": "false"}
        ),
    )

    def clean_body(self):
        text = self.cleaned_data["body"]
        try:
            body = json.loads(text)
        except ValueError as error:
            raise forms.ValidationError(
                _("This is not JSON: %(problem)s") % {"problem": error}
            ) from error
        if not isinstance(body, dict):
            raise forms.ValidationError(_("A definition is a JSON object."))
        return body


class DayForm(forms.Form):
    """What a day is."""

    date = forms.DateField(label=_("Date"), widget=day_input())
    kind = forms.ChoiceField(label=_("Kind"), choices=DayKind.choices)
    name = forms.CharField(label=_("Name"), max_length=100, required=False)


class SessionsForm(forms.Form):
    """Working hours from a date on."""

    valid_from = forms.DateField(label=_("Valid from"), widget=day_input())
    spans = forms.CharField(
        label=_("Working hours"), help_text=_("For example 08:30-12:00, 13:30-17:30")
    )

    def clean_spans(self) -> list[list[str]]:
        text = self.cleaned_data["spans"].replace("，", ",").replace("–", "-")
        return [
            [part.strip() for part in span.split("-")]
            for span in text.split(",")
            if span.strip()
        ]


class LimitForm(forms.Form):
    """The platform's own time limit of a filing condition."""

    value = forms.IntegerField(label=_("Time limit"), min_value=1, max_value=9999)
    unit = forms.ChoiceField(label=_("Unit of time"), choices=Unit.choices)
    department_type = forms.CharField(label=_("Department in charge"), max_length=40)
