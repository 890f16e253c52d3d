"""Pages of video points: the tree, the player, replay, reports, servers."""

from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.centre.desk_enums import PointKind, PointState
from municipal.command.centre.models import StreamServer, VideoPoint, VideoWalk
from municipal.command.centre.rosters.forms import TableForm
from municipal.command.centre.video import patrols, points, streams
from municipal.command.centre.video.forms import (
    PointForm,
    ReplayForm,
    SeenForm,
    ServerForm,
)
from municipal.command.requests import user_of
from municipal.command.views.actions import stored
from platform_core.jobs import services as jobs
from platform_core.regions import selectors as regions
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.middleware import content_policy
from platform_core.ui.permissions import page
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    EditPage,
    FormPage,
    ListPage,
    PageAction,
    PlainPage,
)

SEE, MANAGE = "centre.view_video", streams.MANAGE
ROOT = Crumb(_("Video"), "/duty-desk/video/")
MOST = 100


def playing(response: Any) -> Any:
    """Let the page play from the registered servers."""
    response["Content-Security-Policy"] = content_policy(streams.origins())
    return response


class TreePage(PlainPage):
    """Districts, groups and points, with a search and a map."""

    permission_required = SEE
    template_name = "centre/video/tree.html"
    title = _("Video")

    def get_page_actions(self):
        rows = ((_("Video points"), "point-list"), (_("Stream servers"), "server-list"))
        found = [
            PageAction(label, reverse(f"centre:{name}"), permission=MANAGE)
            for label, name in rows
        ]
        return [PageAction(_("Video patrols"), reverse("centre:plan-list")), *found]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        text = self.request.GET.get("q", "").strip()
        own = regions.own_division()
        return super().get_context_data(
            q=text,
            tree=points.tree(user),
            found=points.search(user, text)[:MOST] if text else None,
            due=patrols.due(user),
            division=own.code,
            **kwargs,
        )


@page(permission=SEE)
def branch(request: HttpRequest) -> HttpResponse:
    """The points of a group in the tree."""
    place = {
        "division_code": request.GET.get("division", ""),
        "group": request.GET.get("group", ""),
    }
    rows = points.search(user_of(request), **place)[:MOST]
    return render(request, "centre/video/_points.html", {"points": rows})


@page(permission=SEE)
def shapes(request: HttpRequest) -> HttpResponse:
    """All points in sight, for a map."""
    rows = points.search(user_of(request))[:5000]
    return JsonResponse(points.shapes(rows))


class PointPage(DetailPage):
    """The player of a point: live, or a recording; snapshot and report."""

    model = VideoPoint
    permission_required = SEE
    template_name = "centre/video/point.html"
    object: VideoPoint

    def get(self, request, *args, **kwargs):
        return playing(super().get(request, *args, **kwargs))

    def get_queryset(self):
        return super().get_queryset().select_related("owner")

    def get_breadcrumbs(self):
        return [ROOT, Crumb(self.object.name)]

    def get_page_actions(self):
        url = reverse("centre:point-edit", args=[self.object.pk])
        return [PageAction(_("Change"), url, permission=MANAGE)]

    def get_summary(self):
        row = self.object
        known = regions.find_division(row.division_code)
        state = components.status(row.get_state_display(), points.level(row))
        return [
            (_("Code"), row.code),
            (_("State"), state),
            (_("Kind"), row.get_kind_display()),
            (_("District"), known.label if known else row.division_code),
            (_("Group of points"), row.group),
            (_("Owner"), row.owner),
            (_("Note"), row.note),
        ]

    def replay(self) -> tuple[ReplayForm, str]:
        """The form of the recording, and the address it leads to."""
        asked = self.request.GET if "begin" in self.request.GET else None
        form = ReplayForm(asked)
        if asked is None or not form.is_valid() or not self.object.replay:
            return form, ""
        given = form.cleaned_data
        address = streams.replay_address(
            self.object.replay, given["begin"], given["end"]
        )
        return form, address

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, recording = self.replay()
        user, row = user_of(self.request), self.object
        return super().get_context_data(
            replay_form=form,
            source=recording or row.stream,
            recording=recording,
            points=points.shapes([row]),
            seen_form=seen_form(row) if user.has_perm("command.report_case") else None,
            **kwargs,
        )


def seen_form(point: VideoPoint) -> SeenForm:
    """The report of a point with its place filled in."""
    known = {"lon": point.lon, "lat": point.lat, "address": point.name}
    return SeenForm(initial=known)


class SeenPage(ActionPage):
    """A case from what was seen at a point; `walk` leads back to a patrol."""

    model = VideoPoint
    permission_required = "command.report_case"
    form_class = SeenForm
    title = _("Report what was seen")
    success_message = _("The report is registered and waits for acceptance.")
    object: VideoPoint

    def get_initial(self) -> dict[str, Any]:
        row = self.object
        known = {"lon": row.lon, "lat": row.lat, "address": row.name}
        return known | super().get_initial()

    def perform(self, form):
        user = user_of(self.request)
        pictures = stored(form, "photos", user)
        case = points.report(by=user, attachments=pictures, **form.values())
        walk = self.walk()
        if walk is None:
            return case
        order = int(self.request.POST.get("order") or 0)
        finding = case.description[:300]
        return patrols.look(walk=walk, order=order, by=user, finding=finding, case=case)

    def walk(self) -> VideoWalk | None:
        """The patrol on which it was seen."""
        key = self.request.POST.get("walk", "")
        mine = VideoWalk.objects.filter(by=user_of(self.request), ended_at=None)
        return mine.filter(pk=key).first() if key.isdigit() else None

    def get_success_url(self, result):
        return result.get_absolute_url()


class PointFilter(django_filters.FilterSet):
    """By kind and state."""

    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=PointKind.choices, empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=PointState.choices, empty_label=_("All")
    )

    class Meta:
        model = VideoPoint
        fields = ("kind", "state")


def area(point: VideoPoint) -> str:
    """The district in which a point stands."""
    return regions.name_of(point.division_code)


class PointList(ListPage):
    """Video points as a table."""

    model = VideoPoint
    permission_required = SEE
    title = _("Video points")
    filterset_class = PointFilter
    search_fields = ("code__startswith", "name", "group")
    ordering = ("code",)
    empty_text = _("Add points, or import a table.")
    columns = (
        Column("code", _("Code"), sort=True, link=True),
        Column("name", _("Name"), sort=True),
        Column("group", _("Group of points"), sort=True),
        Column("kind", _("Kind"), sort=True),
        Column("division_code", _("District"), sort=True, render=area, export=area),
        Column(
            "state",
            _("State"),
            sort=True,
            render=lambda row: components.status(
                row.get_state_display(), points.level(row)
            ),
        ),
        Column("owner", _("Owner")),
        Column("stream", _("Address of the stream (HLS)"), default=False),
        Column("is_active", _("In use"), default=False),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("owner")

    def get_breadcrumbs(self):
        return [ROOT]

    def get_page_actions(self):
        add, take = reverse("centre:point-add"), reverse("centre:point-import")
        return [
            PageAction(_("Add a point"), add, "plus", True, MANAGE),
            PageAction(_("Import a table"), take, permission=MANAGE),
        ]


class PointAdd(FormPage):
    """A new point."""

    permission_required = MANAGE
    form_class = PointForm
    title = _("Add a point")
    success_url = "centre:point-list"

    def get_breadcrumbs(self):
        return [ROOT]

    def perform(self, form):
        points.save_point(point=form.save(commit=False), by=user_of(self.request))


class PointEdit(EditPage):
    """Change a point."""

    model = VideoPoint
    permission_required = MANAGE
    form_class = PointForm
    title = _("Video point")

    def get_breadcrumbs(self):
        return [ROOT, Crumb(self.object.name, self.object.get_absolute_url())]

    def perform(self, form):
        return points.save_point(
            point=form.save(commit=False), by=user_of(self.request)
        )


class PointImport(FormPage):
    """A table of points, taken in as background work."""

    permission_required = MANAGE
    form_class = TableForm
    title = _("Import a table")
    success_url = "centre:point-list"
    lead = _(
        "Headings: code, name, group, kind (fixed, ptz, vehicle), lon, lat, "
        "coord_sys, stream, replay, state, owner (code of the unit), note. "
        "A known code changes the point."
    )

    def perform(self, form):
        user, table = user_of(self.request), form.cleaned_data["table"]
        return jobs.start("centre.import_points", by=user, upload=table)

    def get_success_url(self, result):
        return result.get_absolute_url()


class ServerList(ListPage):
    """Servers that pages may play from."""

    model = StreamServer
    permission_required = MANAGE
    title = _("Stream servers")
    ordering = ("name",)
    empty_text = _("Without a server, only streams of this platform itself play.")
    columns = (
        Column("name", _("Name"), sort=True, link=True),
        Column("address", _("Address")),
        Column("allow_private", _("May lie in a private network")),
        Column("is_active", _("In use")),
        Column("revision", _("Version"), number=True),
    )

    def get_breadcrumbs(self):
        return [ROOT]

    def get_page_actions(self):
        url = reverse("centre:server-add")
        return [PageAction(_("Add a server"), url, "plus", True, dialog=True)]


class ServerAdd(FormPage):
    """A new server."""

    permission_required = MANAGE
    form_class = ServerForm
    title = _("Add a server")
    success_url = "centre:server-list"

    def perform(self, form):
        streams.save_server(server=form.save(commit=False), by=user_of(self.request))


class ServerEdit(EditPage):
    """Change a server."""

    model = StreamServer
    permission_required = MANAGE
    form_class = ServerForm
    title = _("Stream server")
    success_url = "centre:server-list"

    def perform(self, form):
        streams.save_server(server=form.save(commit=False), by=user_of(self.request))
