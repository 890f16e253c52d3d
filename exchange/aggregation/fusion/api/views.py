"""Reads for other systems of this platform, and the reviewers' decisions."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exchange.aggregation.fusion import selectors
from exchange.aggregation.fusion.filters import (
    MasterFilter,
    PairFilter,
    RunFilter,
    UnmatchedFilter,
)
from exchange.aggregation.fusion.models import Master, Pair, Run, Task, UnmatchedCode
from exchange.aggregation.fusion.services import deciding

from .serializers import (
    FusionRunSerializer,
    FusionTaskSerializer,
    MasterSerializer,
    PairDecisionSerializer,
    PairSerializer,
    UnmatchedCodeSerializer,
)


class TaskListView(ListAPIView):
    """Fusion tasks with the number of their master records."""

    permission_required = "fusion.view_task"
    serializer_class = FusionTaskSerializer
    queryset = Task.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        return selectors.subjects().order_by("code")


class RunListView(ListAPIView):
    """Fusion runs, newest first."""

    permission_required = "fusion.view_run"
    serializer_class = FusionRunSerializer
    filterset_class = RunFilter
    queryset = Run.objects.select_related("task", "version")


class UnmatchedListView(ListAPIView):
    """Codes that no map knows, the most frequent first."""

    permission_required = "fusion.view_codemap"
    serializer_class = UnmatchedCodeSerializer
    filterset_class = UnmatchedFilter
    queryset = UnmatchedCode.objects.select_related("code_map__table")


class PairListView(ListAPIView):
    """Pairs between the thresholds, the surest first."""

    permission_required = "fusion.view_pair"
    serializer_class = PairSerializer
    filterset_class = PairFilter
    queryset = Pair.objects.select_related("task")


class PairDecisionView(APIView):
    """Say what two rows are."""

    permission_required = "fusion.review_pair"

    @extend_schema(
        operation_id="fusion_pair_decide",
        request=PairDecisionSerializer,
        responses=PairSerializer,
    )
    def post(self, request: Request, uid: str) -> Response:
        pair = get_object_or_404(Pair.objects.select_related("task"), uid=uid)
        given = PairDecisionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        same = given.validated_data["decision"] == "same"
        act = deciding.accept if same else deciding.reject
        done = act(pair=pair, by=request.user, note=given.validated_data["note"])
        return Response(PairSerializer(done).data)


class MasterListView(ListAPIView):
    """Master records of all subjects, or of one by `task`."""

    permission_required = "fusion.view_master"
    serializer_class = MasterSerializer
    filterset_class = MasterFilter
    queryset = Master.objects.select_related("task__current", "merged_into").order_by(
        "pk"
    )


class MasterView(RetrieveAPIView):
    """One master record with the source of each value."""

    permission_required = "fusion.view_master"
    serializer_class = MasterSerializer
    lookup_field = "uid"
    queryset = Master.objects.select_related("task__current", "merged_into")
