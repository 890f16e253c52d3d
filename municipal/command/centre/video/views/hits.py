"""Pages of what video analysis saw."""

from datetime import timedelta
from typing import Any

import django_filters
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from municipal.command.centre.desk_enums import HitState
from municipal.command.centre.models import Detection
from municipal.command.centre.video import hits
from municipal.command.centre.video.forms import ConfirmForm, ReasonForm
from municipal.command.requests import user_of
from platform_core.common import clock
from platform_core.files import services as files
from platform_core.ui import charts, components
from platform_core.ui.columns import Column
from platform_core.ui.ranges import DaySpanFilter
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    ListPage,
    PageAction,
    PlainPage,
)

from .points import ROOT, SEE

COLORS = {HitState.WAITING: "orange", HitState.CONFIRMED: "green"}
DAYS = ("7", "30", "90")
LIST = Crumb(_("AI results"), "/duty-desk/video/hits/")


def badge(row: Detection) -> object:
    """The state in its colour."""
    color = COLORS.get(HitState(row.state), "grey")
    return components.status(row.get_state_display(), color)


def percent(row: Detection) -> str:
    """How sure the analysis is."""
    return f"{row.confidence:.0%}"


class HitFilter(django_filters.FilterSet):
    """By state and day."""

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=HitState.choices, empty_label=_("All")
    )
    at = DaySpanFilter(label=_("Seen at"))

    class Meta:
        model = Detection
        fields = ("state", "at")


class HitList(ListPage):
    """What analysis saw, the newest first."""

    model = Detection
    permission_required = SEE
    title = _("AI results")
    filterset_class = HitFilter
    search_fields = ("label", "point__name", "point__code__startswith")
    ordering = ("-at", "-pk")
    live = 5
    empty_text = _("What video analysis recognises appears here to be confirmed.")
    columns = (
        Column("label", _("What was seen"), link=True, sort=True),
        Column("point.name", _("Video point")),
        Column("at", _("Seen at"), sort=True),
        Column("confidence", _("Confidence"), sort=True, render=percent, number=True),
        Column("state", _("State"), sort=True, render=badge),
        Column("case", _("Case"), link=lambda row: row.case_link),
        Column("decided_by", _("Decided by")),
        Column("reason", _("Reason"), default=False),
    )

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("point", "case", "decided_by")

    def get_breadcrumbs(self):
        return [ROOT]

    def get_page_actions(self):
        return [PageAction(_("Hit rates"), reverse("centre:hit-figures"))]


class HitPage(DetailPage):
    """One result with its picture."""

    model = Detection
    lookup = "uid"
    permission_required = SEE
    template_name = "centre/video/hit.html"
    object: Detection

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("point", "case", "decided_by", "sender")

    def get_breadcrumbs(self):
        return [ROOT, LIST, Crumb(self.object.label)]

    def get_summary(self):
        row = self.object
        return [
            (_("State"), badge(row)),
            (_("Video point"), row.point),
            (_("Seen at"), row.at),
            (_("Confidence"), percent(row)),
            (_("Class code"), row.class_code),
            (_("Sent by"), row.sender),
            (_("Their number"), row.external_id),
            (_("Decided by"), row.decided_by),
            (_("Reason"), row.reason),
        ]

    def get_actions(self):
        user, row = user_of(self.request), self.object
        if row.state != HitState.WAITING or not user.has_perm(hits.REVIEW):
            return []
        rows = ((_("Confirm"), "hit-confirm"), (_("Reject"), "hit-reject"))
        return [
            {"name": name, "url": reverse(f"centre:{url}", args=[row.uid])}
            for name, url in rows
        ]

    def get_context_data(self, **kwargs):
        pictures = files.of(self.object)
        return super().get_context_data(pictures=pictures, **kwargs)


class HitAction(ActionPage):
    """Decide on a result."""

    model = Detection
    lookup = "uid"
    permission_required = hits.REVIEW
    object: Detection

    def get_queryset(self):
        return super().get_queryset().select_related("point")


class HitConfirm(HitAction):
    """It is so; a case begins."""

    form_class = ConfirmForm
    title = _("Confirm")
    success_message = _("The report is registered and waits for acceptance.")

    def get_initial(self) -> dict[str, Any]:
        row = self.object
        problem = f"{row.class_kind}:{row.class_code}" if row.class_code else ""
        text = _g("Video analysis: %(label)s") % {"label": row.label}
        known = {"problem": problem, "description": text, "address": row.point.name}
        return known | super().get_initial()

    def perform(self, form):
        user = user_of(self.request)
        hits.confirm(detection=self.object, by=user, **form.values())


class HitReject(HitAction):
    """It is not so."""

    form_class = ReasonForm
    title = _("Reject")

    def perform(self, form):
        hits.reject(
            detection=self.object, by=user_of(self.request), **form.cleaned_data
        )


class HitFigures(PlainPage):
    """How often the analysis is right, by what it saw and where."""

    permission_required = SEE
    template_name = "centre/video/figures.html"
    title = _("Hit rates")

    def get_breadcrumbs(self):
        return [ROOT, LIST]

    def get_context_data(self, **kwargs):
        days = self.request.GET.get("days", "30")
        days = days if days in DAYS else "30"
        since = clock.now() - timedelta(days=int(days))
        user = user_of(self.request)
        labels = hits.figures(user, since, "label")
        return super().get_context_data(
            days=days,
            spans=DAYS,
            labels=labels,
            places=hits.figures(user, since, "point__name"),
            chart=charts.bar(
                [row["name"] for row in labels],
                {
                    _g("Confirmed hits"): [row["confirmed"] for row in labels],
                    _g("Rejected hits"): [row["rejected"] for row in labels],
                    _g("Waiting hits"): [row["waits"] for row in labels],
                },
                stack=True,
            ),
            **kwargs,
        )
