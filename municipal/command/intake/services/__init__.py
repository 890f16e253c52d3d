"""Writes of the reception."""

from .calls import block, end_of_work, note_call, receive, sit, turn
from .leads import refuse_lead, register_lead, take_lead
from .settings import keep, read_article, remove

__all__ = [
    "block",
    "end_of_work",
    "keep",
    "note_call",
    "read_article",
    "receive",
    "refuse_lead",
    "register_lead",
    "remove",
    "sit",
    "take_lead",
    "turn",
]
