"""The list of the API says the same as the serializer, for less."""

import json

import pytest
from rest_framework.renderers import JSONRenderer

from municipal.command.api import rows
from municipal.command.api.serializers import CaseSerializer
from municipal.command.models import Case
from tests.factories.command import lead


@pytest.mark.parametrize("state", ["pending_accept", "handling", "closed"])
def test_a_row_of_the_list_is_what_the_serializer_gives(city, state):
    case = lead(city, state)
    found = list(rows.columns(Case.objects.filter(pk=case.pk)))
    expected = CaseSerializer(Case.objects.get(pk=case.pk)).data
    given = JSONRenderer().render(rows.answers(found)[0])
    assert json.loads(given) == json.loads(JSONRenderer().render(expected))
    assert list(json.loads(given)) == list(expected)
