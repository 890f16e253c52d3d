"""The wall and what it asks for."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_POST

from municipal.command.centre.board import selectors
from municipal.command.centre.board.noting import TOPIC
from municipal.command.centre.models import Screen
from municipal.command.enums import OPEN, State
from municipal.command.queries.filters import majors
from municipal.command.requests import user_of
from municipal.command.selectors import grid_box, middle_of_grids
from platform_core.common import clock, live
from platform_core.common.snapshots import Snapshot
from platform_core.regions.models import Division
from platform_core.ui.live import answer, etagged
from platform_core.ui.permissions import page
from platform_core.ui.views.base import PlainPage

from . import commanding, inside, panels, people
from .scope import VIEW, area_of, areas, narrowing, prefixes
from .state import state_of

VIDEO = "centre.view_video"
USUAL, SCENE = "week", "routine"
RENEWAL_SECONDS = 60
POLL_MILLISECONDS = 2500
_boxes = Snapshot("centre.boxes")
NOBODY = "00000000-0000-0000-0000-000000000000"


def version(request: HttpRequest) -> str:
    """Changes with every step of a case, and each minute, for time goes by."""
    minute = int(clock.now().timestamp()) // RENEWAL_SECONDS
    return f"{live.version_of(TOPIC)}-{minute}"


def span_of(request: HttpRequest, usual: str = USUAL) -> str:
    """Day, week or month."""
    span = request.GET.get("span", usual)
    if span not in selectors.SPANS:
        raise Http404(span)
    return span


@require_GET
@page(permission=VIEW)
@etagged(version=version)
def data(request: HttpRequest) -> HttpResponse:
    """What the wall asks for every few seconds; 304 while nothing changed."""
    found = state_of(area_of(request), span_of(request), user_of(request))
    if key := request.GET.get("screen", ""):
        rows = Screen.objects.visible_to(user_of(request)).filter(pk=key)
        found["revision"] = rows.values_list("revision", flat=True).first()
    return JsonResponse(found)


@require_GET
@page(permission=VIEW)
def inspectors(request: HttpRequest) -> Any:
    """Inspectors on duty for the map and the panel; 304 while nobody moves."""
    found = people.of_area(user_of(request), area_of(request))
    return answer(request, JsonResponse(found))


@require_GET
@page(permission=VIEW)
def track(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an inspector of the area was today."""
    found = people.positions(user_of(request), area_of(request))
    if pk not in {row.person.pk for row in found}:
        raise Http404(pk)
    return JsonResponse(people.track(pk))


@require_GET
@page(permission=VIEW)
def within(request: HttpRequest) -> HttpResponse:
    """What lies in a box or circle."""
    shape = inside.read(request.GET)
    return JsonResponse(
        inside.of_shape(shape, user_of(request), area_of(request), request.GET)
    )


@require_POST
@page(permission=commanding.COMMAND)
def act(request: HttpRequest) -> HttpResponse:
    """Preview a task for chosen cases, or do it with `confirm`."""
    action, keys = request.POST.get("action", ""), request.POST.getlist("cases")
    user = user_of(request)
    if not request.POST.get("confirm"):
        return JsonResponse(commanding.preview(action, keys, user=user))
    given = {name: str(text) for name, text in request.POST.items()}
    return JsonResponse(commanding.run(action, keys, by=user, given=given))


@require_POST
@page(permission=commanding.COMMAND)
def message(request: HttpRequest) -> HttpResponse:
    """Tell chosen people something."""
    told = commanding.message(
        request.POST.getlist("people"),
        text=request.POST.get("text", ""),
        by=user_of(request),
    )
    return JsonResponse({"told": told})


class WallPage(PlainPage):
    """The wall: a scene, or the pages of a screen."""

    permission_required = VIEW
    title = gettext_lazy("Wall of the command centre")
    template_name = "centre/wall.html"

    def screen(self) -> Screen | None:
        """The screen of the address."""
        if "pk" not in self.kwargs:
            return None
        rows = Screen.objects.visible_to(user_of(self.request))
        return get_object_or_404(rows.filter(is_active=True), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        screen, user = self.screen(), user_of(self.request)
        area = area_of(self.request, screen.area if screen else "")
        span = span_of(self.request, screen.span if screen else USUAL)
        scene = self.request.GET.get("scene", SCENE)
        if scene not in panels.SCENES:
            raise Http404(scene)
        pages = screen.pages if screen else panels.scene(scene)
        seconds = screen.seconds if screen else 30 * (len(pages) > 1)
        found = super().get_context_data(**kwargs)
        found.pop("heading")
        return {
            **found,
            "screen": screen,
            "area": area,
            "areas": areas(user),
            "span": span,
            "spans": panels.SPANS,
            "pages": panels.allowed(pages, user),
            "map": map_of(area),
            "states": [(state.value, state.label) for state in State if state in OPEN],
            "majors": majors(),
            "actions": commanding.offered(user),
            "may_message": user.has_perm(commanding.COMMAND),
            "config": {
                **config(area, span, screen, seconds),
                "places": places(areas(user)),
            },
            "state": state_of(area, span, user),
            "may_watch": user.has_perm(VIDEO),
        }


def map_of(area: Division) -> dict[str, Any]:
    """Where the map of the wall opens."""
    middle = (area.lon, area.lat) if area.lon else middle_of_grids()
    link = reverse("command:case-detail", args=[NOBODY])
    return {
        "division": area.code,
        "middle": middle or (105, 36),
        "tiles_url": pattern("queries:case-tile"),
        "tiles_link": link.replace(NOBODY, "{code}"),
    }


def places(found: list[Division]) -> list[dict[str, Any]]:
    """Names of the districts for the map."""
    return [
        {"name": one.label, "lon": one.lon, "lat": one.lat}
        for one in found
        if narrowing(one) and one.lon
    ]


def box_of(area: Division) -> list[float]:
    """West, south, east, north of the grids of an area; remembered."""

    def load() -> list[float]:
        found = grid_box(prefixes(area))
        return [*found] if found else []

    return _boxes.get(area.code, load)


def pattern(name: str) -> str:
    """The address of tiles with its three places."""
    return reverse(name, args=[0, 0, 0]).replace("/0/0/0.", "/{z}/{x}/{y}.")


def config(
    area: Division, span: str, screen: Screen | None, seconds: int
) -> dict[str, Any]:
    """Addresses and words for the script of the wall."""
    return {
        "interval": POLL_MILLISECONDS,
        "area": area.code,
        "span": span,
        "screen": screen.pk if screen else None,
        "revision": screen.revision if screen else None,
        "seconds": seconds,
        "urls": {
            "data": reverse("centre:wall-data"),
            "people": reverse("centre:wall-people"),
            "track": reverse("centre:wall-track", args=[0]).replace("/0/", "/{key}/"),
            "inside": reverse("centre:wall-inside"),
            "act": reverse("centre:wall-act"),
            "message": reverse("centre:wall-message"),
            "cases": pattern("queries:case-tile"),
            "components": pattern("basedata:component-tile"),
            "grids": reverse("command_api:grid-shapes"),
            "video": reverse("centre:video-shapes"),
        },
        "box": box_of(area),
        "most": commanding.MOST,
        "states": {state.value: str(state.label) for state in State},
        "text": texts(),
    }


def texts() -> dict[str, str]:
    """What the script says."""
    return {
        "month": _("This month"),
        "year": _("This year"),
        "yesterday": _("Yesterday"),
        "open": _("Open"),
        "late": _("Overdue"),
        "class": _("Class"),
        "street": pgettext("wall", "Area"),
        "recurring": _("Recurring"),
        "unit": _("Department"),
        "former": _("Change against the days before"),
        "nothing": _("Nothing happened in this time."),
        "noRecurring": _("No problem came back within 30 days."),
        "noStream": _("New cases and their steps appear here."),
        "noPeople": _("Nobody is on duty now."),
        "noRanking": _("The first evaluation will be shown here."),
        "times": _("times"),
        "others": _("Others"),
        "green": _("In order"),
        "yellow": _("Idle"),
        "red": _("Outside"),
        "grey": _("No news"),
        "onDuty": _("On duty"),
        "updated": _("Figures of"),
        "now": _("Open now"),
        "done": _("Done"),
        "left": _("Not done"),
        "goes": _("Goes"),
        "told": _("People told"),
        "nearDue": _("Near due"),
        "inTime": _("In time"),
        "replay": _("Replay"),
        "call": _("Call"),
        "track": _("Track"),
        "failed": _("This did not work."),
        "cases": _("Cases"),
        "components": _("Components"),
        "people": _("Inspectors"),
        "video": _("Video points"),
        "none": _("There is nothing here."),
    }
