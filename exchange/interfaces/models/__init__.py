"""Tables of the data standard, and what landed in them."""

from .landing import Batch, Cursor, Row
from .tables import CodeList, Field, Table, TableVersion

__all__ = ["Batch", "CodeList", "Cursor", "Field", "Row", "Table", "TableVersion"]
