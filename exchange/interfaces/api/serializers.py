"""What the API says about tables and rows."""

from rest_framework import serializers

from exchange.interfaces import words
from exchange.interfaces.models import Batch, Field, Row, Table, TableVersion


class FieldSerializer(serializers.ModelSerializer):
    """One field."""

    class Meta:
        model = Field
        fields = (
            "code",
            "name",
            "abbreviation",
            "kind",
            "length",
            "decimals",
            "shape",
            "need",
            "code_list",
            "is_key",
            "personal",
            "description",
        )


class TableSerializer(serializers.ModelSerializer):
    """A table without its fields."""

    interface = serializers.CharField(read_only=True)
    version = serializers.IntegerField(read_only=True)
    state = serializers.CharField(read_only=True)

    class Meta:
        model = Table
        fields = (
            "code",
            "interface",
            "version",
            "state",
            "subset",
            "name",
            "name_en",
            "direction",
            "route",
            "frequency",
            "basis",
            "confidence",
            "reported",
            "filled",
        )


class VersionSerializer(serializers.ModelSerializer):
    """A version with its fields and its schema."""

    table: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code", read_only=True
    )
    columns = FieldSerializer(source="fields", many=True, read_only=True)
    schema = serializers.JSONField(read_only=True)

    class Meta:
        model = TableVersion
        fields = (
            "uid",
            "table",
            "number",
            "state",
            "note",
            "reason",
            "published_at",
            "ends_on",
            "columns",
            "schema",
        )


class BatchSerializer(serializers.ModelSerializer):
    """What arrived together."""

    table: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code", read_only=True
    )

    class Meta:
        model = Batch
        fields = (
            "uid",
            "table",
            "version",
            "source",
            "kind",
            "key",
            "origin",
            "sha256",
            "count",
            "arrived_at",
            "finished_at",
        )


class RowSerializer(serializers.ModelSerializer):
    """A landed row, personal data masked."""

    table: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="code", read_only=True
    )
    content = serializers.SerializerMethodField()

    class Meta:
        model = Row
        fields = (
            "id",
            "uid",
            "revision",
            "origin",
            "table",
            "line",
            "key",
            "landed_at",
            "current",
            "state",
            "content",
        )

    def get_content(self, row: Row) -> dict:
        """What came, with personal values hidden."""
        personal = {one.code for one in row.table.fields if one.personal}
        return words.masked(row.content, personal)
