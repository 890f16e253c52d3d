"""The contract of certificates."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from platform_core.datasets.registry import Dataset, register

from .enums import INTERFACE, MAX_REVISION, REPAIR, WANTED, State
from .models import Certificate, RepairRequest
from .services import receiving, requesting


class StatementSerializer(serializers.Serializer):
    """What one end has, in its own words."""

    interface = serializers.CharField(max_length=80)
    origin = serializers.CharField(max_length=9)
    node = serializers.CharField(max_length=9)
    peer = serializers.CharField(max_length=9)
    role = serializers.ChoiceField(choices=["source", "holder"])
    count = serializers.IntegerField(min_value=0)
    digest = serializers.CharField(min_length=64, max_length=64)
    at = serializers.CharField(max_length=40)


class SealSerializer(serializers.Serializer):
    """A signature over the JCS form of the statement."""

    alg = serializers.CharField(max_length=20)
    keyid = serializers.CharField(max_length=24)
    value = serializers.CharField(max_length=400)


class SaidSerializer(serializers.Serializer):
    """A signed statement."""

    statement = StatementSerializer(required=False)
    seal = SealSerializer(required=False, allow_null=True)


class DifferenceSerializer(serializers.Serializer):
    """One record on which the ends did not agree."""

    uid = serializers.CharField(max_length=36)
    kind = serializers.CharField(max_length=20)
    revision = serializers.IntegerField(min_value=0)
    theirs = serializers.IntegerField(min_value=0)


class CertificateSerializer(serializers.ModelSerializer):
    """`data` of reconciliation.certificate."""

    source = serializers.CharField(  # type: ignore[assignment]
        source="origin", max_length=9
    )
    state = serializers.ChoiceField(choices=State.choices)
    source_says = SaidSerializer()
    holder_says = SaidSerializer()
    details = DifferenceSerializer(many=True)

    class Meta:
        model = Certificate
        fields = (
            "day",
            "interface",
            "record_origin",
            "source",
            "holder",
            "state",
            "found",
            "healed",
            "details",
            "finished_at",
            "source_says",
            "holder_says",
        )


def to_holder(certificate: Certificate) -> list[str]:
    """The other end gets it."""
    return [certificate.holder]


CERTIFICATE = register(
    Dataset(
        code=INTERFACE,
        version=1,
        name=_("Certificates of equal records"),
        direction="down",
        both_ways=True,
        model=Certificate,
        serializer=CertificateSerializer,
        apply=receiving.apply,
        recipients=to_holder,
        share="none",
        frequency="daily",
    )
)


class WantedSerializer(serializers.Serializer):
    """A record, and the revision above which it is wanted."""

    uid = serializers.UUIDField()
    above = serializers.IntegerField(min_value=1, max_value=MAX_REVISION)


class RepairRequestSerializer(serializers.ModelSerializer):
    """`data` of reconciliation.repair."""

    wanted = serializers.ListField(
        child=WantedSerializer(), min_length=1, max_length=WANTED
    )

    class Meta:
        model = RepairRequest
        fields = ("receiver", "interface", "record_origin", "wanted")


def to_receiver(request: RepairRequest) -> list[str]:
    """The next platform on the way to the origin gets it."""
    return [request.receiver]


register(
    Dataset(
        code=REPAIR,
        version=1,
        name=_("Requests to announce records again"),
        direction="down",
        both_ways=True,
        model=RepairRequest,
        serializer=RepairRequestSerializer,
        apply=requesting.apply,
        recipients=to_receiver,
        share="none",
    )
)


def as_data(certificate: Certificate) -> dict[str, Any]:
    """A certificate as it travels and as it is downloaded."""
    return CERTIFICATE.data(certificate)
