"""Requests about cases over HTTP: list, ask, decide."""

from typing import Any
from uuid import UUID

import django_filters
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from municipal.command import services
from municipal.command.enums import RequestKind, RequestStatus
from municipal.command.models import Case, CaseRequest
from municipal.command.requests import user_of
from platform_core.api.pagination import CursorPages
from platform_core.api.permissions import Stated
from platform_core.api.serializers import Answer

from .serializers import UnitSerializer, text, uids
from .uploads import own_files


class CaseRequestSerializer(Answer, serializers.ModelSerializer):
    """What was asked about a case, and what was decided."""

    case = serializers.CharField(source="case.number", read_only=True)
    case_uid = serializers.UUIDField(source="case.uid", read_only=True)
    unit = UnitSerializer(read_only=True, allow_null=True)
    suggested_unit = UnitSerializer(read_only=True, allow_null=True)
    asked_by = serializers.CharField(read_only=True, allow_null=True)
    decided_by = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = CaseRequest
        fields = [
            "uid",
            "case",
            "case_uid",
            "kind",
            "status",
            "reason",
            "value",
            "until",
            "unit",
            "suggested_unit",
            "asked_by",
            "asked_at",
            "decided_by",
            "decided_at",
            "opinion",
            "is_final",
        ]
        read_only_fields = fields


class AskSerializer(serializers.Serializer):
    """What somebody asks for."""

    kind = serializers.ChoiceField(choices=RequestKind.choices)
    reason = serializers.CharField(max_length=2000)
    value = serializers.FloatField(min_value=0, max_value=1000, required=False)
    until = serializers.DateTimeField(required=False)
    unit = serializers.CharField(max_length=32, required=False)
    attachments = uids()


class DecideSerializer(serializers.Serializer):
    """Whether somebody agrees, and what the step needs."""

    approve = serializers.BooleanField()
    opinion = text(2000)
    until = serializers.DateTimeField(required=False)
    unit = serializers.CharField(max_length=32, required=False)


class RequestFilter(django_filters.FilterSet):
    """What requests are narrowed by."""

    kind = django_filters.ChoiceFilter(choices=RequestKind.choices)
    status = django_filters.ChoiceFilter(choices=RequestStatus.choices)

    class Meta:
        model = CaseRequest
        fields = ("kind", "status")


class NewestRequests(CursorPages):
    """Requests, the newest first."""

    ordering: Any = ("-asked_at", "-id")


class CaseRequestViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Requests about cases the user may see."""

    queryset = CaseRequest.objects.none()
    serializer_class = CaseRequestSerializer
    permission_classes = [IsAuthenticated, Stated]
    permission_required = {"decide": "command.decide_request", "*": "command.view_case"}
    pagination_class = NewestRequests
    filterset_class = RequestFilter
    lookup_field = "uid"

    def get_queryset(self) -> Any:
        rows = CaseRequest.objects.visible_to(user_of(self.request))
        return rows.select_related(
            "case__process", "unit", "suggested_unit", "asked_by", "decided_by"
        )

    @extend_schema(request=AskSerializer, responses={201: CaseRequestSerializer})
    def ask(self, request: Request, uid: UUID) -> Response:
        """Ask for something about a case."""
        user = user_of(request)
        rows = Case.objects.visible_to(user)
        case = get_object_or_404(rows.only("pk"), uid=uid)
        given = AskSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        values["attachments"] = own_files(user, values.get("attachments", ()))
        made = services.ask(case, values.pop("kind"), by=user, **values)
        return Response(CaseRequestSerializer(made).data, status=201)

    @extend_schema(
        request=DecideSerializer, responses=CaseRequestSerializer, filters=False
    )
    def decide(self, request: Request, uid: UUID) -> Response:
        """Approve or refuse; 409 says who was faster."""
        row = get_object_or_404(self.get_queryset(), uid=uid)
        given = DecideSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        done = services.decide(row, by=user_of(request), **given.validated_data)
        return Response(CaseRequestSerializer(done).data)
