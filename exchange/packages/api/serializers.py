"""Packages as JSON."""

from rest_framework import serializers

from exchange.delivery.models import Batch, Peer
from exchange.packages.enums import Span
from exchange.packages.models import Package, Problem
from exchange.packages.services.choosing import Wish


class PackageSerializer(serializers.ModelSerializer):
    """A package with what became of it."""

    peer = serializers.CharField(source="peer.code")
    answers = serializers.UUIDField(source="answers.uid", default=None)

    class Meta:
        model = Package
        fields: tuple[str, ...] = (
            "uid",
            "number",
            "direction",
            "kind",
            "state",
            "peer",
            "answers",
            "span",
            "interfaces",
            "name",
            "size",
            "sha256",
            "keyid",
            "groups",
            "records",
            "files",
            "missing",
            "applied",
            "unchanged",
            "rejected",
            "code",
            "reason",
            "made_at",
            "created_at",
            "ended_at",
        )


class DetailSerializer(PackageSerializer):
    """The same with the receipts that were made of it, or came for it."""

    receipts: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="uid", many=True, read_only=True
    )

    class Meta(PackageSerializer.Meta):
        fields = (*PackageSerializer.Meta.fields, "receipts")


class ProblemSerializer(serializers.ModelSerializer):
    """A record that was refused, or would be."""

    class Meta:
        model = Problem
        fields = (
            "part",
            "interface",
            "origin",
            "uid",
            "revision",
            "code",
            "field",
            "message",
        )


class MakeSerializer(serializers.Serializer):
    """For whom, and what goes in; no interfaces: all."""

    peer: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code", queryset=Peer.objects.all()
    )
    span = serializers.ChoiceField(choices=Span.choices, default=Span.WAITING)
    interfaces = serializers.ListField(
        child=serializers.CharField(max_length=80), default=list
    )
    start = serializers.DateTimeField(required=False, default=None, allow_null=True)
    end = serializers.DateTimeField(required=False, default=None, allow_null=True)
    batch: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="uid",
        queryset=Batch.objects.all(),
        required=False,
        default=None,
        allow_null=True,
    )
    files = serializers.BooleanField(default=True)

    @property
    def wish(self) -> Wish:
        """What was asked for."""
        given = self.validated_data
        batch = given["batch"].uid if given["batch"] else None
        return Wish(
            given["span"],
            given["interfaces"],
            given["start"],
            given["end"],
            batch,
            given["files"],
        )


class BringSerializer(serializers.Serializer):
    """A package or a receipt."""

    file = serializers.FileField()


class BroughtSerializer(serializers.Serializer):
    """What was brought; `known`: it had been brought before, nothing was changed."""

    known = serializers.BooleanField()
    package = PackageSerializer()
