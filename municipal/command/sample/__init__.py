"""A sample city at work, labelled as generated; the same each time."""

from django.db import transaction

from . import crew, geography, history


def load() -> str:
    """Areas and components, then a month of cases; safe to run twice."""
    with transaction.atomic():
        areas = geography.load(crew.units())
    return f"{areas}; {history.load()}"
