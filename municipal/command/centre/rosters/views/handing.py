"""Pages of handover and of the duty log."""

from typing import Any

import django_filters
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.centre.desk_enums import ItemState, LogKind
from municipal.command.centre.models import DutyLog, Handover, HandoverItem
from municipal.command.centre.rosters import handing, selectors
from municipal.command.centre.rosters.forms import (
    HandoverForm,
    LogForm,
    RemarkForm,
    ResultForm,
)
from municipal.command.requests import user_of
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.ranges import DaySpanFilter
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
)

from .planning import ROOT, SEE, WRITE


class HandoverList(ListPage):
    """What shifts passed on."""

    model = Handover
    permission_required = SEE
    title = _("Handovers")
    search_fields = ("summary", "by__full_name", "items__text")
    ordering = ("-at", "-pk")
    empty_text = _("Handovers appear here at the end of a shift.")
    columns = (
        Column("day", _("Day"), sort=True, link=True),
        Column("shift.name", _("Shift")),
        Column("summary", _("What happened")),
        Column("left", _("Items open"), number=True),
        Column("by", _("Handed over by")),
        Column("at", _("Handed over at"), sort=True),
        Column("taken_by", _("Taken by")),
        Column("taken_at", _("Taken over at"), sort=True),
    )

    def get_queryset(self):
        left = Count("items", filter=Q(items__state=ItemState.OPEN), distinct=True)
        rows = super().get_queryset().select_related("shift", "by", "taken_by")
        return rows.annotate(left=left)

    def get_breadcrumbs(self):
        return [ROOT]

    def get_page_actions(self):
        url = reverse("centre:hand-over")
        return [PageAction(_("Hand over"), url, "plus", True, WRITE)]


class HandOver(FormPage):
    """Pass a shift on."""

    permission_required = WRITE
    form_class = HandoverForm
    title = submit_label = _("Hand over")
    success_message = _("The next shift is asked to acknowledge.")

    def get_breadcrumbs(self):
        return [ROOT, Crumb(_("Handovers"), reverse("centre:handover-list"))]

    def get_cancel_url(self):
        return reverse("centre:handover-list")

    def get_initial(self) -> dict[str, Any]:
        user = user_of(self.request)
        mine = selectors.on_duty().filter(person=user).first()
        known = {"shift": mine.shift_id, "day": mine.day} if mine else {}
        return known | super().get_initial()

    def perform(self, form):
        return handing.hand_over(by=user_of(self.request), **form.cleaned_data)


class HandoverDetail(DetailPage):
    """A handover with what is still to be done."""

    model = Handover
    permission_required = SEE
    template_name = "centre/desk/handover.html"
    object: Handover

    def get_queryset(self):
        return super().get_queryset().select_related("shift", "by", "taken_by")

    def get_breadcrumbs(self):
        url = reverse("centre:handover-list")
        return [ROOT, Crumb(_("Handovers"), url), Crumb(str(self.object))]

    def get_summary(self):
        row = self.object
        return [
            (_("Shift"), row.shift),
            (_("Handed over by"), row.by),
            (_("Handed over at"), row.at),
            (_("Taken by"), row.taken_by),
            (_("Taken over at"), row.taken_at),
            (_("Remark of who takes over"), row.remark),
            (_("What happened"), row.summary),
        ]

    def get_actions(self):
        row, user = self.object, user_of(self.request)
        if row.taken_at or not user.has_perm(WRITE):
            return []
        url = reverse("centre:take-over", args=[row.pk])
        return [
            {
                "name": _("Take over"),
                "url": url,
                "allowed": handing.may_take(row, user),
                "why": _("the next shift acknowledges"),
            }
        ]

    def get_context_data(self, **kwargs):
        items = self.object.items.select_related("done_by")
        may_settle = user_of(self.request).has_perm(WRITE)
        return super().get_context_data(items=items, may_settle=may_settle, **kwargs)


class TakeOver(ActionPage):
    """The next shift acknowledges."""

    model = Handover
    permission_required = WRITE
    form_class = RemarkForm
    title = submit_label = _("Take over")

    def perform(self, form):
        return handing.take_over(
            handover=self.object, by=user_of(self.request), **form.cleaned_data
        )


class ItemSettle(ActionPage):
    """Something handed over is done."""

    model = HandoverItem
    permission_required = WRITE
    form_class = ResultForm
    title = submit_label = _("Settle")

    def get_queryset(self):
        return super().get_queryset().select_related("handover")

    def perform(self, form):
        return handing.settle_item(
            item=self.object, by=user_of(self.request), **form.cleaned_data
        )


class LogFilter(django_filters.FilterSet):
    """By kind and day."""

    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=LogKind.choices, empty_label=_("All")
    )
    at = DaySpanFilter(label=_("Day"))

    class Meta:
        model = DutyLog
        fields = ("kind", "at")


class LogList(ListPage):
    """The duty log; an entry stays as it was written."""

    model = DutyLog
    permission_required = SEE
    title = _("Duty log")
    filterset_class = LogFilter
    search_fields = ("text", "by__full_name", "shift_name")
    ordering = ("-at", "-pk")
    live = 15
    empty_text = _("What happens during duty is written down here.")
    columns = (
        Column("at", _("Happened at"), sort=True),
        Column(
            "kind",
            _("Kind"),
            sort=True,
            render=lambda row: components.status(row.get_kind_display(), "blue"),
        ),
        Column("text", _("What happened")),
        Column("shift_name", _("Shift")),
        Column("by", _("Written by")),
        Column("written_at", _("Written at"), default=False),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("by")

    def get_breadcrumbs(self):
        return [ROOT]

    def get_page_actions(self):
        url = reverse("centre:log-add")
        return [PageAction(_("Write an entry"), url, "plus", True, WRITE, dialog=True)]


class LogAdd(FormPage):
    """Write an entry."""

    permission_required = WRITE
    form_class = LogForm
    title = _("Write an entry")
    success_url = "centre:log-list"
    success_message = _("Written down.")

    def perform(self, form):
        handing.write_log(by=user_of(self.request), **form.cleaned_data)

    def get_success_url(self, result):
        back = self.request.POST.get("back")
        return reverse("centre:desk" if back == "desk" else self.success_url)
