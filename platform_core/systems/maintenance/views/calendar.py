"""The work calendar: a year at a glance, days and hours to correct."""

from calendar import Calendar, monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.calendars import services as calendars
from platform_core.calendars.enums import WORKING_KINDS
from platform_core.calendars.models import CalendarDay, WorkCalendar
from platform_core.common.clock import today
from platform_core.systems.maintenance import forms
from platform_core.ui.views import Crumb, FormPage, PageAction, PlainPage

from .common import SYSTEM

CHANGE = "calendars.change_workcalendar"
WEEKDAYS = (
    pgettext_lazy("short weekday", "Mo"),
    pgettext_lazy("short weekday", "Tu"),
    pgettext_lazy("short weekday", "We"),
    pgettext_lazy("short weekday", "Th"),
    pgettext_lazy("short weekday", "Fr"),
    pgettext_lazy("short weekday", "Sa"),
    pgettext_lazy("short weekday", "Su"),
)
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the year view."""

    day: date
    css: str
    hint: str
    url: str


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the year view."""

    name: Any
    weeks: list[list[DayCell | None]]
    worked: int


def default_calendar() -> WorkCalendar:
    """The calendar that time limits are counted by."""
    found = WorkCalendar.objects.filter(is_default=True).first()
    if found is None:
        raise Http404("calendar")
    return found


class CalendarPage(PlainPage):
    """Twelve months with holidays and make-up days."""

    permission_required = CHANGE
    title = _("Work calendar")
    template_name = "maintenance/calendar.html"

    def get_breadcrumbs(self) -> list[Crumb]:
        return [SYSTEM, Crumb(self.title)]

    def get_page_actions(self) -> list[PageAction]:
        day = reverse("maintenance:calendar-day")
        hours = reverse("maintenance:calendar-hours")
        return [
            PageAction(_("Change a day"), day, "edit", True, dialog=True),
            PageAction(_("Change working hours"), hours, "clock", dialog=True),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        calendar = default_calendar()
        year = self.wanted_year()
        rows = calendar.days.filter(date__year=year).order_by("date")
        special = {row.date: row for row in rows}
        months = [self.month(year, number, special) for number in range(1, 13)]
        return {
            **super().get_context_data(**kwargs),
            "calendar": calendar,
            "year": year,
            "years": [year - 1, year + 1],
            "months": months,
            "worked": sum(month.worked for month in months),
            "weekdays": WEEKDAYS,
            "special": list(special.values()),
            "sessions": [
                (row.valid_from, ", ".join("–".join(span) for span in row.spans))
                for row in calendar.sessions.order_by("-valid_from")
            ],
        }

    def wanted_year(self) -> int:
        asked = self.request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and len(asked) == 4 else today().year
        return min(max(year, FIRST_YEAR), LAST_YEAR)

    def month(self, year: int, number: int, special: dict[date, CalendarDay]) -> Month:
        weeks = [
            [
                self.cell(day, special.get(day)) if day.month == number else None
                for day in week
            ]
            for week in Calendar().monthdatescalendar(year, number)
        ]
        first, count = date(year, number, 1), monthrange(year, number)[1]
        days = [first + timedelta(days=step) for step in range(count)]
        worked = sum(self.is_worked(day, special.get(day)) for day in days)
        return Month(MONTHS[number], weeks, worked)

    def is_worked(self, day: date, row: CalendarDay | None) -> bool:
        return row.kind in WORKING_KINDS if row else day.weekday() < 5

    def cell(self, day: date, row: CalendarDay | None) -> DayCell:
        css = "is-work" if self.is_worked(day, row) else "is-rest"
        if row is not None:
            css += " is-special"
        if day == today():
            css += " is-today"
        hint = " ".join(filter(None, [row.get_kind_display(), row.name] if row else []))
        url = reverse("maintenance:calendar-day") + f"?date={day.isoformat()}"
        return DayCell(day, css, hint, url)


class CalendarForm(FormPage):
    """A form about the default calendar."""

    permission_required = CHANGE
    success_message = _("Saved. Deadlines from now on are counted by it.")

    def get_breadcrumbs(self) -> list[Crumb]:
        above = Crumb(CalendarPage.title, reverse("maintenance:calendar"))
        return [SYSTEM, above, Crumb(self.title)]

    def get_cancel_url(self) -> str:
        return reverse("maintenance:calendar")

    def get_success_url(self, result: Any) -> str:
        return reverse("maintenance:calendar")


class DayPage(CalendarForm):
    """Correct what one day is."""

    title = _("Change a day")
    form_class = forms.DayForm

    def get_initial(self) -> dict[str, Any]:
        asked = super().get_initial()
        try:
            day = date.fromisoformat(str(asked.get("date", "")))
        except ValueError:
            return {}
        row = CalendarDay.objects.filter(calendar=default_calendar(), date=day).first()
        return {"date": day, **({"kind": row.kind, "name": row.name} if row else {})}

    def perform(self, form: Any) -> None:
        wanted = form.cleaned_data
        calendars.set_day(
            calendar=default_calendar(),
            date=wanted["date"],
            kind=wanted["kind"],
            name=wanted["name"],
            by=self.request.user,
        )

    def get_success_url(self, result: Any) -> str:
        asked = self.request.POST.get("date", "")[:4]
        return reverse("maintenance:calendar") + f"?year={asked}"


class HoursPage(CalendarForm):
    """Set the working hours from a date on."""

    title = _("Change working hours")
    form_class = forms.SessionsForm

    def get_initial(self) -> dict[str, Any]:
        last = default_calendar().sessions.order_by("-valid_from").first()
        spans = ", ".join("-".join(span) for span in last.spans) if last else ""
        return {"valid_from": today(), "spans": spans}

    def perform(self, form: Any) -> None:
        calendars.set_sessions(
            calendar=default_calendar(), by=self.request.user, **form.cleaned_data
        )
