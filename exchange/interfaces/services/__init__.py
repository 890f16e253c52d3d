"""Writing: landing rows, offering them, filling; life of tables."""

from .announcing import announce
from .landing import land, mark

__all__ = ["announce", "land", "mark"]
