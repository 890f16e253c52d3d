"""Forms of the rules of case handling."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.enums import Grade
from platform_core.accounts import roles
from platform_core.accounts.roles import tier_roles
from platform_core.calendars.enums import Unit
from platform_core.regions import selectors as regions
from platform_core.regions.enums import Level

from .rules import ALWAYS, ANEW, CONTINUED, FREE, WITH_REASON

CLOCKS = (
    (ANEW, gettext_lazy("starts anew")),
    (CONTINUED, gettext_lazy("runs on")),
)
VERIFICATION = (
    (FREE, gettext_lazy("left to the seat operator")),
    (WITH_REASON, gettext_lazy("on site, or a stated reason")),
    (ALWAYS, gettext_lazy("always on site")),
)


def role_choices() -> list[tuple[str, Any]]:
    """The posts that decide on requests."""
    return [
        (role.code, role.name)
        for role in tier_roles("municipal")
        if "command.decide_request" in role.permissions
    ]


class RulesForm(forms.Form):
    """All rules; the service checks them against their schema once more."""

    yellow_from = forms.FloatField(
        label=gettext_lazy("Yellow from this share of the time used"),
        min_value=0.01,
        max_value=1,
        help_text=gettext_lazy("0.5 means half of the time."),
    )
    red_from = forms.FloatField(
        label=gettext_lazy("Red from this share of the time used"),
        min_value=0.01,
        max_value=1,
    )
    return_most = forms.IntegerField(
        label=gettext_lazy("Returns per case, at most"), min_value=0, max_value=20
    )
    return_value = forms.FloatField(
        label=gettext_lazy("Time to ask for a return"), min_value=0.1, max_value=1000
    )
    return_unit = forms.ChoiceField(
        label=gettext_lazy("Unit of this time"), choices=Unit.choices
    )
    extension_most = forms.IntegerField(
        label=gettext_lazy("Extensions per case, at most"), min_value=0, max_value=20
    )
    extension_share = forms.FloatField(
        label=gettext_lazy("An extension, at most this many times the limit"),
        min_value=0.1,
        max_value=5,
    )
    suspend_days = forms.IntegerField(
        label=gettext_lazy("Longest suspension in days"), min_value=1, max_value=3650
    )
    defer_days = forms.IntegerField(
        label=gettext_lazy("Longest deferral in days"), min_value=1, max_value=365
    )
    rework_clock = forms.ChoiceField(
        label=gettext_lazy("At rework the clock"), choices=CLOCKS
    )
    redispatch_clock = forms.ChoiceField(
        label=gettext_lazy("At a new dispatch the clock"), choices=CLOCKS
    )
    graded = forms.BooleanField(
        label=gettext_lazy("Limits by the grade of the area"), required=False
    )
    reopen_days = forms.IntegerField(
        label=gettext_lazy("Days in which a closed case can be taken up again"),
        min_value=1,
        max_value=365,
    )
    reopen_most = forms.IntegerField(
        label=gettext_lazy("Reopenings, at most"), min_value=0, max_value=20
    )
    reopen_role = forms.ChoiceField(label=gettext_lazy("Who decides on reopening"))
    duplicate_metres = forms.FloatField(
        label=gettext_lazy("Repeated reports lie within this many metres"),
        min_value=1,
        max_value=1000,
    )
    skip_check = forms.BooleanField(
        label=gettext_lazy("Pictures may prove a result without a check on site"),
        required=False,
    )
    verification = forms.ChoiceField(
        label=gettext_lazy("Public reports are verified"), choices=VERIFICATION
    )
    note = forms.CharField(
        label=gettext_lazy("What was changed"), max_length=200, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reopen_role"].choices = role_choices()  # type: ignore[attr-defined]


def labels() -> dict[str, str | Promise]:
    """The rules by name, in the order of the form."""
    fields = RulesForm.base_fields.items()
    return {name: field.label or name for name, field in fields if name != "note"}


def shown(name: str, value: Any) -> str:
    """A rule's value in words."""
    words = {
        "rework_clock": CLOCKS,
        "redispatch_clock": CLOCKS,
        "verification": VERIFICATION,
        "return_unit": Unit.choices,
    }
    if name == "reopen_role":
        return roles.label(str(value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name in words:
        return str(dict(words[name]).get(value, value))
    return "—" if value is None else f"{value:g}"


class GradeForm(forms.Form):
    """An area and its grade."""

    code = forms.ChoiceField(label=gettext_lazy("District, street or community"))
    grade = forms.ChoiceField(label=gettext_lazy("Grade"), choices=Grade.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = regions.own_division().code
        levels = (Level.COUNTY, Level.STREET, Level.COMMUNITY)
        rows = [row for level in levels for row in regions.inside(own, level)]
        rows.sort(key=lambda row: row.code)
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            (row.code, f"{row.code} {row.label}") for row in rows
        ]
