"""All that cases can be looked for by."""

from datetime import datetime, time, timedelta
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipal.command.enums import State
from municipal.command.filters import DAY, CaseFilter
from municipal.command.models import Case
from municipal.command.selectors import in_cells
from municipal.command.views.lists import FullFilter
from platform_core.classification import selectors as classification
from platform_core.common.clock import today
from platform_core.geo.cells import box_ranges
from platform_core.regions.codes import range_q

from .enums import Flag
from .milestones import Milestone, reached

FLAGS = {
    Flag.OVERDUE: Q(overdue_at__isnull=False),
    Flag.REWORK: Q(rework_count__gt=0),
    Flag.RETURNED: Q(return_count__gt=0),
    Flag.EXTENDED: Q(extend_count__gt=0),
    Flag.REOPENED: Q(reopen_count__gt=0),
    Flag.URGED: Q(urged_count__gt=0),
    Flag.URGENT: Q(is_urgent=True),
    Flag.MISSED: Q(is_missed=True),
    Flag.DUPLICATE: Q(duplicate_of__isnull=False),
}
MOST_DEGREES = 1.0  # a side of a box drawn on the map
WEEKDAYS = [
    (2, _("Monday")),
    (3, _("Tuesday")),
    (4, _("Wednesday")),
    (5, _("Thursday")),
    (6, _("Friday")),
    (7, _("Saturday")),
    (1, _("Sunday")),
]


def majors() -> list[tuple[str, str]]:
    """Major classes of both kinds: "matter-01" and its name."""
    edition = classification.default_edition()
    found = {}
    for kind in ("matter", "component"):
        for row in classification.classes(edition, kind):
            found[f"{kind}-{row.major_code}"] = row.major_label
    return list(found.items())


def box_of(text: str) -> tuple[float, float, float, float] | None:
    """West, south, east, north of "120.1,36.0,120.2,36.1"; None where it is none."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    inside = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    small = east - west <= MOST_DEGREES and north - south <= MOST_DEGREES
    return (west, south, east, north) if inside and small else None


def day_start(day: Any) -> datetime:
    """The first moment of a local day."""
    return timezone.make_aware(datetime.combine(day, time()))


class BoxField(forms.CharField):
    """A box as drawn on the map."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text and box_of(text) is None:
            raise forms.ValidationError(
                _("Draw a box of at most one degree: west,south,east,north.")
            )
        return text


class BoxFilter(filters.CharFilter):
    field_class = BoxField


class CaseSearch(FullFilter):
    """The combined search."""

    state = filters.MultipleChoiceFilter(
        label=_("State"), choices=State.choices, distinct=False
    )
    major = filters.ChoiceFilter(
        label=_("Major class"),
        choices=majors,
        method="by_major",
        empty_label=_("All"),
    )
    class_code = CaseFilter.declared_filters["class_code"]
    area = filters.CharFilter(label=_("Code of the area or grid"), method="by_area")
    person = filters.CharFilter(label=_("Registered or seen by"), method="by_person")
    component = filters.CharFilter(
        label=_("Component"), field_name="component_code", lookup_expr="startswith"
    )
    flag = filters.MultipleChoiceFilter(
        label=_("Marks"), choices=Flag.choices, method="by_flag"
    )
    reported_from = filters.DateFilter(
        label=_("Reported from"), method="by_from", widget=DAY
    )
    reported_to = filters.DateFilter(
        label=_("Reported until"), method="by_to", widget=DAY
    )
    closed_from = filters.DateFilter(
        label=_("Closed from"), method="by_from", widget=DAY
    )
    closed_to = filters.DateFilter(label=_("Closed until"), method="by_to", widget=DAY)
    milestone = filters.ChoiceFilter(
        label=_("Came to be"),
        choices=Milestone.choices,
        method="by_milestone",
        empty_label=_("All"),
    )
    milestone_from = filters.DateFilter(
        label=_("Came to be from"), method="as_given", widget=DAY
    )
    milestone_to = filters.DateFilter(
        label=_("Came to be until"), method="as_given", widget=DAY
    )
    weekday = filters.ChoiceFilter(
        label=_("Weekday"),
        choices=WEEKDAYS,
        field_name="reported_at",
        lookup_expr="week_day",
        empty_label=_("All"),
    )
    hour = filters.NumberFilter(
        label=_("Hour"),
        field_name="reported_at",
        lookup_expr="hour",
        min_value=0,
        max_value=23,
    )
    bbox = BoxFilter(label=_("Box on the map"), method="by_box")
    before = filters.CharFilter(method="by_before", widget=forms.HiddenInput)

    class Meta:
        model = Case
        fields = ("state", "light", "division", "source", "unit")

    def by_major(self, rows: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        kind, _dash, code = value.partition("-")
        return rows.filter(class_kind=kind, class_code__startswith=code)

    def by_area(self, rows: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        fields = ((6, "division_code"), (9, "street_code"), (12, "community_code"))
        if not value.isdigit():
            return rows.none()
        for length, field in fields:
            if len(value) <= length:
                return rows.filter(range_q(value, field))
        return rows.filter(grid_code=value)

    def by_person(self, rows: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        registered = Q(reported_by__full_name=value) | Q(reported_by__username=value)
        seen = Q(field_inspector__full_name=value) | Q(field_inspector__username=value)
        return rows.filter(registered | seen)

    def by_flag(
        self, rows: QuerySet[Case], name: str, value: list[str]
    ) -> QuerySet[Case]:
        for flag in value:
            rows = rows.filter(FLAGS[Flag(flag)])
        return rows

    def by_from(self, rows: QuerySet[Case], name: str, value: Any) -> QuerySet[Case]:
        return rows.filter(**{f"{_moment(name)}__gte": day_start(value)})

    def by_to(self, rows: QuerySet[Case], name: str, value: Any) -> QuerySet[Case]:
        end = day_start(value + timedelta(days=1))
        return rows.filter(**{f"{_moment(name)}__lt": end})

    def by_milestone(
        self, rows: QuerySet[Case], name: str, value: str
    ) -> QuerySet[Case]:
        """The cases that came to be filed, closed … on the days given with it."""
        given = self.form.cleaned_data
        first, last = given.get("milestone_from"), given.get("milestone_to")
        return reached(
            rows,
            value,
            first and day_start(first),
            last and day_start(last + timedelta(days=1)),
        )

    def as_given(self, rows: QuerySet[Case], name: str, value: Any) -> QuerySet[Case]:
        """The days of a milestone, which its own condition reads."""
        return rows

    def by_box(self, rows: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        box = box_of(value)
        if box is None:
            return rows.none()
        west, south, east, north = box
        return rows.filter(
            in_cells(box_ranges(*box)),
            lon__range=(west, east),
            lat__range=(south, north),
        )

    def by_before(self, rows: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        """The rows after a page, in the usual order."""
        text, _underscore, key = value.rpartition("_")
        try:
            moment, number = datetime.fromisoformat(text), int(key)
        except ValueError:
            return rows.none()
        earlier = Q(reported_at__lt=moment)
        return rows.filter(
            earlier | Q(reported_at=moment, pk__lt=number), reported_at__lte=moment
        )


def _moment(name: str) -> str:
    return f"{name.split('_', maxsplit=1)[0]}_at"


def first_day(days: int) -> Any:
    """The day so many days ago, today included."""
    return today() - timedelta(days=days - 1)
