"""Counts for machines."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from municipal.command.requests import user_of
from platform_core.api.permissions import Stated

from . import asking, scopes, tables

MOST = 500


class CountSerializer(serializers.Serializer[Any]):
    """An object with all its counts."""

    key = serializers.CharField()
    name = serializers.CharField(source="label")
    counts = serializers.DictField(child=serializers.IntegerField())


class CountsSerializer(serializers.Serializer[Any]):
    """A page of objects; `next` is the key to go on after, if there are more."""

    kind = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    next = serializers.CharField(allow_null=True)
    results = CountSerializer(many=True)


class Counts(APIView):
    """The base measures of the objects of a kind in a period."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = scopes.VIEW

    @extend_schema(
        operation_id="performance_counts",
        parameters=[
            OpenApiParameter("kind", str),
            OpenApiParameter("period", str),
            OpenApiParameter("first", str),
            OpenApiParameter("last", str),
            OpenApiParameter("key", str, many=True),
            OpenApiParameter("after", str),
        ],
        responses=CountsSerializer,
    )
    def get(self, request: Request) -> Response:
        user = user_of(request)
        form = asking.read(request.query_params, user)
        kind, period = form.chosen, form.asked
        wanted = set(request.query_params.getlist("key"))
        found = sorted(tables.rows(kind, period, user), key=lambda row: row.key)
        after = request.query_params.get("after", "")
        rest = [
            row
            for row in found
            if row.key > after and (not wanted or row.key in wanted)
        ]
        page = {
            "kind": kind.value,
            "first": period.first,
            "last": period.last,
            "next": rest[MOST - 1].key if len(rest) > MOST else None,
            "results": rest[:MOST],
        }
        return Response(CountsSerializer(page).data)
