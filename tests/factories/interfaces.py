"""Tables of the data standard, with fields given as (code, kind, need)."""

import factory

from exchange.interfaces.enums import Confidence, Direction, Life, Subset
from exchange.interfaces.models import Field, Table, TableVersion

FIELDS = (("task_no", "string", "M"), ("title", "string", "M"), ("score", "int", "O"))


class TableFactory(factory.django.DjangoModelFactory):
    """`TableFactory(fields=…, keys=("task_no",))`: published, version 1."""

    class Meta:
        model = Table
        skip_postgeneration_save = True
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"t_sample_{n}")
    name = factory.Sequence(lambda n: f"示例表{n}")
    subset = Subset.SUPERVISION_INSPECTION
    direction = Direction.UP
    frequency = "day"
    confidence = Confidence.LOCAL

    @factory.post_generation
    def fields(self, create, extracted, **kwargs):
        version = TableVersion.objects.create(
            table=self, number=1, state=Life.PUBLISHED
        )
        for place, (code, kind, need) in enumerate(extracted or FIELDS):
            Field.objects.create(
                version=version,
                place=place,
                code=code,
                name=code,
                kind=kind,
                need=need,
                length=200 if kind == "string" else None,
            )
        self.current = version
        self.save(update_fields=["current"])

    @factory.post_generation
    def keys(self, create, extracted, **kwargs):
        names = extracted or ("task_no",)
        self.current.fields.filter(code__in=names).update(is_key=True)
