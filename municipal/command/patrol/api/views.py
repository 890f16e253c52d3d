"""Where inspectors are, where somebody went, what was done today."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from municipal.command.patrol import selectors
from municipal.command.patrol.models.scope import TEAM
from municipal.command.patrol.services import tracks
from municipal.command.requests import user_of
from platform_core.accounts.models import User
from platform_core.api.permissions import Stated
from platform_core.common import clock, live
from platform_core.common.access import SIGNED_IN
from platform_core.common.errors import DomainError
from platform_core.geo import shapes

DIVISION = OpenApiParameter("division", str, description="code of a division")
DAY = OpenApiParameter("day", OpenApiTypes.DATE)


class TrackSerializer(serializers.Serializer[Any]):
    """A track: [moment, longitude, latitude, accuracy] in order, and its marks."""

    person = serializers.CharField()
    day = serializers.DateField()
    points: Any = serializers.ListField(child=serializers.ListField())
    marks: Any = serializers.ListField(child=serializers.DictField())
    area = serializers.DictField()


class WorkSerializer(serializers.Serializer[Any]):
    """What somebody did today."""

    reports = serializers.IntegerField()
    self_handled = serializers.IntegerField()
    verified = serializers.IntegerField()
    checked = serializers.IntegerField()
    waiting = serializers.IntegerField()
    metres = serializers.IntegerField()
    outside_minutes = serializers.IntegerField()
    idle_minutes = serializers.IntegerField()


def day_of(request: Request) -> date:
    """The day of the address, today without one."""
    text = request.query_params.get("day", "")
    try:
        return date.fromisoformat(text) if text else clock.today()
    except ValueError as error:
        message = _("This is not a date.")
        raise DomainError(message, fields={"day": message}) from error


def span_of(day: date) -> tuple[datetime, datetime]:
    """A day from midnight to midnight, the night shift that begins in it whole."""
    begin = timezone.make_aware(datetime.combine(day, time.min))
    return begin, begin + timedelta(days=1)


def person_of(request: Request, pk: int) -> User:
    """Oneself, or an inspector in sight of who leads; 404 for anybody else."""
    user = user_of(request)
    people = User.objects.filter(pk=pk)
    if pk != user.pk:
        allowed = user.has_perm(TEAM)
        people = people.visible_to(user) if allowed else people.none()
    found: User | None = people.first()
    if found is None:
        raise Http404(str(pk))
    return found


class PositionsView(APIView):
    """Inspectors on duty as points of a map; 304 while nobody moved."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = TEAM

    @extend_schema(parameters=[DIVISION], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        user = user_of(request)
        division = request.query_params.get("division", "")
        minute = clock.now().strftime("%Y%m%d%H%M")
        version = live.version_of(tracks.TOPIC)
        etag = live.etag_of(user.pk, division, minute, version)
        if live.same(request._request, etag):
            return Response(status=304, headers={"ETag": etag})
        seen = selectors.on_duty().visible_to(user)  # type: ignore[attr-defined]
        found = selectors.positions([division] if division else [], duties=seen)
        body = shapes.collection(
            one.feature(reverse("patrol:inspector", args=[one.person.pk]))
            for one in found
        )
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        return Response(body, headers=headers)


class TrackView(APIView):
    """The track of a day: one's own, or that of an inspector one leads."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = SIGNED_IN

    @extend_schema(parameters=[DAY], responses=TrackSerializer)
    def get(self, request: Request, pk: int) -> Response:
        person, day = person_of(request, pk), day_of(request)
        begin, end = span_of(day)
        points = selectors.track(person, begin, end)
        marks = selectors.marks_of(person, begin, end)
        etag = live.etag_of(person.pk, day, len(points), points[-1:], marks.count())
        if live.same(request._request, etag):
            return Response(status=304, headers={"ETag": etag})
        found = {
            "person": str(person),
            "day": day,
            "points": points,
            "marks": [selectors.mark_row(mark) for mark in marks],
            "area": selectors.area_shapes(person),
        }
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        return Response(TrackSerializer(found).data, headers=headers)


class WorkView(APIView):
    """What somebody did today: oneself, or an inspector one leads."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = SIGNED_IN

    @extend_schema(responses=WorkSerializer)
    def get(self, request: Request, pk: int) -> Response:
        found = selectors.todays_work(person_of(request, pk))
        return Response(WorkSerializer(found).data)
