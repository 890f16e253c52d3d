"""The phone's side of the platform: sync, and what is needed without a line."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from municipal.command.patrol.models import Device, SyncEntry
from municipal.command.patrol.phone import bundle, services
from municipal.command.requests import user_of
from platform_core.api.permissions import Stated
from platform_core.common import live
from platform_core.common.access import SIGNED_IN
from platform_core.common.clock import now

from .serializers import LedgerSerializer, SyncSerializer

RECENT = 100


def ledger(device: Device, rows: Any) -> Response:
    """The queue of a phone with these entries."""
    shown = {
        "next_seq": device.next_seq,
        "clock_offset": device.clock_offset,
        "server_time": now(),
        "entries": list(rows),
    }
    return Response(LedgerSerializer(shown).data)


class SyncView(APIView):
    """Take a batch in any order, again and again; say what became of each."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = SIGNED_IN

    @extend_schema(request=SyncSerializer, responses=LedgerSerializer)
    def post(self, request: Request) -> Response:
        given = SyncSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        device = services.contact(
            uid=values["device"],
            by=user_of(request),
            clock=values["device_clock"],
            name=values.get("name", ""),
            version=values.get("version", ""),
        )
        sent = [services.Sent(**each) for each in values["entries"]]
        services.take(device=device, sent=sent)
        services.apply_open(device)
        device.refresh_from_db()
        return ledger(device, device.entries.filter(seq__in=[e.seq for e in sent]))


class QueueView(APIView):
    """The newest entries of one of one's phones."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = SIGNED_IN

    @extend_schema(responses=LedgerSerializer)
    def get(self, request: Request, uid: UUID) -> Response:
        device = get_object_or_404(Device, uid=uid, user=user_of(request))
        return ledger(device, device.entries.order_by("-seq")[:RECENT])


class DropView(APIView):
    """Give up an entry that waits, so that the rest can go on."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = SIGNED_IN

    @extend_schema(request=None, responses=LedgerSerializer)
    def post(self, request: Request, uid: UUID, entry: UUID) -> Response:
        user = user_of(request)
        device = get_object_or_404(Device, uid=uid, user=user)
        get_object_or_404(SyncEntry, device=device, entry_id=entry)
        services.drop(device=device, entry_id=entry, by=user)
        services.apply_open(device)
        device.refresh_from_db()
        return ledger(device, device.entries.filter(entry_id=entry))


class BundleView(APIView):
    """All that a phone needs to work without a line; 304 while it is the same."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = SIGNED_IN

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        found = bundle.collect(user_of(request))
        etag = live.etag_of(found["version"])
        if live.same(request._request, etag):
            return Response(status=304, headers={"ETag": etag})
        return Response(
            found, headers={"ETag": etag, "Cache-Control": "private, no-cache"}
        )
