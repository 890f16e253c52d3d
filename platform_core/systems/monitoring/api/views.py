"""HTTP access to figures and digests."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from platform_core.common.clock import today
from platform_core.systems.monitoring import periods, policies, selectors
from platform_core.systems.monitoring.models import (
    CaseDigest,
    Indicator,
    IndicatorValue,
)

from .filters import CaseDigestFilter, IndicatorValueFilter
from .serializers import (
    CaseDigestSerializer,
    IndicatorSerializer,
    IndicatorValueSerializer,
    RankingQuery,
    RankingSerializer,
    SeriesQuery,
    SeriesSerializer,
)


class IndicatorViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """The catalogue of indicators, their series and comparisons."""

    queryset = Indicator.objects.all()
    serializer_class = IndicatorSerializer
    permission_required = "monitoring.view_indicatorvalue"
    pagination_class = None
    filter_backends = []
    lookup_value_regex = r"[a-z0-9_.]+"

    @extend_schema(parameters=[SeriesQuery], responses=SeriesSerializer)
    @action(detail=True, pagination_class=None)
    def series(self, request, pk):
        """An indicator over time, added up for a division."""
        indicator = self.get_object()
        asked = SeriesQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        division = self._division(request, wanted)
        last = wanted.get("period_to") or today()
        first = wanted.get("period_from") or selectors.window_start(last)
        policies.check_window(first, last)
        points = selectors.series(
            indicator.code, division, first, last, wanted["grain"]
        )
        answer = {
            "indicator": indicator.code,
            "division": division,
            "unit": indicator.unit,
            "grain": wanted["grain"],
            "total": sum(point.value for point in points),
            "points": points,
        }
        return Response(SeriesSerializer(answer).data)

    @extend_schema(parameters=[RankingQuery], responses=RankingSerializer)
    @action(detail=True, pagination_class=None)
    def ranking(self, request, pk):
        """An indicator by the divisions right below one."""
        indicator = self.get_object()
        asked = RankingQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        division = self._division(request, asked.validated_data)
        period = asked.validated_data.get("period") or periods.month(today())
        ranked = selectors.ranking(indicator.code, division, period)
        rows = [
            {"division": one.code, "name": one.label, "value": value}
            for one, value in ranked
        ]
        answer = {
            "indicator": indicator.code,
            "division": division,
            "period": period,
            "rows": rows,
        }
        return Response(RankingSerializer(answer).data)

    def _division(self, request, wanted):
        division = wanted.get("division") or policies.home_division(request.user)
        if not policies.may_see_division(request.user, division):
            raise NotFound
        return division


class IndicatorValueViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Figures as they were reported."""

    queryset = IndicatorValue.objects.none()
    serializer_class = IndicatorValueSerializer
    permission_required = "monitoring.view_indicatorvalue"
    filterset_class = IndicatorValueFilter

    def get_queryset(self):
        rows = IndicatorValue.objects.visible_to(self.request.user)
        return rows.filter(is_withdrawn=False)


class CaseDigestViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Summaries of cases."""

    queryset = CaseDigest.objects.none()
    serializer_class = CaseDigestSerializer
    permission_required = "monitoring.view_indicatorvalue"
    filterset_class = CaseDigestFilter
    lookup_field = "uid"
    lookup_value_converter = "uuid"

    def get_queryset(self):
        rows = CaseDigest.objects.visible_to(self.request.user)
        return rows.filter(is_withdrawn=False)
