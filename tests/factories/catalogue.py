"""Entries of the catalogue, drafted or published."""

import factory

from exchange.aggregation.catalogue.enums import Frequency, Level, Share, State
from exchange.aggregation.catalogue.models import Resource, Theme
from exchange.aggregation.catalogue.services import entries
from exchange.interfaces.enums import Subset
from platform_core.regions.selectors import own_division

from .accounts import OrgUnitFactory, UserFactory


class ResourceFactory(factory.django.DjangoModelFactory):
    """An entry; `published()` puts one into the catalogue."""

    class Meta:
        model = Resource

    code = factory.Sequence(lambda n: f"209004/{n:06}")
    title = factory.Sequence(lambda n: f"城市部件{n}")
    abstract = "城市管理部件普查数据。"
    theme = factory.LazyFunction(lambda: Theme.objects.get(category="2", number=9))
    subset = Subset.MANAGEMENT
    unit = factory.SubFactory(OrgUnitFactory)
    frequency = Frequency.DAILY
    share = Share.FREE
    level = Level.L2
    keywords = factory.LazyFunction(lambda: ["部件", "普查"])
    division_id = factory.LazyFunction(lambda: own_division().code)
    contact = "张三"
    phone = "0532-8000 0000"


def published(**facts):
    """The published edition of a new entry."""
    row = ResourceFactory(state=State.REVIEWED, **facts)
    return entries.publish(resource=row, by=UserFactory())
