"""Components, proposals and surveys over HTTP."""

from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from municipal.command import selectors
from municipal.command.api.uploads import own_files
from municipal.command.api.views import number
from municipal.command.basedata.changes import services as changes
from municipal.command.basedata.components.filters import ComponentFilter
from municipal.command.basedata.models import CampaignGrid, Proposal
from municipal.command.basedata.surveys import selectors as surveys
from municipal.command.basedata.surveys import services as survey_services
from municipal.command.models import Component
from municipal.command.requests import user_of
from platform_core.api.pagination import CursorPages
from platform_core.api.permissions import Stated
from platform_core.common.errors import DomainError

from .serializers import (
    ComponentSerializer,
    FindingSerializer,
    NoteSerializer,
    ProposalSerializer,
    ProposeSerializer,
    SurveyGridSerializer,
)

LON = OpenApiParameter("lon", float, required=True)
LAT = OpenApiParameter("lat", float, required=True)


class CodePages(CursorPages):
    """Components by code."""

    ordering: Any = ("code",)


class NewestPages(CursorPages):
    """The newest first."""

    ordering: Any = ("-id",)


class ComponentViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Components of the user's divisions."""

    queryset = Component.objects.none()
    serializer_class = ComponentSerializer
    permission_classes = [IsAuthenticated, Stated]
    permission_required = {"*": "command.view_component"}
    pagination_class = CodePages
    filterset_class = ComponentFilter
    lookup_field = "code"
    lookup_value_regex = r"\d{16,17}"

    def get_queryset(self) -> Any:
        return Component.objects.visible_to(user_of(self.request))

    @extend_schema(parameters=[LON, LAT], responses=ComponentSerializer, filters=False)
    @action(detail=False, pagination_class=None)
    def nearest(self, request: Request) -> Response:
        """The component next to a point, within a kilometre."""
        found = selectors.nearest_component(
            lon=number(request, "lon"),
            lat=number(request, "lat"),
            class_code=request.query_params.get("class_code", ""),
        )
        if found is None:
            return Response(None)
        metres, row = found
        seen = get_object_or_404(self.get_queryset(), pk=row.pk)
        return Response(
            {**ComponentSerializer(seen).data, "distance": round(metres, 1)}
        )


class ProposalViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """One's own proposals, and those one may decide about."""

    queryset = Proposal.objects.none()
    serializer_class = ProposalSerializer
    permission_classes = [IsAuthenticated, Stated]
    permission_required = {"*": "basedata.propose_change"}
    pagination_class = NewestPages
    lookup_field = "uid"

    def get_queryset(self) -> Any:
        return Proposal.objects.visible_to(user_of(self.request))

    @extend_schema(request=ProposeSerializer, responses={201: ProposalSerializer})
    @transaction.atomic
    def create(self, request: Request) -> Response:
        """Propose a change of a component, or a new one."""
        given = ProposeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values, user = given.validated_data, user_of(request)
        made = changes.propose(
            subject="component",
            change=values["change"],
            target=known_component(request, values),
            values=values.get("values"),
            origin=values["origin"],
            reason=values["reason"],
            photos=own_files(user, values.get("attachments", ())),
            by=user,
        )
        return Response(ProposalSerializer(made).data, status=201)


def known_component(request: Request, values: dict[str, Any]) -> Component | None:
    """The component that is named, among those the user may see."""
    if not values.get("component"):
        return None
    rows = Component.objects.visible_to(user_of(request))
    return get_object_or_404(rows, code=values["component"])


class SurveyViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """The grids that the user surveys now."""

    queryset = CampaignGrid.objects.none()
    serializer_class = SurveyGridSerializer
    permission_classes = [IsAuthenticated, Stated]
    permission_required = {"*": "command.verify_case"}
    pagination_class = NewestPages

    def get_queryset(self) -> Any:
        return surveys.open_grids(user_of(self.request))

    @extend_schema(responses=ComponentSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def components(self, request: Request, pk: str) -> Response:
        """What stands in the grid by the record."""
        rows = surveys.to_look_at(self.get_object()).order_by("code")
        return Response(ComponentSerializer(rows, many=True).data)

    @extend_schema(request=NoteSerializer, responses={201: FindingSerializer})
    @action(detail=True, methods=["post"])
    @transaction.atomic
    def findings(self, request: Request, pk: str) -> Response:
        """Note what was found; a second time with the same uid changes nothing."""
        given = NoteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values, user = given.validated_data, user_of(request)
        made = survey_services.note_finding(
            self.get_object(),
            uid=values["uid"],
            finding=values["finding"],
            component=known_component(request, values),
            values=values.get("values"),
            note=values.get("note", ""),
            photos=self._files(values),
            by=user,
        )
        return Response(FindingSerializer(made).data, status=201)

    def _files(self, values: dict[str, Any]) -> list[Any]:
        """Pictures not attached yet; those of a repeated finding are already."""
        try:
            return own_files(user_of(self.request), values.get("attachments", ()))
        except DomainError:
            known = CampaignGrid.objects.filter(findings__uid=values["uid"])
            if known.exists():
                return []
            raise

    @extend_schema(request=None, responses=SurveyGridSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """Say that the grid is surveyed."""
        grid = survey_services.finish_grid(self.get_object(), by=user_of(request))
        return Response(SurveyGridSerializer(grid).data)
