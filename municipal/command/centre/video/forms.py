"""Forms of video."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.command.centre.models import StreamServer, VideoPlan, VideoPoint
from municipal.command.centre.rosters.selectors import duty_people
from municipal.command.forms import ReportForm
from platform_core.accounts.models import User
from platform_core.common import clock

WHEN = "%Y-%m-%dT%H:%M"
LONGEST = timedelta(hours=24)


class ServerForm(forms.ModelForm):
    """A stream server."""

    class Meta:
        model = StreamServer
        fields = ("name", "address", "allow_private", "is_active")


class PointForm(forms.ModelForm):
    """A video point."""

    class Meta:
        model = VideoPoint
        fields = (
            "code",
            "name",
            "group",
            "kind",
            "lon",
            "lat",
            "stream",
            "replay",
            "state",
            "owner",
            "note",
            "is_active",
        )


class SeenForm(ReportForm):
    """A report of what was seen on a screen; place and source are known."""

    source = None  # type: ignore[assignment]
    reporter = contact = None  # type: ignore[assignment]
    field_order = ("problem", "description", "address", "photos", "is_urgent")


class ConfirmForm(ReportForm):
    """What a result of video analysis becomes as a case."""

    source = None  # type: ignore[assignment]
    reporter = contact = lon = lat = photos = None  # type: ignore[assignment]

    def values(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        kind, _colon, code = given.pop("problem").partition(":")
        return {**given, "class_kind": kind, "class_code": code}


class ReasonForm(forms.Form):
    """Why not."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class ReplayForm(forms.Form):
    """From when to when."""

    begin = forms.DateTimeField(
        label=_("Begins"), widget=forms.DateTimeInput(format=WHEN)
    )
    end = forms.DateTimeField(label=_("Ends"), widget=forms.DateTimeInput(format=WHEN))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        begin, end = given.get("begin"), given.get("end")
        if begin and end and not (begin < end <= clock.now()):
            self.add_error("end", _("The end lies after the beginning, and is past."))
        elif begin and end and end - begin > LONGEST:
            self.add_error("end", _("At most 24 hours at a time."))
        return given


class PlanForm(forms.ModelForm):
    """A patrol: codes of points, one a line, in the order of the walk."""

    points = forms.CharField(
        label=_("Codes of the points, one a line, in order"), widget=forms.Textarea
    )
    people = forms.ModelMultipleChoiceField(
        label=_("Who walks"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = VideoPlan
        fields = ("name", "interval", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = duty_people()  # type: ignore[attr-defined]
        if self.instance.pk:
            keys = self.instance.points
            codes = dict(
                VideoPoint.objects.filter(pk__in=keys).values_list("pk", "code")
            )
            self.initial["points"] = "\n".join(
                codes[key] for key in keys if key in codes
            )
            self.initial["people"] = self.instance.people.all()

    def clean_points(self) -> list[str]:
        lines = self.cleaned_data["points"].split()
        return [line.strip(",;，；") for line in lines]


class FindingForm(forms.Form):
    """What was found, if anything."""

    finding = forms.CharField(label=_("Finding"), required=False, max_length=300)
