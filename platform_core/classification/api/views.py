"""The catalogue over HTTP, from memory."""

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from platform_core.classification import selectors
from platform_core.classification.enums import Edition, Kind

from .serializers import (
    FilingConditionSerializer,
    MajorClassSerializer,
    ProblemClassDetailSerializer,
    ProblemClassSerializer,
)


class ClassTreeView(APIView):
    """Classes in use, under their major classes."""

    @extend_schema(
        operation_id="classes_list",
        parameters=[
            OpenApiParameter("edition", enum=Edition.values),
            OpenApiParameter("kind", enum=Kind.values),
        ],
        responses=MajorClassSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        edition = request.query_params.get("edition") or selectors.default_edition()
        kind = request.query_params.get("kind") or Kind.MATTER
        if edition not in Edition.values or kind not in Kind.values:
            raise Http404
        tree = selectors.tree(edition, kind)
        return Response(MajorClassSerializer(tree, many=True).data)


class ClassDetailView(APIView):
    """One class with its filing conditions."""

    @extend_schema(
        operation_id="classes_retrieve", responses=ProblemClassDetailSerializer
    )
    def get(self, request: Request, edition: str, kind: str, code: str) -> Response:
        found = selectors.problem_class(kind, code, edition)
        if found is None:
            raise Http404
        conditions = selectors.conditions(found)
        return Response(
            {
                **ProblemClassSerializer(found).data,
                "major_code": found.major_code,
                "major_name": found.major_name,
                "major_name_en": found.major_name_en,
                "confidence": found.confidence,
                "conditions": FilingConditionSerializer(conditions, many=True).data,
            }
        )
