"""Look-ups beside those of the framework."""

from typing import Any

from django.db.models import UUIDField
from django.db.models.lookups import In


@UUIDField.register_lookup
class Among(In):
    """`uid__among`: one of many, sent as one array where the database has arrays.

    A thousand placeholders cost more than the search for what they stand for.
    """

    lookup_name = "among"

    def get_prep_lookup(self) -> list[Any]:
        return list(self.rhs)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        many = "{" + ",".join(map(str, self.rhs)) + "}"
        return f"{left} = ANY(%s::uuid[])", [*params, many]
