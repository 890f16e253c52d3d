"""Writing: landing rows, offering them, filling; life of tables."""

from .announcing import announce
from .landing import land, mark
from .withdrawing import withdraw_gone

__all__ = ["announce", "land", "mark", "withdraw_gone"]
