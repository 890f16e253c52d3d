"""Addresses to positions and back, for phones, machines and our own pages."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from municipal.command.geocoding import reverse, search
from municipal.command.geocoding.requests import most, number, position, question
from platform_core.api.permissions import Stated
from platform_core.api.throttling import AnonymousThrottle, UserThrottle
from platform_core.common.access import PUBLIC

from .serializers import CandidateSerializer, CandidatesSerializer, DescribedSerializer

Q = OpenApiParameter("q", str, required=True)
LON = OpenApiParameter("lon", float)
LAT = OpenApiParameter("lat", float)


class PublicThrottle(AnonymousThrottle):
    """The rate `public_geocode`."""

    scope = "public_geocode"


class Geocode(APIView):
    """Candidates for an address, the best first."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = "geocoding.view_address"

    @extend_schema(parameters=[Q], responses=CandidatesSerializer)
    def get(self, request):
        found = search.geocode(question(request), limit=most(request))
        return Response({"results": CandidateSerializer(found, many=True).data})


class Reverse(APIView):
    """A position in words."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = "geocoding.view_address"

    @extend_schema(parameters=[LON, LAT], responses=DescribedSerializer)
    def get(self, request):
        lon, lat = number(request, "lon"), number(request, "lat")
        return Response(DescribedSerializer(reverse.describe(lon, lat)).data)


class Places(APIView):
    """Places by name, or by name and category around a position."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = "geocoding.view_address"

    @extend_schema(
        operation_id="places_search",
        parameters=[Q, LON, LAT, OpenApiParameter("radius", float)],
        responses=CandidatesSerializer,
    )
    def get(self, request):
        radius = min(number(request, "radius", 1000.0), 5000.0)
        found = search.places(
            question(request),
            near=position(request),
            radius=radius,
            limit=most(request),
        )
        rows = [
            CandidateSerializer(one).data
            | ({} if metres is None else {"distance": round(metres, 1)})
            for one, metres in found
        ]
        return Response({"results": rows})


class PublicGeocode(Geocode):
    """The same for citizens, a few times a minute."""

    permission_classes = [Stated]
    permission_required = PUBLIC
    throttle_classes = [PublicThrottle, UserThrottle]
    schema = None


class PublicReverse(Reverse):
    """The same for citizens, a few times a minute."""

    permission_classes = [Stated]
    permission_required = PUBLIC
    throttle_classes = [PublicThrottle, UserThrottle]
    schema = None
