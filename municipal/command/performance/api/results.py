"""Results of evaluations over HTTP, to read."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from municipal.command.performance.enums import ObjectKind, PeriodKind, RunState
from municipal.command.performance.models import Result, Run
from municipal.command.requests import user_of
from platform_core.api.pagination import PageNumbers
from platform_core.api.permissions import Stated


class RunSerializer(serializers.Serializer[Run]):
    """One evaluation."""

    id = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(ObjectKind.choices)
    period = serializers.ChoiceField(PeriodKind.choices, source="period_kind")
    first = serializers.DateField()
    last = serializers.DateField()
    state = serializers.ChoiceField(RunState.choices)
    scheme = serializers.CharField(source="scheme.code")
    scheme_version = serializers.IntegerField(source="scheme.version")
    objects = serializers.IntegerField(source="objects_count")
    published_at = serializers.DateTimeField(allow_null=True)
    corrects = serializers.IntegerField(source="replaces_id", allow_null=True)


class IndicatorSerializer(serializers.Serializer[Any]):
    """One indicator of a result; value and score are null without data."""

    code = serializers.CharField()
    above = serializers.IntegerField()
    below = serializers.IntegerField(allow_null=True)
    value = serializers.DecimalField(12, 2, allow_null=True)
    score = serializers.DecimalField(5, 2, allow_null=True)


class ResultSerializer(serializers.Serializer[Result]):
    """What one object came to."""

    key = serializers.CharField()
    name = serializers.CharField(source="label")
    belongs_to = serializers.CharField(source="parent")
    group = serializers.CharField()
    composite = serializers.DecimalField(5, 2, allow_null=True)
    grade = serializers.CharField()
    rank = serializers.IntegerField(allow_null=True)
    previous = serializers.DecimalField(5, 2, allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField(), source="sums")
    indicators = serializers.SerializerMethodField()

    @extend_schema(responses=IndicatorSerializer(many=True))
    def get_indicators(self, row: Result) -> list[dict[str, Any]]:
        names = ("code", "above", "below", "value", "score")
        rows = [
            dict(zip(names, (code, *stored), strict=True))
            for code, stored in row.scores.items()
        ]
        return list(IndicatorSerializer(rows, many=True).data)


class ResultsView(APIView):
    """What all addresses of results have in common."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = "performance.view_result"

    def page(self, request: Request, rows: Any, form: Any) -> Response:
        """One page of rows."""
        pages = PageNumbers()
        found: Any = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(form(found, many=True).data)


class RunListView(ResultsView):
    """Evaluations in sight, the newest first."""

    @extend_schema(
        operation_id="performance_runs_list",
        parameters=[
            OpenApiParameter("kind", str, enum=ObjectKind.values),
            OpenApiParameter("state", str, enum=RunState.values),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
        responses=RunSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = Run.objects.visible_to(user_of(request)).select_related("scheme")
        for name in ("kind", "state"):
            if value := request.query_params.get(name):
                rows = rows.filter(**{name: value})
        return self.page(request, rows.order_by("-last", "-pk"), RunSerializer)


class RunResultsView(ResultsView):
    """The ranking of one evaluation."""

    @extend_schema(
        operation_id="performance_results_list",
        parameters=[
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
        responses=ResultSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        user = user_of(request)
        run = get_object_or_404(Run.objects.visible_to(user), pk=pk)
        rows = Result.objects.visible_to(user).filter(run=run)
        return self.page(
            request, rows.order_by("group", "rank", "key"), ResultSerializer
        )


class RunResultView(ResultsView):
    """One object of one evaluation."""

    @extend_schema(
        operation_id="performance_result_retrieve", responses=ResultSerializer
    )
    def get(self, request: Request, pk: int, key: str) -> Response:
        rows = Result.objects.visible_to(user_of(request))
        row = get_object_or_404(rows, run=pk, key=key)
        return Response(ResultSerializer(row).data)
