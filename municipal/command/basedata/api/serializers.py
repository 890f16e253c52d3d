"""Components, proposals and surveys as programs see them."""

from typing import Any

from rest_framework import serializers

from municipal.command.basedata.enums import Change, Finding, Origin
from municipal.command.basedata.models import (
    CampaignFinding,
    CampaignGrid,
    Proposal,
)
from municipal.command.models import Component


class ComponentSerializer(serializers.ModelSerializer):
    """Everything recorded of a component.  [GB/T 47678.5]"""

    class Meta:
        model = Component
        fields = [
            "code",
            "edition",
            "class_code",
            "class_name",
            "lon",
            "lat",
            "geometry",
            "grid_code",
            "address",
            "managing_unit",
            "owning_unit",
            "maintaining_unit",
            "status",
            "surveyed_on",
            "changed_on",
            "valid_to",
            "data_source",
            "note",
            "attributes",
            "revision",
        ]


class ProposeSerializer(serializers.Serializer):
    """A change that is proposed; `values` are those that differ."""

    change = serializers.ChoiceField(
        choices=[one for one in Change.choices if one[0] not in {"import", "roll_back"}]
    )
    component = serializers.CharField(max_length=17, required=False)
    values = serializers.DictField(required=False)
    origin = serializers.ChoiceField(choices=Origin.choices, default=Origin.PATROL)
    reason = serializers.CharField(max_length=300)
    attachments = serializers.ListField(child=serializers.UUIDField(), required=False)


class ProposalSerializer(serializers.ModelSerializer):
    """A proposed change and how it stands."""

    class Meta:
        model = Proposal
        fields = [
            "uid",
            "change",
            "origin",
            "subject",
            "title",
            "before",
            "after",
            "reason",
            "state",
            "review_note",
            "created_at",
        ]


class SurveyGridSerializer(serializers.ModelSerializer):
    """A grid that the user has to survey."""

    campaign = serializers.CharField(source="campaign.name")
    class_codes = serializers.JSONField(source="campaign.class_codes")
    ends_on = serializers.DateField(source="campaign.ends_on")

    class Meta:
        model = CampaignGrid
        fields = ["id", "grid_code", "campaign", "class_codes", "ends_on", "done_at"]


class NoteSerializer(serializers.Serializer):
    """What was found; the phone gives the `uid`, so that it may send twice."""

    uid = serializers.UUIDField()
    finding = serializers.ChoiceField(choices=Finding.choices)
    component = serializers.CharField(max_length=17, required=False)
    values = serializers.DictField(required=False)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    attachments = serializers.ListField(child=serializers.UUIDField(), required=False)


class FindingSerializer(serializers.ModelSerializer):
    """A finding and what came of it."""

    proposal: Any = serializers.SlugRelatedField(slug_field="uid", read_only=True)
    case: Any = serializers.SlugRelatedField(slug_field="uid", read_only=True)

    class Meta:
        model = CampaignFinding
        fields = ["uid", "finding", "proposal", "case", "at"]
