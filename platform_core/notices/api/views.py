"""One's own notices over HTTP."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from platform_core.common.access import SIGNED_IN
from platform_core.notices import services
from platform_core.notices.models import Notice

from .filters import NoticeFilter
from .serializers import MarkedSerializer, NoticeSerializer


class NoticeListView(ListAPIView):
    """Notices of the caller, newest first."""

    permission_required = SIGNED_IN
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter
    queryset = Notice.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        return Notice.objects.visible_to(self.request.user)


class NoticeReadView(APIView):
    """Mark one notice as read."""

    permission_required = SIGNED_IN

    @extend_schema(
        operation_id="notices_read", request=None, responses=MarkedSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
        marked = services.mark_read(by=request.user, notices=[notice.pk])
        return Response({"marked": marked})


class NoticeReadAllView(APIView):
    """Mark all notices of the caller as read."""

    permission_required = SIGNED_IN

    @extend_schema(
        operation_id="notices_read_all", request=None, responses=MarkedSerializer
    )
    def post(self, request: Request) -> Response:
        return Response({"marked": services.mark_read(by=request.user)})
