"""HTTP access to the data standard and to what landed."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from exchange.interfaces.filters import BatchFilter, RowFilter, TableFilter
from exchange.interfaces.models import Batch, Row, Table, TableVersion
from exchange.interfaces.sampling import sample

from .serializers import (
    BatchSerializer,
    RowSerializer,
    TableSerializer,
    VersionSerializer,
)


class Reading(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Lists and single objects."""


class TableViewSet(Reading):
    """The tables of the data standard, their versions, schemas and samples."""

    queryset = Table.objects.select_related("current").order_by("code")
    serializer_class = TableSerializer
    permission_required = "interfaces.view_table"
    filterset_class = TableFilter
    lookup_field = "code"
    lookup_value_regex = r"[a-z0-9_]+"

    @extend_schema(responses=VersionSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def versions(self, request, code):
        """All versions with fields and schema, newest first."""
        rows = self.get_object().versions.prefetch_related("fields")
        return Response(VersionSerializer(rows, many=True).data)

    @extend_schema(responses={200: dict})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def sample(self, request, code):
        """A sample record that fits the present schema."""
        current = self.get_object().current
        return Response(sample(current) if current else {})


class VersionViewSet(Reading):
    """Versions of tables."""

    queryset = TableVersion.objects.select_related("table").prefetch_related("fields")
    serializer_class = VersionSerializer
    permission_required = "interfaces.view_table"
    lookup_field = "uid"
    filter_backends = []


class BatchViewSet(Reading):
    """What arrived."""

    queryset = Batch.objects.select_related("table").order_by("-pk")
    serializer_class = BatchSerializer
    permission_required = "interfaces.view_landed"
    filterset_class = BatchFilter
    lookup_field = "uid"


class RowViewSet(Reading):
    """Rows as they came, personal data masked."""

    queryset = Row.objects.select_related("table__current").order_by("-pk")
    serializer_class = RowSerializer
    permission_required = "interfaces.view_landed"
    filterset_class = RowFilter
