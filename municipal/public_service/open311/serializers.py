"""Requests as Open311 shows them, and what a client may post."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request

from municipal.public_service.models import PublicRequest
from municipal.public_service.selectors import is_finished, last_word

from .catalogue import SEPARATOR


class NewRequest(serializers.Serializer):
    """Arguments of POST requests.  [GeoReport v2]"""

    service_code = serializers.CharField()
    lat = serializers.FloatField(min_value=-90, max_value=90)
    long = serializers.FloatField(min_value=-180, max_value=180)
    address_string = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=200
    )
    description = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=4000
    )
    first_name = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=60
    )
    last_name = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=60
    )
    phone = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=30
    )
    email = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=100
    )
    media_url = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=500
    )
    media = serializers.FileField(required=False)

    default_error_messages = {"required": _("This field is required.")}


def shown(item: PublicRequest, request: Request) -> dict[str, Any]:
    """One request for the public: never who reported it."""
    case = item.case
    unit = case.handling_unit
    return {
        "service_request_id": case.number,
        "status": "closed" if is_finished(item) else "open",
        "status_notes": last_word(item),
        "service_name": case.class_name,
        "service_code": SEPARATOR.join(
            (case.edition, case.class_kind, case.class_code)
        ),
        "description": case.description,
        "agency_responsible": unit.name if unit else "",
        "service_notice": "",
        "requested_datetime": item.created_at.isoformat(),
        "updated_datetime": case.updated_at.isoformat(),
        "expected_datetime": (
            case.handling_deadline.isoformat() if case.handling_deadline else None
        ),
        "address": case.address,
        "address_id": "",
        "zipcode": "",
        "lat": case.lat,
        "long": case.lon,
        "media_url": _photo(item, request),
    }


def _photo(item: PublicRequest, request: Request) -> str:
    """The first report photo, once a person has accepted the report."""
    uid = getattr(item, "photo_uid", None)
    if uid is None:
        return ""
    return str(request.build_absolute_uri(reverse("public_service:photo", args=[uid])))
