"""Filters from one day to another."""

from typing import Any

from django import forms
from django_filters import DateFromToRangeFilter
from django_filters.widgets import DateRangeWidget, SuffixedMultiWidget


class DaySpan(DateRangeWidget):
    """Two calendars beside each other."""

    template_name = "ui/day_span.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        days = [
            forms.DateInput({"type": "date"}, format="%Y-%m-%d") for _end in range(2)
        ]
        SuffixedMultiWidget.__init__(self, days, attrs)


class DaySpanFilter(DateFromToRangeFilter):
    """From a day to a day, both included, in local time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": DaySpan, **kwargs})
