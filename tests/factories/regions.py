"""Divisions below the county and known platforms."""

import factory

from platform_core.regions.enums import Level, TierCode
from platform_core.regions.models import Division, Node


class StreetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Division
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"370202{n % 900 + 100:03d}")
    name = factory.Sequence(lambda n: f"示例街道{n}")
    level = Level.STREET
    parent_id = factory.LazyAttribute(lambda o: o.code[:6])
    is_sample = True


class NodeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Node
        django_get_or_create = ("code",)

    code = "P37000001"
    tier = TierCode.PROVINCIAL
    division_id = factory.LazyAttribute(lambda o: o.code[1:7])
    name = factory.LazyAttribute(lambda o: o.code)
    url = "http://127.0.0.1:8001"
