"""Tables of the data standard, and what landed in them."""

from .archives import Archive
from .landing import Batch, Cursor, Row
from .tables import CodeList, Field, Table, TableVersion

__all__ = [
    "Archive",
    "Batch",
    "CodeList",
    "Cursor",
    "Field",
    "Row",
    "Table",
    "TableVersion",
]
