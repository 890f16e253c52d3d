"""The roster as a calendar of weeks, and the shifts."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from municipal.command.patrol import people
from municipal.command.patrol.forms import (
    CopyForm,
    FillForm,
    PlanForm,
    ShiftForm,
)
from municipal.command.patrol.models import Attendance, RosterEntry, Shift
from municipal.command.patrol.models.scope import TEAM
from municipal.command.patrol.services import roster
from municipal.command.requests import user_of
from platform_core.calendars.selectors import schedule
from platform_core.common import clock
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    EditPage,
    FormPage,
    ListPage,
    PageAction,
    PlainPage,
)

MANAGE = "patrol.manage_team"
ROOT = Crumb(_("Roster"), "/field-work/roster/")
MOST_PEOPLE = 300


def week_of(text: str) -> date:
    """The Monday of a day of the address, of today where it is none."""
    try:
        return roster.monday(date.fromisoformat(text))
    except ValueError:
        return roster.this_week()


class RosterPage(PlainPage):
    """A week: people down, days across, shifts in the cells."""

    permission_required = TEAM
    title = _("Roster")
    template_name = "patrol/roster.html"

    def get_page_actions(self):
        return [
            PageAction(_("Shifts"), reverse("patrol:shift-list"), "clock"),
            PageAction(
                _("Copy a week"), reverse("patrol:roster-copy"), permission=MANAGE
            ),
            PageAction(
                _("Fill a period"), reverse("patrol:roster-fill"), permission=MANAGE
            ),
            PageAction(
                _("Plan a shift"),
                reverse("patrol:roster-plan"),
                "plus",
                primary=True,
                permission=MANAGE,
            ),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        start = week_of(self.request.GET.get("week", ""))
        days = roster.days(start, start + timedelta(days=6))
        user = user_of(self.request)
        team = list(people.led_by(user).order_by("full_name", "pk")[:MOST_PEOPLE])
        notes = schedule().days
        return {
            **super().get_context_data(**kwargs),
            "days": [
                {
                    "day": day,
                    "rest": not schedule().works(day),
                    "name": notes[day].name if day in notes else "",
                    "today": day == clock.today(),
                }
                for day in days
            ],
            "rows": self.rows(team, days),
            "start": start,
            "before": (start - roster.WEEK).isoformat(),
            "after": (start + roster.WEEK).isoformat(),
            "may_plan": user.has_perm(MANAGE),
        }

    def rows(self, team: Sequence[Any], days: Sequence[date]) -> list[dict[str, Any]]:
        """For each person the cells of the week."""
        user = user_of(self.request)
        within = {"day__gte": days[0], "day__lte": days[-1]}
        cells: dict[tuple[int, date], list[RosterEntry]] = {}
        entries = RosterEntry.objects.visible_to(user).filter(**within)
        for entry in entries.select_related("shift", "duty_grid"):
            cells.setdefault((entry.person_id, entry.day), []).append(entry)
        duties = Attendance.objects.visible_to(user).filter(**within)
        came = {duty.roster_id: duty for duty in duties}
        away = roster.leave_days([one.pk for one in team], days[0], days[-1])
        return [
            {
                "person": person,
                "cells": [
                    {
                        "day": day.isoformat(),
                        "leave": (person.pk, day) in away,
                        "entries": [
                            {"entry": entry, "duty": came.get(entry.pk)}
                            for entry in cells.get((person.pk, day), [])
                        ],
                    }
                    for day in days
                ],
            }
            for person in team
        ]


class PlanningPage(FormPage):
    """A form of the roster."""

    permission_required = MANAGE
    success_url = "patrol:roster"

    def get_breadcrumbs(self):
        return [ROOT, Crumb(self.title)]

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": user_of(self.request)}

    def show_week(self, day: date) -> str:
        return f"{reverse('patrol:roster')}?week={day.isoformat()}"


class PlanPage(PlanningPage):
    """Plan one person for one shift."""

    form_class = PlanForm
    title = _("Plan a shift")

    def perform(self, form):
        return roster.plan(by=user_of(self.request), **form.cleaned_data)

    def get_success_url(self, result):
        return self.show_week(result.day)


def outcome_text(found: roster.Outcome) -> str:
    """What came of planning, in words."""
    said = {
        "made": found.made,
        "leave": found.on_leave,
        "known": found.known,
        "rest": found.rest_days,
    }
    return (
        gettext(
            "%(made)s shifts planned; left out: %(leave)s on leave, %(known)s planned "
            "already, %(rest)s on days off."
        )
        % said
    )


class FillPage(PlanningPage):
    """Plan people for each day of a period."""

    form_class = FillForm
    title = _("Fill a period")
    lead = _("A shift only for working days goes by the work calendar.")

    def perform(self, form):
        values = form.cleaned_data
        team = values.pop("people") or people.led_by(user_of(self.request))
        found = roster.fill(people=team, by=user_of(self.request), **values)
        messages.success(self.request, outcome_text(found))
        return values["first"]

    def get_success_url(self, result):
        return self.show_week(result)


class CopyPage(PlanningPage):
    """Plan a week like another one."""

    form_class = CopyForm
    title = _("Copy a week")
    lead = _("Days off, leave and what is planned already are left out.")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        del kwargs["user"]
        return kwargs

    def perform(self, form):
        found = roster.copy_week(by=user_of(self.request), **form.cleaned_data)
        messages.success(self.request, outcome_text(found))
        return form.cleaned_data["target"]

    def get_success_url(self, result):
        return self.show_week(result)


class RemovePage(ActionPage):
    """Take an entry out of the roster."""

    model = RosterEntry
    permission_required = MANAGE
    title = _("Take out of the roster")
    submit_level = "danger"
    success_url = "patrol:roster"

    def perform(self, form):
        day = self.object.day
        roster.remove(entry=self.object, by=user_of(self.request))
        return day

    def get_success_url(self, result):
        return f"{reverse('patrol:roster')}?week={result.isoformat()}"

    def get_cancel_url(self):
        return reverse("patrol:roster")


class ShiftList(ListPage):
    """Hours of work."""

    model = Shift
    permission_required = TEAM
    title = _("Shifts")
    ordering = ("begins", "name")
    empty_text = _("No shift yet. Add one before you plan.")
    columns = (
        Column("name", _("Name"), sort=True, link=True),
        Column("begins", _("Begins"), sort=True),
        Column("ends", _("Ends")),
        Column("workdays_only", _("Only on working days")),
        Column("is_active", _("Active")),
    )

    def get_breadcrumbs(self):
        return [ROOT]

    def get_page_actions(self):
        url = reverse("patrol:shift-add")
        return [PageAction(_("Add a shift"), url, "plus", True, permission=MANAGE)]


class ShiftAdd(FormPage):
    """A new shift."""

    permission_required = MANAGE
    form_class = ShiftForm
    title = _("Add a shift")
    success_url = "patrol:shift-list"

    def get_breadcrumbs(self):
        return [ROOT, Crumb(self.title)]

    def perform(self, form):
        return roster.save_shift(
            shift=form.save(commit=False), by=user_of(self.request)
        )


class ShiftEdit(EditPage):
    """Change a shift."""

    model = Shift
    permission_required = MANAGE
    form_class = ShiftForm
    title = _("Change a shift")
    success_url = "patrol:shift-list"

    def perform(self, form):
        return roster.save_shift(
            shift=form.save(commit=False), by=user_of(self.request)
        )
