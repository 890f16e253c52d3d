"""Pages of pressure: notices, instructions, meetings."""

import django_filters
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.collaboration import policies
from municipal.command.collaboration.enums import (
    MeetingKind,
    NoticeLevel,
    NoticeState,
)
from municipal.command.collaboration.forms import (
    JudgeForm,
    MeetingForm,
    ResultForm,
    SuperviseForm,
    TextForm,
)
from municipal.command.collaboration.models import (
    FollowUp,
    Instruction,
    Meeting,
    Notice,
)
from municipal.command.collaboration.services import pressure
from municipal.command.requests import user_of
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views import ActionPage, Crumb, DetailPage, ListPage

from .work import ROOT, CasePage, link

SEEN = "command.view_case"
COLORS = {
    NoticeState.OPEN: "orange",
    NoticeState.REPLIED: "blue",
    NoticeState.RELEASED: "green",
    NoticeState.ENDED: "grey",
}


def badge(row):
    """The state of a notice in its colour."""
    return components.status(row.get_state_display(), COLORS[NoticeState(row.state)])


def case_link(row):
    """The page of the case."""
    return row.case.get_absolute_url()


class SupervisePage(CasePage):
    title = submit_label = _("Supervise")
    form_class = SuperviseForm
    success_message = _("The notice is issued.")

    def perform(self, form):
        return pressure.supervise(
            case=self.object, by=user_of(self.request), **form.cleaned_data
        )


class NoticeFilter(django_filters.FilterSet):
    """By level and state."""

    level = django_filters.ChoiceFilter(
        label=_("Level"), choices=NoticeLevel.choices, empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=NoticeState.choices, empty_label=_("All")
    )

    class Meta:
        model = Notice
        fields = ("level", "state")


class NoticeList(ListPage):
    """Supervision notices."""

    model = Notice
    permission_required = SEEN
    title = _("Supervision notices")
    filterset_class = NoticeFilter
    search_fields = ("number__startswith", "case__number__startswith", "requirement")
    ordering = ("-pk",)
    live = 5
    empty_text = _("Notices appear here when a case is supervised.")
    columns = (
        Column("number", _("Notice number"), sort=True, link=True),
        Column("case.number", _("Case"), link=case_link),
        Column("level", _("Level"), sort=True),
        Column("unit", _("Unit in charge")),
        Column("requirement", _("Requirement")),
        Column(
            "due",
            _("Answer until"),
            sort=True,
            render=lambda row: components.deadline(row.due, row.light),
        ),
        Column("state", _("State"), sort=True, render=badge),
        Column("round", _("Round"), number=True),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("case", "unit")

    def get_breadcrumbs(self):
        return [ROOT]

    def row_class(self, row):
        return "row-overdue" if row.light == "red" else ""


class NoticeDetail(DetailPage):
    """A notice with what was said about it."""

    model = Notice
    permission_required = SEEN

    def get_queryset(self):
        return super().get_queryset().select_related("case", "unit", "issued_by")

    def get_breadcrumbs(self):
        url = reverse("collaboration:notice-list")
        return [ROOT, Crumb(_("Supervision notices"), url), Crumb(self.object.number)]

    def get_summary(self):
        row = self.object
        return [
            (_("Case"), link(row.case.title, case_link(row))),
            (_("State"), badge(row)),
            (_("Level"), row.get_level_display()),
            (_("Unit in charge"), row.unit),
            (_("Requirement"), row.requirement),
            (_("Answer until"), components.deadline(row.due, row.light)),
            (_("Issued by"), row.issued_by),
            (_("Round"), row.round),
        ]

    def get_actions(self):
        row, user = self.object, user_of(self.request)
        found = []
        if policies.may_reply(row, user):
            found.append((_("Give an answer"), "notice-reply"))
        if policies.may_judge(row, user):
            found.append((_("Judge"), "notice-judge"))
        return [
            {
                "name": name,
                "allowed": True,
                "url": reverse(f"collaboration:{url}", args=[row.pk]),
            }
            for name, url in found
        ]

    def get_timeline(self):
        names = {
            "reply": _("Answer"),
            "again": _("Asked again"),
            "release": _("Released"),
            "end": _("Ended with the case"),
        }
        entries = self.object.entries.select_related("by__unit")
        rows = [
            {
                "title": names[entry.action],
                "at": entry.at,
                "by_name": str(entry.by or _("The platform")),
                "role_name": str(entry.by.unit or "") if entry.by else "",
                "note": entry.text,
            }
            for entry in entries
        ]
        issued = {
            "title": _("Issued"),
            "at": self.object.created_at,
            "by_name": str(self.object.issued_by),
            "note": self.object.requirement,
        }
        return [issued, *rows][::-1]


class NoticePage(ActionPage):
    """A dialog about a notice."""

    model = Notice
    permission_required = SEEN
    object: Notice


class NoticeReply(NoticePage):
    title = _("Give an answer")
    form_class = TextForm

    def perform(self, form):
        return pressure.reply(
            notice=self.object, by=user_of(self.request), **form.cleaned_data
        )


class NoticeJudge(NoticePage):
    title = _("Judge")
    form_class = JudgeForm

    def perform(self, form):
        return pressure.judge(
            notice=self.object, by=user_of(self.request), **form.cleaned_data
        )


class InstructPage(CasePage):
    title = submit_label = _("Instruct")
    form_class = TextForm
    success_message = _("The unit was told.")

    def perform(self, form):
        pressure.instruct(
            case=self.object, by=user_of(self.request), **form.cleaned_data
        )


class InstructionList(ListPage):
    """Leaders' instructions and their answers."""

    model = Instruction
    permission_required = SEEN
    title = _("Leaders' instructions")
    search_fields = ("text", "case__number__startswith", "by__full_name")
    ordering = ("-pk",)
    empty_text = _("Instructions appear here when a leader writes one on a case.")
    columns = (
        Column("case.number", _("Case"), link=case_link),
        Column("text", _("Instruction")),
        Column("by", _("Leader")),
        Column("at", _("At"), sort=True),
        Column("unit", _("Unit in charge")),
        Column("answer", _("Answer")),
        Column("answered_at", _("Answered at"), sort=True),
    )

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("case", "by", "unit")

    def get_breadcrumbs(self):
        return [ROOT]


class InstructionAnswer(ActionPage):
    model = Instruction
    permission_required = SEEN
    title = _("Give an answer")
    form_class = TextForm

    def perform(self, form):
        return pressure.answer_instruction(
            instruction=self.object, by=user_of(self.request), **form.cleaned_data
        )


class MeetingPage(CasePage):
    title = _("Record a meeting")
    form_class = MeetingForm

    def perform(self, form):
        return pressure.record_meeting(
            case=self.object, by=user_of(self.request), **form.values()
        )


class MeetingFilter(django_filters.FilterSet):
    """By kind."""

    kind = django_filters.ChoiceFilter(
        label=_("Kind of meeting"), choices=MeetingKind.choices, empty_label=_("All")
    )

    class Meta:
        model = Meeting
        fields = ("kind",)


class MeetingList(ListPage):
    """Consultations and meetings."""

    model = Meeting
    permission_required = SEEN
    title = _("Consultations and meetings")
    filterset_class = MeetingFilter
    search_fields = ("title", "case__number__startswith", "conclusions")
    ordering = ("-held_at", "-pk")
    empty_text = _("Meetings about difficult cases appear here.")
    columns = (
        Column("title", _("Title"), link=True),
        Column("kind", _("Kind of meeting"), sort=True),
        Column("case.number", _("Case"), link=case_link),
        Column("held_at", _("Held at"), sort=True),
        Column("host", _("Chair")),
        Column("conclusions", _("Conclusions")),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("case")

    def get_breadcrumbs(self):
        return [ROOT]


class MeetingDetail(DetailPage):
    """The record of a meeting."""

    model = Meeting
    permission_required = SEEN
    template_name = "collaboration/meeting.html"

    def get_queryset(self):
        rows = super().get_queryset().select_related("case", "recorded_by")
        return rows.prefetch_related("units", "follow_ups__unit")

    def get_breadcrumbs(self):
        url = reverse("collaboration:meeting-list")
        return [ROOT, Crumb(_("Consultations and meetings"), url), Crumb(self.object)]

    def get_summary(self):
        row = self.object
        return [
            (_("Case"), link(row.case.title, case_link(row))),
            (_("Kind of meeting"), row.get_kind_display()),
            (_("Held at"), row.held_at),
            (_("Venue"), row.venue),
            (_("Chair"), row.host),
            (_("Units taking part"), "、".join(str(unit) for unit in row.units.all())),
            (_("People taking part"), row.people),
            (_("Conclusions"), row.conclusions),
            (_("Recorded by"), row.recorded_by),
        ]

    def get_context_data(self, **kwargs):
        user = user_of(self.request)
        rows = list(self.object.follow_ups.all())
        for row in rows:
            mine = policies.below(row.unit, user)
            mine = mine or user.pk == self.object.recorded_by_id
            row.may_finish = mine and row.done_at is None
        return super().get_context_data(follow_ups=rows, **kwargs)


class FollowUpPage(ActionPage):
    """Say what came of a follow-up."""

    model = Meeting
    permission_required = SEEN
    title = _("Follow-up done")
    form_class = ResultForm

    def perform(self, form):
        found = FollowUp.objects.get(pk=self.kwargs["row"], meeting=self.object)
        return pressure.finish_follow_up(
            follow_up=found, by=user_of(self.request), **form.cleaned_data
        ).meeting
