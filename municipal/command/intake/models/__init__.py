"""Calls, what helps the seats, and leads from other channels."""

from .calls import BlockedNumber, Call, Line, Seat
from .helpers import Article, Phrase
from .leads import Lead

__all__ = ["Article", "BlockedNumber", "Call", "Lead", "Line", "Phrase", "Seat"]
