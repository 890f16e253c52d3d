"""Forms of the centre's duty."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipal.command.centre.desk_enums import LogKind, Post
from municipal.command.centre.models import Contact, DeskDuty, DeskShift
from platform_core.accounts.models import User
from platform_core.common import clock

from . import selectors

TIME = forms.TimeInput(attrs={"type": "time"})
NOW, WEEK = "now", "week"


class ShiftForm(forms.ModelForm):
    """A shift."""

    class Meta:
        model = DeskShift
        fields = ("name", "begins", "ends", "days", "needed", "is_active")
        widgets = {"begins": TIME, "ends": TIME}


def day_field(label: Any) -> forms.DateField:
    """A day, picked from a calendar."""
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%Y-%m-%d"), initial=clock.today
    )


class PlanForm(forms.Form):
    """One person, one shift, one day."""

    day = day_field(_("Day"))
    shift = forms.ModelChoiceField(
        label=_("Shift"), queryset=DeskShift.objects.filter(is_active=True)
    )
    person = forms.ModelChoiceField(
        label=pgettext_lazy("duty", "Person"), queryset=User.objects.none()
    )
    post = forms.ChoiceField(
        label=_("On duty as"), choices=Post.choices, initial=Post.OFFICER
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = selectors.duty_people()  # type: ignore[attr-defined]


class FillForm(forms.Form):
    """People in turn for a period."""

    shift = forms.ModelChoiceField(
        label=_("Shift"), queryset=DeskShift.objects.filter(is_active=True)
    )
    first = day_field(_("First day"))
    last = day_field(_("Last day"))
    post = forms.ChoiceField(
        label=_("On duty as"), choices=Post.choices, initial=Post.OFFICER
    )
    people = forms.ModelMultipleChoiceField(
        label=_("People, in turn"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = selectors.duty_people()  # type: ignore[attr-defined]


class CopyForm(forms.Form):
    """A week like another."""

    source = day_field(_("A day of the week to copy"))
    target = day_field(_("A day of the week to fill"))


class SwapForm(forms.Form):
    """Who takes a duty, and what is taken in return."""

    other = forms.ModelChoiceField(
        label=_("Who takes it"), queryset=User.objects.none()
    )
    other_duty = forms.ModelChoiceField(
        label=_("Duty taken in return"),
        queryset=DeskDuty.objects.none(),
        required=False,
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = selectors.duty_people().exclude(pk=user.pk)
        coming = DeskDuty.objects.filter(begins_at__gt=clock.now()).exclude(person=user)
        self.fields["other"].queryset = people  # type: ignore[attr-defined]
        self.fields["other_duty"].queryset = coming.select_related(  # type: ignore[attr-defined]
            "shift", "person"
        )


class HandoverForm(forms.Form):
    """What is handed over; one line for each thing to be seen to."""

    shift = forms.ModelChoiceField(label=_("Shift"), queryset=DeskShift.objects.all())
    day = day_field(_("Day"))
    summary = forms.CharField(
        label=_("What happened"), max_length=2000, widget=forms.Textarea
    )
    items = forms.CharField(
        label=_("To be seen to"),
        required=False,
        max_length=2000,
        widget=forms.Textarea,
        help_text=_("One line each. What is still open is handed on by itself."),
    )

    def clean_items(self) -> list[str]:
        lines = self.cleaned_data["items"].splitlines()
        return [line.strip() for line in lines if line.strip()]


class RemarkForm(forms.Form):
    """A remark, if any."""

    remark = forms.CharField(label=_("Remark"), required=False, max_length=300)


class ResultForm(forms.Form):
    """What came of it."""

    result = forms.CharField(label=_("Result"), max_length=300)


class AnswerForm(forms.Form):
    """Why not."""

    answer = forms.CharField(label=_("Reason"), max_length=200)


class LogForm(forms.Form):
    """An entry of the duty log; without a time it is now."""

    kind = forms.ChoiceField(label=_("Kind"), choices=LogKind.choices)
    text = forms.CharField(
        label=_("What happened"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows_shown": "3"}),
    )
    at = forms.DateTimeField(
        label=_("Happened at"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M"),
    )


class ContactForm(forms.ModelForm):
    """An entry of the contact book."""

    class Meta:
        model = Contact
        fields = (
            "name",
            "group",
            "unit_name",
            "position",
            "phone",
            "mobile",
            "email",
            "note",
            "is_active",
        )
        labels = {"unit_name": pgettext_lazy("contact", "Unit")}


class TableForm(forms.Form):
    """A table to take in."""

    table = forms.FileField(label=_("Table (xlsx or csv)"))


class NoticeForm(forms.Form):
    """Something said to who is on duty."""

    title = forms.CharField(label=_("Title"), max_length=100)
    text = forms.CharField(label=_("Text"), max_length=2000, widget=forms.Textarea)
    to = forms.ChoiceField(
        label=_("Goes to"),
        choices=[
            (NOW, _("Who is on duty now")),
            (WEEK, _("Who is on duty within a week")),
        ],
    )

    def people(self) -> list[User]:
        """Who is meant."""
        found = selectors.people_on_duty()
        if self.cleaned_data["to"] == WEEK:
            coming = selectors.next_on_duty(selectors.DAY * 7)
            found += [duty.person for duty in coming]
        return found
