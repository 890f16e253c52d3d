"""What is done in an emergency: dialogs of its page."""

from typing import Any

from django.http import Http404
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from municipal.command.centre.emergencies import nearby, services
from municipal.command.centre.emergencies.forms import (
    AnswerForm,
    CallForm,
    CloseForm,
    DispatchForm,
    EntryForm,
    LevelForm,
    NoteForm,
    NumberForm,
)
from municipal.command.centre.models import CallOut, Emergency, EmergencyStep
from municipal.command.models import Case
from municipal.command.requests import user_of
from platform_core.ui.permissions import SIGNED_IN
from platform_core.ui.views import ActionPage, DetailPage

from .course import COMMAND, SEE


class EmergencyAction(ActionPage):
    """A dialog about an emergency in sight."""

    model = Emergency
    lookup = "uid"
    permission_required = COMMAND
    object: Emergency


class LevelPage(EmergencyAction):
    """Another level."""

    form_class = LevelForm
    title = _("Change the level")

    def get_initial(self):
        return {"level": self.object.level, **super().get_initial()}

    def perform(self, form):
        return services.change_level(
            emergency=self.object, by=user_of(self.request), **form.cleaned_data
        )


class AttachPage(EmergencyAction):
    """A case belongs to it."""

    form_class = NumberForm
    title = _("Attach a case")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": user_of(self.request)}

    def perform(self, form):
        case = form.cleaned_data["number"]
        services.attach_case(emergency=self.object, case=case, by=user_of(self.request))


class DispatchPage(EmergencyAction):
    """A case of it goes to a unit at once."""

    permission_required = "command.dispatch_case"
    title = _("Dispatch at once")
    case: Case

    def prepare(self):
        super().prepare()
        seen = Case.objects.visible_to(user_of(self.request))
        mine = self.object.links.values("case")
        case = seen.filter(uid=self.kwargs["case"], pk__in=mine).first()
        if case is None:
            raise Http404(str(self.kwargs["case"]))
        self.case = case

    def get_form(self):
        return DispatchForm(case=self.case, **self.get_form_kwargs())

    def perform(self, form):
        services.dispatch_case(
            emergency=self.object,
            case=self.case,
            by=user_of(self.request),
            **form.cleaned_data,
        )


class CallPage(EmergencyAction):
    """Call who is near and was not called yet."""

    title = _("Call for help")

    def get_form(self):
        done = nearby.called(self.object)
        rows = nearby.around(self.object, user_of(self.request))
        choices = [
            (row.key, f"{row.kind} {row.name} · {row.metres:.0f} m · {row.phone}")
            for row in rows
            if row.key and row.free and row.key not in done
        ]
        return CallForm(choices=choices, **self.get_form_kwargs())

    def get_initial(self) -> dict[str, Any]:
        row = self.object
        return {"text": f"{row.title} {row.address}".strip(), **super().get_initial()}

    def perform(self, form):
        services.call_out(
            emergency=self.object, by=user_of(self.request), **form.cleaned_data
        )


class ClosePage(EmergencyAction):
    """It is over."""

    form_class = CloseForm
    title = submit_label = _("Close the emergency")
    submit_level = "danger"

    def perform(self, form):
        return services.close(
            emergency=self.object, by=user_of(self.request), **form.cleaned_data
        )


class EntryPage(EmergencyAction):
    """Write into the log."""

    permission_required = SEE
    form_class = EntryForm
    title = _("Write an entry")

    def perform(self, form):
        services.write(
            emergency=self.object, by=user_of(self.request), **form.cleaned_data
        )


class StepPage(EmergencyAction):
    """Check a step off."""

    form_class = NoteForm
    title = _("Done: check it off")
    submit_label = _("Check off")

    def perform(self, form):
        step = EmergencyStep.objects.filter(
            emergency=self.object, pk=self.kwargs["step"]
        ).first()
        if step is None:
            raise Http404(str(self.kwargs["step"]))
        services.do_step(step=step, by=user_of(self.request), **form.cleaned_data)


class CallDetail(DetailPage):
    """One call for help, for the one who was called."""

    model = CallOut
    permission_required = SIGNED_IN
    object: CallOut

    def get_queryset(self):
        return super().get_queryset().select_related("emergency", "by", "person")

    def get_summary(self):
        row, event = self.object, self.object.emergency
        dial = format_html('<a href="tel:{}">{}</a>', row.by.phone, row.by.phone)
        return [
            (_("Emergency"), event.title),
            (_("Level"), event.get_level_display()),
            (_("Address"), event.address),
            (_("Position"), f"{event.lon:.5f}, {event.lat:.5f}"),
            (_("What is said"), row.text),
            (_("Called by"), row.by),
            (_("Phone"), dial if row.by.phone else ""),
            (_("Answer"), row.get_state_display()),
        ]

    def get_actions(self):
        if not self.object.emergency.is_open:
            return []
        return [{"name": _("Answer"), "url": f"{self.request.path}answer/"}]


class CallAnswer(ActionPage):
    """What was answered, by the one called or noted at the desk."""

    model = CallOut
    permission_required = SIGNED_IN
    form_class = AnswerForm
    title = _("Answer")
    submit_label = _("Write down")
    object: CallOut

    def perform(self, form):
        return services.answer(
            call=self.object, by=user_of(self.request), **form.cleaned_data
        )

    def get_success_url(self, result):
        seen = Emergency.objects.visible_to(user_of(self.request))
        event = seen.filter(pk=result.emergency_id).first()
        return (event or result).get_absolute_url()
