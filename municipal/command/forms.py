"""Forms of reports and steps."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import grades, inspectors, rules, selectors
from municipal.command.models import Case, CaseSource
from platform_core.accounts import selectors as accounts
from platform_core.calendars.deadlines import amount_text
from platform_core.classification import selectors as classification
from platform_core.classification.enums import Kind
from platform_core.common import clock

MOST_PHOTOS = 9
# Type-ahead, and the address of a picked position
GEOCODE = {"data-geocode": "/api/v1/", "data-geocode-position": "id_lon,id_lat"}
CLASS_HINT = gettext_lazy("Type a part of the name or the code to find the class")
PHOTOS_NEEDED = {"feedback", "check_pass"}


class ManyFiles(forms.ClearableFileInput):
    """Several pictures at once; a phone offers its camera."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """A list of pictures."""

    def __init__(self, **kwargs: Any) -> None:
        pick = gettext_lazy("Take or choose pictures")
        widget = ManyFiles(attrs={"accept": "image/*", "data-photos": pick})
        super().__init__(**{"widget": widget, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            raise forms.ValidationError(self.error_messages["required"])
        if len(given) > MOST_PHOTOS:
            text = _("At most %(most)d pictures.") % {"most": MOST_PHOTOS}
            raise forms.ValidationError(text)
        return [super(PhotosField, self).clean(one, initial) for one in given]


def class_choices(edition: str) -> list[Any]:
    """Classes of cases under their major classes, code and name."""
    blank: list[Any] = [("", _("Choose a class"))]
    kinds = [Kind.MATTER] if edition == "2026" else [Kind.COMPONENT, Kind.MATTER]
    return blank + [
        (
            f"{major.code} {major.label}",
            [
                (f"{kind}:{row.code}", f"{row.code} {row.label}")
                for row in major.classes
            ],
        )
        for kind in kinds
        for major in classification.tree(edition, kind)
    ]


def phrases(kind: str) -> dict[str, Any]:
    """Attributes of a text box that offers ready phrases."""
    return {
        "data-phrases": format_lazy(
            "{}?kind={}", reverse_lazy("intake:phrases-offered"), kind
        ),
        "data-phrases-label": gettext_lazy("Choose a phrase"),
    }


class ReportForm(forms.Form):
    """A report as the seat operator writes it down."""

    source = forms.ModelChoiceField(
        label=gettext_lazy("Source"), queryset=CaseSource.objects.all(), initial="03"
    )
    problem = forms.ChoiceField(label=gettext_lazy("Class"))
    description = forms.CharField(
        label=gettext_lazy("Problem description"),
        max_length=2000,
        widget=forms.Textarea(attrs=phrases("description")),
    )
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=256,
        required=False,
        help_text=gettext_lazy("Road and number, then direction and distance."),
        widget=forms.TextInput(attrs=GEOCODE),
    )
    lon = forms.FloatField(
        label=gettext_lazy("Longitude"), widget=forms.NumberInput(attrs={"step": "any"})
    )
    lat = forms.FloatField(
        label=gettext_lazy("Latitude"), widget=forms.NumberInput(attrs={"step": "any"})
    )
    reporter = forms.CharField(
        label=gettext_lazy("Reporter"), max_length=60, required=False
    )
    contact = forms.CharField(
        label=gettext_lazy("Phone of the reporter"), max_length=60, required=False
    )
    photos = PhotosField(label=gettext_lazy("Pictures"), required=False)
    is_urgent = forms.BooleanField(label=gettext_lazy("Urgent"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        edition = classification.default_edition()
        choices = class_choices(edition)
        self.fields["problem"].choices = choices  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the service is called with, pictures aside."""
        given = dict(self.cleaned_data)
        given["class_kind"], _, given["class_code"] = given.pop("problem").partition(
            ":"
        )
        given.pop("photos")
        given.pop("after", None)
        return given


class FieldReportForm(ReportForm):
    """A report from the street."""

    source = None  # type: ignore[assignment]
    reporter = contact = is_urgent = None  # type: ignore[assignment]
    self_handled = forms.BooleanField(
        label=gettext_lazy("Solved on the spot"), required=False
    )
    after = PhotosField(label=gettext_lazy("Pictures after it"), required=False)

    field_order = ("photos", "problem", "description", "address")


class StepForm(forms.Form):
    """What a step asks for: an opinion, and what `FIELDS` adds."""

    def __init__(
        self, *args: Any, case: Case, action: str, reason: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        for add in FIELDS.get(action, ()):
            add(self, action)
        self.fields["note"] = forms.CharField(
            label=_("Reason") if reason else _("Opinion"),
            required=reason,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows_shown": "3", **phrases("opinion")}),
        )

    def values(self) -> dict[str, Any]:
        """What the service is called with, pictures aside."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        if "duplicate_of" in self.fields:
            given.setdefault("duplicate_of", "")  # "No" drops a former answer
        given.pop("photos", None)
        kind, _, code = given.pop("problem", "").partition(":")
        return given | ({"class_kind": kind, "class_code": code} if code else {})


def _photos(form: StepForm, action: str) -> None:
    label = _("Pictures of the result") if action == "feedback" else _("Pictures")
    form.fields["photos"] = PhotosField(label=label, required=action in PHOTOS_NEEDED)


def _unit(form: StepForm, action: str) -> None:
    best = selectors.recommended_unit(form.case)
    form.fields["unit"] = forms.ModelChoiceField(
        label=_("Handling unit"),
        queryset=selectors.handling_units(),
        initial=best,
        help_text=_("Recommended: %(unit)s") % {"unit": best} if best else "",
    )


def _inspector(form: StepForm, action: str) -> None:
    people = accounts.users_with_role("supervisor").order_by("full_name")
    own = inspectors.find(form.case)
    form.fields["inspector"] = forms.ModelChoiceField(
        label=_("Inspector"), queryset=people, initial=own
    )


def _condition(form: StepForm, action: str) -> None:
    rows, grade = selectors.conditions(form.case), grades.grade_of(form.case)
    numbers = list(dict.fromkeys(row.number for row in rows))
    limits = [grades.limit_of(rows, number, grade) for number in numbers]
    form.fields["condition"] = forms.ChoiceField(
        label=_("Filing condition"),
        choices=[
            (
                row.number,
                f"{row.number} {row.filing_condition}"
                f"（{amount_text(value, row.limit_unit)}）",
            )
            for row, value in filter(None, limits)
        ],
        initial=form.case.condition or (numbers[0] if numbers else ""),
        help_text=_("The area has grade %(grade)s.") % {"grade": grade}
        if grade
        else "",
        widget=forms.RadioSelect,
    )


def _correction(form: StepForm, action: str) -> None:
    case = form.case
    form.fields["problem"] = forms.ChoiceField(
        label=_("Class"),
        choices=class_choices(case.edition),
        initial=f"{case.class_kind}:{case.class_code}",
        widget=forms.Select(attrs={"data-class-find": CLASS_HINT}),
    )
    form.fields["address"] = forms.CharField(
        label=_("Address"), max_length=256, required=False, initial=case.address
    )
    for name, label in (("lon", _("Longitude")), ("lat", _("Latitude"))):
        form.fields[name] = forms.FloatField(
            label=label,
            required=False,
            initial=getattr(case, name),
            widget=forms.NumberInput(attrs={"step": "any"}),
        )
    form.fields["component_code"] = forms.CharField(
        label=_("Component code"),
        max_length=17,
        required=False,
        initial=case.component_code,
    )
    if case.source.is_public:
        form.fields["is_missed"] = forms.BooleanField(
            label=_("The inspector of the grid ought to have seen it"),
            required=False,
            initial=case.is_missed,
        )


def _until(form: StepForm, action: str) -> None:
    days = 30 if action == "approve_suspend" else 3
    form.fields["until"] = forms.DateField(
        label=_("Until"),
        initial=clock.today() + timedelta(days=days),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _extension(form: StepForm, action: str) -> None:
    case = form.case
    most = (case.limit_value or 1) * rules.current().extension_share
    form.fields["value"] = forms.FloatField(
        label=_("Extend by"),
        min_value=0.5,
        max_value=most,
        initial=most,
        help_text=_("At most %(limit)s.")
        % {"limit": amount_text(most, case.limit_unit)},
    )


def _suggested(form: StepForm, action: str) -> None:
    form.fields["unit"] = forms.ModelChoiceField(
        label=_("Whose business it is"),
        queryset=selectors.handling_units(),
        required=False,
    )


def _duplicate(form: StepForm, action: str) -> None:
    near = selectors.similar_to(form.case)
    if near:
        form.fields["duplicate_of"] = forms.ChoiceField(
            label=_("Repeats the case"),
            required=False,
            choices=[
                ("", _("No")),
                *((row.number, f"{row.number} {row.title}") for row in near),
            ],
        )


Adder = Callable[[StepForm, str], None]
FIELDS: dict[str, tuple[Adder, ...]] = {
    "accept": (_correction,),
    "refuse": (_duplicate,),
    "refuse_file": (_duplicate,),
    "cancel": (_duplicate,),
    "send_verify": (_inspector,),
    "send_check": (_inspector,),
    "verify_true": (_photos,),
    "verify_false": (_photos,),
    "check_pass": (_photos,),
    "check_fail": (_photos,),
    "file": (_condition,),
    "dispatch": (_unit,),
    "redispatch": (_unit,),
    "return": (_suggested, _photos),
    "feedback": (_photos,),
    "apply_extend": (_extension,),
    "approve_suspend": (_until,),
    "approve_defer": (_until,),
}


def extend(action: str, add: Adder) -> None:
    """Have a step ask for more; what is given goes along with the step."""
    if add not in FIELDS.get(action, ()):
        FIELDS[action] = (*FIELDS.get(action, ()), add)
