"""The contract of the exchange itself: which nodes there are, and their keys."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from platform_core.datasets.federation import parent_code
from platform_core.datasets.registry import Dataset, register
from platform_core.regions.models import Node

from . import keys
from .enums import Relation, Suite
from .models import NodeKey, Peer
from .services import nodes


class KeySerializer(serializers.ModelSerializer):
    """A public key as it is announced."""

    serial = serializers.IntegerField(min_value=1)
    alg = serializers.ChoiceField(choices=Suite.choices)
    public_key = serializers.CharField(max_length=400)
    valid_from = serializers.DateTimeField()
    valid_to = serializers.DateTimeField(required=False)

    class Meta:
        model = NodeKey
        fields = ("serial", "alg", "public_key", "valid_from", "valid_to")


class NodeSerializer(serializers.ModelSerializer):
    """`data` of exchange.node."""

    code = serializers.RegexField(keys.NODE_CODE)
    tier = serializers.CharField(max_length=20)
    division = serializers.CharField(source="division_id", max_length=12)
    name = serializers.CharField(max_length=120)
    url = serializers.CharField(required=False, allow_blank=True, max_length=200)
    state = serializers.CharField(max_length=20)

    class Meta:
        model = Node
        fields = (
            "code",
            "tier",
            "division",
            "name",
            "url",
            "state",
        )

    def get_fields(self) -> dict[str, serializers.Field]:
        parent = serializers.CharField(
            source="parent_code", required=False, allow_blank=True, max_length=9
        )
        return super().get_fields() | {
            "parent": parent,
            "keys": KeySerializer(many=True),
        }

    def to_representation(self, instance: Node) -> dict[str, Any]:
        vars(instance)["keys"] = NodeKey.objects.filter(node=instance.code)
        return super().to_representation(instance)


def neighbours(node: Node) -> list[str]:
    """Those below hear about every node, the one above about those below it."""
    peers = Peer.objects.exclude(code=node.code).order_by("code")
    if node.code == parent_code():
        peers = peers.filter(relation=Relation.CHILD)
    return list(peers.values_list("code", flat=True))


NODE = register(
    Dataset(
        code=nodes.INTERFACE,
        version=1,
        name=_("Platforms and their keys"),
        direction="down",
        both_ways=True,
        model=Node,
        serializer=NodeSerializer,
        apply=nodes.apply,
        recipients=neighbours,
        relay=True,
    )
)
