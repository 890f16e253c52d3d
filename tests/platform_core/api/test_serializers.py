"""Quick answers equal those of the framework."""

from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

from rest_framework import serializers

from platform_core.api.serializers import Answer


class Inner(serializers.Serializer):
    code = serializers.CharField()


class Plain(serializers.Serializer):
    uid = serializers.UUIDField()
    at = serializers.DateTimeField()
    size = serializers.IntegerField(source="length")
    inner = Inner(allow_null=True)
    shout = serializers.SerializerMethodField()

    def get_shout(self, row):
        return self.context["word"].upper()


class Quick(Answer, Plain):
    pass


def test_an_answer_is_the_same():
    rows = [
        SimpleNamespace(
            uid=UUID(int=number),
            at=datetime(2026, 1, 1, tzinfo=UTC) if number else None,
            length=number,
            inner=SimpleNamespace(code="a") if number else None,
        )
        for number in range(2)
    ]
    for word in ("one", "two"):
        context = {"word": word}
        wanted = Plain(rows, many=True, context=context).data
        assert Quick(rows, many=True, context=context).data == wanted
        assert Quick(rows[1], context=context).data == wanted[1]
