"""The contract of drill records: they go to a chosen platform, up or down."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from platform_core.datasets.registry import Dataset, register

from . import services
from .enums import INTERFACE
from .models import DrillRecord


class DrillRecordData(serializers.ModelSerializer):
    """`data` of exchange.drill."""

    class Meta:
        model = DrillRecord
        fields = ("run", "number", "refuse")


register(
    Dataset(
        code=INTERFACE,
        version=1,
        name=_("Records of drills"),
        direction="down",
        both_ways=True,
        share="none",
        model=DrillRecord,
        serializer=DrillRecordData,
        apply=services.take,
        recipients=lambda record: [record.receiver],
    )
)
