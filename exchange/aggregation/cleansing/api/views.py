"""Reads for other systems of this platform, and the senders' answers."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exchange.aggregation.cleansing import selectors
from exchange.aggregation.cleansing.filters import (
    ProblemFilter,
    RunFilter,
    ScoreFilter,
)
from exchange.aggregation.cleansing.models import Problem, Run, Score
from exchange.aggregation.cleansing.services import handling

from .serializers import (
    AnswerSerializer,
    ProblemSerializer,
    RunSerializer,
    ScoreSerializer,
)


class RunListView(ListAPIView):
    """Cleansing runs, newest first."""

    permission_required = "cleansing.view_run"
    serializer_class = RunSerializer
    filterset_class = RunFilter
    queryset = Run.objects.select_related("table", "version")


class ScoreListView(ListAPIView):
    """The newest quality score of each table and sender."""

    permission_required = "cleansing.view_score"
    serializer_class = ScoreSerializer
    filterset_class = ScoreFilter
    queryset = Score.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        return selectors.newest_scores()


class ProblemListView(ListAPIView):
    """The problems that the caller may see."""

    permission_required = "cleansing.answer_problem"
    serializer_class = ProblemSerializer
    filterset_class = ProblemFilter
    queryset = Problem.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        seen = Problem.objects.visible_to(self.request.user)
        return seen.select_related("sender").order_by("due_at", "pk")


class ProblemAnswerView(APIView):
    """Answer a problem of one's own source."""

    permission_required = "cleansing.answer_problem"

    @extend_schema(
        operation_id="cleansing_problem_answer",
        request=AnswerSerializer,
        responses=ProblemSerializer,
    )
    def post(self, request: Request, uid: str) -> Response:
        problem = get_object_or_404(Problem.objects.visible_to(request.user), uid=uid)
        given = AnswerSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        answer, note = given.validated_data["answer"], given.validated_data["note"]
        act = handling.correct if answer == "corrected" else handling.explain
        return Response(
            ProblemSerializer(act(problem=problem, by=request.user, note=note)).data
        )
