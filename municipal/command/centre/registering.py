"""What supervision and command hears of, registered at start."""

from municipal.command import listeners

from .board import noting
from .emergencies import panels


def register() -> None:
    """Tell the core whom to call."""
    listeners.register(noting.note)
    listeners.register_late(noting.note_late)
    panels.register()
