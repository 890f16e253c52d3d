"""Forms of collaborative work."""

from datetime import timedelta
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import selectors
from municipal.command.forms import PhotosField
from municipal.command.models import Case
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import OrgUnit, User
from platform_core.classification.enums import Kind
from platform_core.common import clock

from . import mains
from .enums import BatchAction, MeetingKind, NoticeLevel
from .models import DepartmentType, DutyRule
from .services.pressure import Task

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
FOLLOW_UPS = 3
# What is typed draws the cases to choose from again.
MAINS_FOLLOW = {
    "type": "search",
    "autocomplete": "off",
    "hx-trigger": "input changed delay:300ms, change",
    "hx-target": "#id_main",
    "hx-swap": "outerHTML",
}


def moment_input() -> forms.DateTimeInput:
    """A picker of date and time."""
    return forms.DateTimeInput(
        attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
    )


def area(label: Any, *, required: bool = True, most: int = 2000) -> forms.CharField:
    """A few lines of text."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows_shown": "3"}),
    )


def units_under(user: User) -> Any:
    """The user's unit and those below it."""
    return OrgUnit.objects.filter(path__startswith=user.unit_path, is_active=True)


class ReasonForm(forms.Form):
    """Why."""

    reason = area(gettext_lazy("Reason"), most=500)


class TextForm(forms.Form):
    """What is said."""

    text = area(gettext_lazy("Text"))


class ShapeField(forms.JSONField):
    """A GeoJSON geometry; nothing is shown as nothing."""

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else super().prepare_value(value)


class RuleForm(forms.ModelForm):
    """A rule of duty."""

    geometry = ShapeField(
        label=gettext_lazy("Drawn area"),
        required=False,
        help_text=gettext_lazy("A GeoJSON polygon, only for a drawn area."),
        widget=forms.Textarea(attrs={"rows_shown": "3"}),
    )

    class Meta:
        model = DutyRule
        fields = (
            "class_kind",
            "class_prefix",
            "place_kind",
            "place_code",
            "geometry",
            "owner",
            "unit",
            "priority",
            "valid_from",
            "valid_to",
            "note",
        )
        widgets = {"valid_from": DAY, "valid_to": DAY}
        help_texts = {
            "class_prefix": gettext_lazy("A class, its first digits, or nothing."),
            "priority": gettext_lazy("The higher one wins."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = OrgUnit.objects.filter(is_active=True)
        self.fields["owner"].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].queryset = selectors.handling_units()  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = clock.today()

    def validate_constraints(self) -> None:
        """The service says what is wrong beside the field; a constraint cannot."""


class ImportForm(forms.Form):
    """A table of rules."""

    table = forms.FileField(
        label=gettext_lazy("Table (xlsx or csv)"),
        help_text=gettext_lazy("With the columns of the export."),
    )


class DepartmentTypeForm(forms.ModelForm):
    """Which unit a department type means."""

    class Meta:
        model = DepartmentType
        fields = ("name", "division_code", "unit")


class AutoForm(forms.Form):
    """The switch of a class."""

    class_kind = forms.ChoiceField(
        label=gettext_lazy("Class kind"), choices=Kind.choices, initial="matter"
    )
    class_code = forms.RegexField(
        r"^\d{4,6}$", label=gettext_lazy("Class code"), max_length=6
    )
    least = forms.FloatField(
        label=gettext_lazy("Least confidence"),
        min_value=0.5,
        max_value=1,
        initial=0.9,
        help_text=gettext_lazy("From 0.5 to 1; below it a dispatcher decides."),
    )
    is_on = forms.BooleanField(
        label=gettext_lazy("Dispatched by the platform"), required=False, initial=True
    )


class InvolveForm(forms.Form):
    """Units that assist."""

    units = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Units that assist"),
        queryset=OrgUnit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    task = area(gettext_lazy("What to do"), required=False, most=500)
    deadline = forms.DateTimeField(
        label=gettext_lazy("Deadline"), required=False, widget=moment_input()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = selectors.handling_units()  # type: ignore[attr-defined]


class TeamForm(forms.Form):
    """A team or person inside the unit."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("Team"), queryset=OrgUnit.objects.none()
    )
    person = forms.ModelChoiceField(
        label=gettext_lazy("Person"), queryset=User.objects.none(), required=False
    )
    task = area(gettext_lazy("What to do"), required=False, most=500)
    deadline = forms.DateTimeField(
        label=gettext_lazy("Deadline"), required=False, widget=moment_input()
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_under(user)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].initial = user.unit
        people = User.objects.filter(unit__in=units, is_active=True)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class StageForm(forms.Form):
    """What was done on the way."""

    text = area(gettext_lazy("What was done"))
    cost = forms.DecimalField(
        label=gettext_lazy("Cost in yuan"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        required=False,
    )
    photos = PhotosField(label=gettext_lazy("Pictures"), required=False)


class AnswerForm(StageForm):
    """The result of a part."""

    text = None  # type: ignore[assignment]
    result = area(gettext_lazy("Result"))
    field_order = ("result", "cost", "photos")


class SuperviseForm(forms.Form):
    """A supervision notice."""

    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=NoticeLevel.choices)
    requirement = area(gettext_lazy("Requirement"))
    due = forms.DateTimeField(label=gettext_lazy("Answer until"), widget=moment_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due"].initial = timezone.localtime(
            clock.now() + timedelta(days=1)
        ).replace(second=0, microsecond=0)


class JudgeForm(forms.Form):
    """Whether an answer is enough."""

    satisfied = forms.TypedChoiceField(
        label=gettext_lazy("Judgement"),
        choices=(
            ("yes", gettext_lazy("Enough, release")),
            ("no", gettext_lazy("Not enough, ask again")),
        ),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = area(gettext_lazy("Opinion"), required=False)


class MeetingForm(forms.Form):
    """The record of a meeting with what follows."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of meeting"), choices=MeetingKind.choices
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    held_at = forms.DateTimeField(label=gettext_lazy("Held at"), widget=moment_input())
    venue = forms.CharField(label=gettext_lazy("Venue"), max_length=120, required=False)
    host = forms.CharField(label=gettext_lazy("Chair"), max_length=60, required=False)
    units = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Units taking part"),
        queryset=OrgUnit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    people = forms.CharField(
        label=gettext_lazy("People taking part"), max_length=500, required=False
    )
    conclusions = area(gettext_lazy("Conclusions"), most=4000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = OrgUnit.objects.filter(is_active=True)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]
        self.fields["held_at"].initial = timezone.localtime(clock.now()).replace(
            second=0, microsecond=0
        )
        for number in range(1, FOLLOW_UPS + 1):
            self.fields[f"task_{number}"] = forms.CharField(
                label=_("Follow-up %(number)d") % {"number": number},
                max_length=500,
                required=False,
            )
            self.fields[f"unit_{number}"] = forms.ModelChoiceField(
                label=_("by the unit"), queryset=units, required=False
            )
            self.fields[f"due_{number}"] = forms.DateField(
                label=_("until the day"), required=False, widget=DAY
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for number in range(1, FOLLOW_UPS + 1):
            if given.get(f"task_{number}") and not given.get(f"unit_{number}"):
                self.add_error(f"unit_{number}", _("Choose the unit."))
        return given

    def values(self) -> dict[str, Any]:
        """What the service is called with."""
        given = dict(self.cleaned_data)
        tasks = []
        for number in range(1, FOLLOW_UPS + 1):
            task, unit, due = (
                given.pop(f"{name}_{number}") for name in ("task", "unit", "due")
            )
            if task:
                tasks.append(Task(unit, task, due))
        return {**given, "follow_ups": tasks}


class ResultForm(forms.Form):
    """What came of it."""

    result = area(gettext_lazy("Result"), most=500)


class MergeForm(forms.Form):
    """The main case, chosen among similar ones or those a search finds."""

    search = forms.CharField(
        label=gettext_lazy("Search for the main case"),
        required=False,
        max_length=60,
        help_text=gettext_lazy(
            "By number, class, place or description; similar cases come first."
        ),
        widget=forms.TextInput(attrs=MAINS_FOLLOW),
    )
    main = forms.ModelChoiceField(
        label=gettext_lazy("Main case"),
        queryset=Case.objects.none(),
        to_field_name="number",
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Only open cases of the same district and kind."),
        error_messages={"invalid_choice": gettext_lazy("There is no such case.")},
    )
    reason = area(gettext_lazy("Reason"), required=False, most=500)

    def __init__(self, *args: Any, case: Case, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = reverse("collaboration:merge", args=[case.uid])
        self.fields["search"].widget.attrs["hx-get"] = here
        given = self.data if self.is_bound else self.initial
        chosen = str(given.get("main", ""))
        rows = mains.candidates(case, user, str(given.get("search", "")), chosen)
        field: Any = self.fields["main"]
        field.queryset = Case.objects.visible_to(user)
        field.widget.choices = [(row.number, mains.words(row, case)) for row in rows]


class BatchForm(forms.Form):
    """What a batch needs to know."""

    def __init__(
        self, *args: Any, action: str, numbers: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if action == BatchAction.DISPATCH:
            self.fields["unit"] = forms.ModelChoiceField(
                label=_("Unit in charge"),
                queryset=selectors.handling_units(),
                required=False,
                empty_label=_("The recommended unit of each case"),
            )
        if action == BatchAction.SUPERVISE:
            self.fields["level"] = forms.ChoiceField(
                label=_("Level"), choices=NoticeLevel.choices
            )
            self.fields["hours"] = forms.IntegerField(
                label=_("Answer within hours"), min_value=1, max_value=720, initial=24
            )
        if action == BatchAction.MERGE:
            self.fields["main"] = forms.ChoiceField(
                label=_("Main case"), choices=[(row, row) for row in numbers]
            )
        needed = action == BatchAction.SUPERVISE
        label = _("Requirement") if needed else _("Opinion")
        self.fields["note"] = area(label, required=needed)

    def values(self) -> dict[str, Any]:
        """What is kept with the batch: plain values only."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        unit = given.pop("unit", None)
        return given | ({"unit": unit.pk} if unit else {})


class InsideForm(forms.Form):
    """A unit inside the district."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("Unit inside"), queryset=OrgUnit.objects.none()
    )
    task = area(gettext_lazy("What to do"), required=False, most=500)
    deadline = forms.DateTimeField(
        label=gettext_lazy("Deadline"), required=False, widget=moment_input()
    )

    def __init__(self, *args: Any, platform: OrgUnit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = OrgUnit.objects.filter(path__startswith=platform.path, is_active=True)
        self.fields["unit"].queryset = inside.exclude(pk=platform.pk)  # type: ignore[attr-defined]


class PassForm(forms.Form):
    """The result for the city."""

    note = area(gettext_lazy("Result"))
    inspector = forms.ModelChoiceField(
        label=gettext_lazy("Own inspector"),
        queryset=User.objects.none(),
        required=False,
    )
    photos = PhotosField(
        label=gettext_lazy("Pictures"),
        required=False,
        help_text=gettext_lazy("Without any, those of the unit are handed on."),
    )

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not row.platform.delegated_check:
            del self.fields["inspector"]
            return
        people = accounts.users_with_role(
            "supervisor", division_prefix=row.platform.unit.division_id
        )
        self.fields["inspector"].queryset = people  # type: ignore[attr-defined]


class PlatformForm(forms.Form):
    """A second-level platform."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("Unit in charge"), queryset=OrgUnit.objects.none()
    )
    delegated_check = forms.BooleanField(
        label=gettext_lazy("Checks by delegation"), required=False
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("In force"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = OrgUnit.objects.filter(  # type: ignore[attr-defined]
            is_active=True, kind__in=("district", "centre", "street")
        )
