"""The catalogue over HTTP, from memory."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from platform_core.classification import selectors, services
from platform_core.classification.enums import Edition, Kind
from platform_core.classification.models import FilingCondition
from platform_core.common.access import SIGNED_IN

from .serializers import (
    EditionSerializer,
    FilingConditionSerializer,
    LimitSerializer,
    MajorClassSerializer,
    ProblemClassDetailSerializer,
    ProblemClassSerializer,
)


class ClassTreeView(APIView):
    """Classes in use, under their major classes."""

    permission_required = SIGNED_IN

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

    permission_required = SIGNED_IN

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


class DefaultEditionView(APIView):
    """The edition that new cases are classified by; an administrator sets it."""

    permission_required = {
        "GET": SIGNED_IN,
        "PUT": "classification.change_cataloguestate",
    }

    @extend_schema(operation_id="classes_edition", responses=EditionSerializer)
    def get(self, request: Request) -> Response:
        return Response({"edition": selectors.default_edition()})

    @extend_schema(
        operation_id="classes_edition_update",
        request=EditionSerializer,
        responses=EditionSerializer,
    )
    def put(self, request: Request) -> Response:
        given = EditionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        edition = given.validated_data["edition"]
        services.set_default_edition(edition=edition, by=request.user)
        return Response({"edition": edition})


class ConditionView(APIView):
    """One filing condition, whose time limit a city sets for itself."""

    permission_required = "classification.change_filingcondition"

    @extend_schema(
        operation_id="classes_limit_update",
        request=LimitSerializer,
        responses=FilingConditionSerializer,
    )
    def patch(
        self, request: Request, edition: str, kind: str, code: str, number: str
    ) -> Response:
        condition = get_object_or_404(
            FilingCondition,
            problem_class__edition=edition,
            problem_class__kind=kind,
            problem_class__code=code,
            number=number,
            grade=request.query_params.get("grade", ""),
        )
        given = LimitSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        changed = services.set_limit(
            condition=condition,
            value=data["limit_value"],
            unit=data["limit_unit"],
            department_type=data.get("department_type"),
            by=request.user,
        )
        return Response(FilingConditionSerializer(changed).data)
