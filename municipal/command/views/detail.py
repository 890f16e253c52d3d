"""The page of one case."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import panels, policies, selectors, services, sources
from municipal.command.enums import Purpose
from municipal.command.models import Case, CaseRequest
from municipal.command.requests import user_of
from platform_core.calendars.deadlines import amount_text
from platform_core.files import services as files
from platform_core.processes import selectors as processes
from platform_core.processes.labels import role_label
from platform_core.processes.selectors import HistoryStep
from platform_core.processes.services import ActionOption
from platform_core.ui.views import Crumb, DetailPage, PageAction

from .lists import badge, due, level, marks

BEFORE = (Purpose.REPORT, Purpose.VERIFY)
RISKY = {"cancel", "force_close", "refuse", "refuse_file"}
# Steps that bring a case forward; the first one that is open stands out
FORWARD = (
    "accept",
    "file",
    "dispatch",
    "sign",
    "feedback",
    "pass_feedback",
    "send_check",
    "close",
    "approve_self",
    "approve_extend",
    "redispatch",
    "resume",
)


class CaseDetail(DetailPage):
    """Summary, what can be done now, pictures, place and history."""

    model = Case
    lookup = "uid"
    permission_required = "command.view_case"
    template_name = "command/case_detail.html"
    partial_name = "command/partials/_case.html"
    object: Case

    def get_queryset(self) -> Any:
        return selectors.detail(user_of(self.request))

    def get_title(self) -> str:
        return self.object.number

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(gettext_lazy("Cases"), reverse("command:case-list")),
            Crumb(self.object.number),
        ]

    def get_page_actions(self) -> list[PageAction]:
        links = (
            (gettext_lazy("Flow chart"), "case-flow", "tree"),
            (gettext_lazy("Print view"), "case-print", "file"),
        )
        case = self.object
        place = urlencode({"lon": case.lon, "lat": case.lat, "code": case.number})
        scene = f"{reverse('basedata:cim-view')}?{place}"
        return [
            *(
                PageAction(label, reverse(f"command:{name}", args=[case.uid]), icon)
                for label, name, icon in links
            ),
            PageAction(gettext_lazy("3D scene"), scene, "building"),
        ]

    def get_actions(self) -> list[dict[str, Any]]:
        found = services.case_options(self.object, user_of(self.request))
        held = user_of(self.request).role_codes
        mine = [row for row in found if row.allowed or row.role in held]
        next_step = self._next_step(mine)
        mine.sort(key=lambda row: row is not next_step)
        shown = [self._button(row, row is next_step) for row in mine]
        if policies.may_urge(self.object, user_of(self.request)):
            url = reverse("command:case-urge", args=[self.object.uid])
            urge = {"name": _("Urge"), "url": url, "allowed": True}
            shown.append(urge | {"level": "outline-primary"})
        shown += [
            {"level": "outline-primary", **row}
            for row in panels.options(self.object, self.request)
        ]
        return sorted(shown, key=lambda row: not row["allowed"])

    def _next_step(self, options: list[ActionOption]) -> ActionOption | None:
        """The step that is expected next, if any."""
        open_now = {row.code: row for row in options if row.allowed}
        if "accept" in open_now and sources.is_unverified(self.object):
            return open_now.get("send_verify")
        return next((open_now[code] for code in FORWARD if code in open_now), None)

    def _button(self, option: ActionOption, is_next: bool) -> dict[str, Any]:
        level = "outline-danger" if option.code in RISKY else "outline-primary"
        return {
            "name": option.name,
            "allowed": option.allowed,
            "why": option.why,
            "url": reverse("command:case-act", args=[self.object.uid, option.code]),
            "level": "primary" if is_next else level,
        }

    def get_summary(self) -> list[tuple[Any, Any]]:
        case, user = self.object, user_of(self.request)
        unmasked = policies.sees_reporter(user)
        person = " ".join(
            filter(
                None,
                (
                    selectors.reporter(case, unmasked=unmasked),
                    selectors.contact(case, unmasked=unmasked),
                ),
            )
        )
        return [
            (_("State"), badge(case)),
            (_("Time left"), due(case)),
            (_("Class"), f"{case.class_code} {case.class_name}"),
            (_("Task number"), case.task_number),
            (_("Source"), case.source),
            (_("Reported"), case.reported_at),
            (_("Reporter"), person or case.reported_by),
            (_("Handling unit"), case.handling_unit),
            (_("Lies in"), " / ".join(selectors.area_names(case))),
            (_("Unit grid"), case.grid_code),
            (_("Handling limit"), limit(case)),
            (_("Sign by"), case.sign_deadline),
            (_("Inspector"), case.field_inspector),
        ]

    def get_timeline(self) -> list[Any]:
        return [told(step, self.object) for step in selectors.timeline(self.object)][
            ::-1
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = self.object
        pictures = list(files.of(case))
        return super().get_context_data(
            before=[row for row in pictures if row.purpose in BEFORE],
            after=[row for row in pictures if row.purpose not in BEFORE],
            marks=marks(case),
            points=selectors.features([_point(case)]),
            similar=selectors.similar_to(case) if case.is_open else [],
            condition=selectors.condition(case),
            explanation=selectors.deadline_sentence(case),
            waiting_for=waiting_for(case),
            grids_url=grids_url(case),
            panels=panels.shown(case, self.request),
            **kwargs,
        )


def told(step: HistoryStep, case: Case) -> dict[str, Any]:
    """A step for the timeline: what was done, the opinion, time against limit."""
    lines = [step.note]
    if step.data.get("unit"):
        lines.append(_("To: %(unit)s") % {"unit": step.data["unit"]})
    if step.data.get("inspector"):
        lines.append(_("To: %(unit)s") % {"unit": step.data["inspector"]})
    return {
        "title": step.action_name,
        "at": step.at,
        "by_name": step.by_name,
        "role_name": step.unit_name or step.role_name,
        "note": "\n".join(filter(None, lines)),
        "elapsed_seconds": step.elapsed_seconds,
        "overdue": step.overdue,
        "explain": limit_used(step, case),
    }


def limit_used(step: HistoryStep, case: Case) -> str:
    """The limit of the stage that a step ended, and how much of it was used."""
    stage = processes.definition_of(case.process).limit(step.from_state)
    text = amount_text(stage.value, stage.unit) if stage else ""
    parts = [_("limit %(limit)s") % {"limit": text}] if text else []
    if "used" in step.data:
        percent = round(step.data["used"] * 100)
        parts.append(_("%(percent)s%% of the limit used") % {"percent": percent})
    return _(", ").join(parts)


def asked_text(row: CaseRequest) -> str:
    """What a request asks for, in short."""
    if row.value:
        return "+" + amount_text(row.value, row.case.limit_unit)
    if row.until:
        return _("until %(day)s") % {"day": f"{timezone.localdate(row.until):%Y-%m-%d}"}
    if row.suggested_unit:
        return _("To: %(unit)s") % {"unit": row.suggested_unit}
    return ""


def limit(case: Case) -> str:
    """The limit of the unit, extensions included, in words."""
    if case.limit_value is None:
        return ""
    text = amount_text(case.limit_value, case.limit_unit)
    if case.extended_value:
        more = amount_text(case.extended_value, case.limit_unit)
        return _("%(limit)s, extended by %(more)s") % {"limit": text, "more": more}
    return text


def waiting_for(case: Case) -> str:
    """The posts that can take the next step, in words."""
    definition = processes.definition_of(case.process)
    names = [role_label(definition, step.role) for step in definition.exits(case.state)]
    return _(", ").join(dict.fromkeys(names))


def _point(case: Case) -> tuple[str, object, dict[str, Any]]:
    shape = {"type": "Point", "coordinates": [case.lon, case.lat]}
    about = {"title": case.title, "level": "red", "state": level(case.state)}
    return str(case.uid), shape, about


def grids_url(case: Case) -> str:
    """Where the unit grids around a case come from."""
    reach = 0.006
    box = (case.lon - reach, case.lat - reach, case.lon + reach, case.lat + reach)
    query = ",".join(f"{value:.6f}" for value in box)
    return f"{reverse('command_api:grid-shapes')}?bbox={query}"
