"""Pages of patrols by video."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.centre.models import VideoPlan, VideoPoint, VideoWalk
from municipal.command.centre.video import patrols
from municipal.command.centre.video.forms import FindingForm, PlanForm
from municipal.command.requests import user_of
from platform_core.common import clock
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    EditPage,
    FormPage,
    ListPage,
    PageAction,
)

from .points import MANAGE, ROOT, SEE, playing, seen_form


def due(plan: VideoPlan) -> object:
    """When the next walk is due, with its light."""
    if not plan.is_active:
        return ""
    lamp = "red" if plan.due_at <= clock.now() else "green"
    return components.deadline(plan.due_at, lamp)


class PlanList(ListPage):
    """Patrols by video."""

    model = VideoPlan
    permission_required = SEE
    title = _("Video patrols")
    ordering = ("name",)
    search_fields = ("name",)
    empty_text = _("A patrol leads people along points, again and again.")
    columns = (
        Column("name", _("Name"), sort=True, link=True),
        Column("points", _("Points"), render=lambda row: len(row.points), number=True),
        Column("interval", _("Minutes between two walks"), number=True),
        Column("last_at", _("Last walk"), sort=True),
        Column("due_at", _("Next walk"), render=due),
        Column("is_active", _("In use")),
    )

    def get_breadcrumbs(self):
        return [ROOT]

    def get_page_actions(self):
        url = reverse("centre:plan-add")
        return [PageAction(_("Add a patrol"), url, "plus", True, MANAGE)]


class PlanPages:
    """What adding and changing have in common."""

    permission_required = MANAGE
    form_class: Any = PlanForm
    request: Any

    def get_breadcrumbs(self):
        return [ROOT, Crumb(_("Video patrols"), reverse("centre:plan-list"))]

    def get_cancel_url(self):
        return reverse("centre:plan-list")

    def perform(self, form):
        return patrols.save_plan(
            plan=form.save(commit=False),
            points=form.cleaned_data["points"],
            people=form.cleaned_data["people"],
            by=user_of(self.request),
        )


class PlanAdd(PlanPages, FormPage):
    """A new patrol."""

    title = _("Add a patrol")


class PlanEdit(PlanPages, EditPage):
    """Change a patrol."""

    model = VideoPlan
    title = _("Video patrol")


class PlanDetail(DetailPage):
    """A patrol with its points and walks."""

    model = VideoPlan
    permission_required = SEE
    template_name = "centre/video/plan.html"
    object: VideoPlan

    def get_breadcrumbs(self):
        url = reverse("centre:plan-list")
        return [ROOT, Crumb(_("Video patrols"), url), Crumb(self.object.name)]

    def get_page_actions(self):
        url = reverse("centre:plan-edit", args=[self.object.pk])
        return [PageAction(_("Change"), url, permission=MANAGE)]

    def get_summary(self):
        row = self.object
        people = "、".join(str(person) for person in row.people.all())
        return [
            (_("Who walks"), people),
            (_("Minutes between two walks"), row.interval),
            (_("Last walk"), row.last_at),
            (_("Next walk"), due(row)),
        ]

    def get_actions(self):
        user = user_of(self.request)
        mine = self.object.people.filter(pk=user.pk).exists() or user.has_perm(MANAGE)
        url = reverse("centre:walk-start", args=[self.object.pk])
        return [
            {
                "name": _("Begin a walk"),
                "url": url,
                "allowed": mine,
                "why": _("this patrol is for other people"),
            }
        ]

    def get_context_data(self, **kwargs):
        seen = VideoPoint.objects.visible_to(user_of(self.request))
        known = seen.in_bulk(self.object.points)
        rows = [known[key] for key in self.object.points if key in known]
        walks = self.object.walks.select_related("by")[:20]
        return super().get_context_data(points=rows, walks=walks, **kwargs)


class WalkStart(ActionPage):
    """Begin a walk, or go on with it."""

    model = VideoPlan
    permission_required = SEE
    title = _("Begin a walk")

    def perform(self, form):
        return patrols.start(plan=self.object, by=user_of(self.request))

    def get_success_url(self, result):
        return result.get_absolute_url()


class WalkPage(DetailPage):
    """The next point of a walk with its player, and what was found so far."""

    model = VideoWalk
    permission_required = SEE
    template_name = "centre/video/walk.html"
    object: VideoWalk

    def get(self, request, *args, **kwargs):
        return playing(super().get(request, *args, **kwargs))

    def get_queryset(self):
        return super().get_queryset().select_related("plan", "by")

    def get_breadcrumbs(self):
        plan = self.object.plan
        return [ROOT, Crumb(plan.name, plan.get_absolute_url())]

    def get_context_data(self, **kwargs):
        looks = list(self.object.looks.select_related("point", "case"))
        user = user_of(self.request)
        mine = self.object.by_id == user.pk
        following = patrols.next_look(self.object) if mine else None
        may_report = user.has_perm("command.report_case")
        return super().get_context_data(
            looks=looks,
            following=following,
            finding_form=FindingForm(),
            seen_form=seen_form(following.point) if following and may_report else None,
            **kwargs,
        )


class LookPage(ActionPage):
    """Nothing to report at this point; on to the next."""

    model = VideoWalk
    permission_required = SEE
    form_class = FindingForm
    title = _("On to the next point")

    def perform(self, form):
        order = int(self.kwargs["order"])
        user = user_of(self.request)
        return patrols.look(walk=self.object, order=order, by=user, **form.cleaned_data)
