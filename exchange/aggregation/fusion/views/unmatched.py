"""Codes that no map knows."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.aggregation.fusion.enums import UnmatchedState
from exchange.aggregation.fusion.filters import UnmatchedFilter
from exchange.aggregation.fusion.forms import SettleForm
from exchange.aggregation.fusion.models import UnmatchedCode
from exchange.aggregation.fusion.services import unmatched as service
from exchange.delivery.views.peers import crumbs
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    BulkAction,
    DetailPage,
    ListPage,
    ObjectMixin,
)

from .codes import CHANGE, VIEW
from .parts import action, badge, below


def accept(row, user):
    return service.accept(code=row, by=user)


def ignore(row, user):
    return service.ignore(code=row, by=user)


class UnmatchedList(ListPage):
    """What rows have and no map knows, the most frequent first."""

    model = UnmatchedCode
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    title = gettext_lazy("Unmatched codes")
    empty_text = gettext_lazy("What a run meets and no map knows appears here.")
    filterset_class = UnmatchedFilter
    search_fields = ("value", "suggestion", "code_map__source", "code_map__table__code")
    ordering = ("-count", "pk")
    bulk_actions = (
        BulkAction("accept", gettext_lazy("Take the suggestion"), accept, CHANGE),
        BulkAction("ignore", gettext_lazy("Leave out"), ignore, CHANGE),
    )
    columns = (
        Column("value", gettext_lazy("Source code"), sort=True, link=True),
        Column("code_map", gettext_lazy("Code map")),
        Column("count", gettext_lazy("Rows"), sort=True, number=True),
        Column("suggestion", gettext_lazy("Suggestion"), sort=True),
        Column("likeness", gettext_lazy("Likeness"), sort=True, number=True),
        Column("state", gettext_lazy("State"), sort=True, render=badge),
        Column("first_seen", gettext_lazy("First seen"), sort=True, default=False),
        Column("last_seen", gettext_lazy("Last seen"), sort=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("code_map__table")


class UnmatchedMixin(ObjectMixin):
    """Finds an unmatched code."""

    object: UnmatchedCode
    model = UnmatchedCode
    scoped = False

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("code_map__table", "code_map__codes")

    def get_breadcrumbs(self):
        return below(UnmatchedList, "unmatched-list", self.object.value)


class UnmatchedPage(UnmatchedMixin, DetailPage):
    """One unmatched code with what it may mean."""

    permission_required = VIEW

    def get_title(self):
        return self.object.value

    def get_summary(self):
        row = self.object
        example: object = row.row
        if example and self.request.user.has_perm("interfaces.view_landed"):
            url = reverse("interfaces:row", args=[row.row])
            example = format_html('<a href="{}">{}</a>', url, row.row)
        return [
            (_("Source code"), row.value),
            (_("Code map"), row.code_map),
            (_("Code list"), row.code_map.codes),
            (_("Rows"), row.count),
            (_("Example"), example),
            (_("Suggestion"), row.suggestion),
            (_("Likeness"), row.likeness),
            (_("State"), badge(row)),
            (_("First seen"), row.first_seen),
            (_("Last seen"), row.last_seen),
        ]

    def get_actions(self):
        row, user = self.object, self.request.user
        left_out = row.state == UnmatchedState.IGNORED
        label = _("Take back") if left_out else _("Leave out")
        return [
            *action(
                user, "settle", _("Say what it means"), row.pk, CHANGE, level="primary"
            ),
            *action(user, "ignore", label, row.pk, CHANGE),
        ]


class Settle(UnmatchedMixin, ActionPage):
    """Say what a code means, in the draft of its map."""

    form_class = SettleForm
    permission_required = CHANGE
    title = gettext_lazy("Say what it means")
    lead = gettext_lazy("It goes into the draft of the map and counts once published.")
    success_message = gettext_lazy("Saved in the draft of the map.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "code_map": self.object.code_map}

    def get_initial(self):
        return {"standard": self.object.suggestion}

    def perform(self, form):
        return service.settle(
            code=self.object, by=self.request.user, **form.cleaned_data
        )


class Ignore(UnmatchedMixin, ActionPage):
    """Leave a code without a meaning, or take that back."""

    permission_required = CHANGE
    title = gettext_lazy("Leave out")
    lead = gettext_lazy("Rows with this code then have no value in the subject.")

    def perform(self, form):
        return service.ignore(code=self.object, by=self.request.user)
