"""Cases over HTTP: list, report, look, act."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from municipal.command import places, selectors, services
from municipal.command.filters import CaseFilter
from municipal.command.models import Case
from municipal.command.requests import user_of
from platform_core.api.pagination import CursorPages
from platform_core.api.permissions import Stated
from platform_core.common.errors import DomainError

from . import rows
from .serializers import (
    ActionSerializer,
    CaseDetailSerializer,
    CaseSerializer,
    ComponentSerializer,
    FeaturesSerializer,
    OptionSerializer,
    PlaceSerializer,
    ReportSerializer,
    StepSerializer,
)
from .uploads import own_files

MOST_POINTS = 4000
MOST_RADIUS = 500
LON = OpenApiParameter("lon", float, required=True)
LAT = OpenApiParameter("lat", float, required=True)
BOX = OpenApiParameter("bbox", str, description="west,south,east,north", required=True)


class NewestPages(CursorPages):
    """Cases, the newest report first."""

    ordering: Any = ("-reported_at", "-id")


class CaseViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Cases the user may see."""

    queryset = Case.objects.none()
    serializer_class = CaseSerializer
    permission_classes = [IsAuthenticated, Stated]
    permission_required = {"create": "command.report_case", "*": "command.view_case"}
    pagination_class = NewestPages
    filterset_class = CaseFilter
    lookup_field = "uid"

    def get_queryset(self) -> Any:
        if self.action == "list":
            return Case.objects.visible_to(user_of(self.request))
        return selectors.actable(user_of(self.request))

    def get_serializer_class(self) -> Any:
        return CaseDetailSerializer if self.action == "retrieve" else CaseSerializer

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The newest cases first."""
        found = rows.columns(self.filter_queryset(self.get_queryset()))
        page = self.paginate_queryset(found)
        return self.get_paginated_response(rows.answers(page or []))

    @extend_schema(request=ReportSerializer, responses={201: CaseSerializer})
    def create(self, request: Request) -> Response:
        """Report a problem."""
        given = ReportSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        for name in ("attachments", "after_attachments"):
            values[name] = own_files(user_of(request), values.get(name, ()))
        case = services.report_case(by=user_of(request), **values)
        return Response(CaseSerializer(case).data, status=201)

    @extend_schema(request=ActionSerializer, responses=CaseSerializer)
    def act(self, request: Request, uid: UUID, action_code: str) -> Response:
        """Make a step of the process."""
        given = ActionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        values["attachments"] = own_files(
            user_of(request), values.get("attachments", ())
        )
        try:
            case = services.fire_seen(uid, action_code, by=user_of(request), **values)
        except Case.DoesNotExist as error:
            raise Http404 from error
        return Response(CaseSerializer(case).data)

    @extend_schema(responses=OptionSerializer(many=True), filters=False)
    def options_now(self, request: Request, uid: UUID) -> Response:
        """The steps out of the present state, each with the reason why not."""
        case = get_object_or_404(self.get_queryset(), uid=uid)
        found = services.case_options(case, user_of(request))
        return Response(OptionSerializer(found, many=True).data)

    @extend_schema(responses=StepSerializer(many=True), filters=False)
    def timeline(self, request: Request, uid: UUID) -> Response:
        """The steps that were made."""
        case = get_object_or_404(self.get_queryset(), uid=uid)
        found = selectors.timeline(case)
        return Response(StepSerializer(found, many=True).data)

    @extend_schema(responses=FeaturesSerializer, filters=True)
    def geojson(self, request: Request) -> Response:
        """Cases as points of a map, the newest ones where there are many."""
        found = self.filter_queryset(Case.objects.visible_to(user_of(request)))
        return Response(selectors.points(found[:MOST_POINTS]))


def number(request: Request, name: str, default: float | None = None) -> float:
    """A number of the address; a 400 where it is none."""
    try:
        return float(request.query_params.get(name, default))  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        message = _("This is not a number.")
        raise DomainError(message, fields={name: message}) from error


class PlaceView(APIView):
    """The unit grid and the areas that a position lies in."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = "command.view_case"

    @extend_schema(
        operation_id="grids_retrieve", parameters=[LON, LAT], responses=PlaceSerializer
    )
    def get(self, request: Request) -> Response:
        place = places.locate(number(request, "lon"), number(request, "lat"))
        codes = {
            name: getattr(place, name) for name in ("street_code", "community_code")
        }
        values = {**vars(place), **codes, "names": selectors.area_names(place)}
        return Response(PlaceSerializer(values).data)


class GridShapesView(APIView):
    """Unit grids of a box as polygons of a map."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = "command.view_case"

    @extend_schema(
        operation_id="grids_geojson", parameters=[BOX], responses=FeaturesSerializer
    )
    def get(self, request: Request) -> Response:
        parts = request.query_params.get("bbox", "").split(",")
        try:
            box = [float(part) for part in parts]
        except ValueError:
            box = []
        if len(box) != 4:
            message = _("Give the box as west,south,east,north.")
            raise DomainError(message, fields={"bbox": message})
        return Response(selectors.grid_shapes(box))


class ComponentsView(APIView):
    """Components near a point."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = "command.view_case"

    @extend_schema(
        operation_id="components_list",
        parameters=[
            LON,
            LAT,
            OpenApiParameter("radius", float, description="metres, at most 500"),
            OpenApiParameter("class_code", str),
        ],
        responses=ComponentSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        found = selectors.near_components(
            lon=number(request, "lon"),
            lat=number(request, "lat"),
            radius=min(number(request, "radius", 100), MOST_RADIUS),
            class_code=request.query_params.get("class_code", ""),
        )
        return Response(
            [
                {**ComponentSerializer(row).data, "distance": round(metres, 1)}
                for metres, row in found
            ]
        )
