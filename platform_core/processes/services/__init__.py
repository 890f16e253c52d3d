"""Run processes, edit and publish their definitions, move instances."""

from .definitions import (
    create_draft,
    discard_draft,
    problems_of,
    publish_definition,
    publish_draft,
    save_draft,
    ship,
)
from .moves import MoveReport, Obstacle, move_instances, replay_history
from .running import ActionOption, begun, fire, options, start

__all__ = [
    "ActionOption",
    "MoveReport",
    "Obstacle",
    "begun",
    "create_draft",
    "discard_draft",
    "fire",
    "move_instances",
    "options",
    "problems_of",
    "publish_definition",
    "publish_draft",
    "replay_history",
    "save_draft",
    "ship",
    "start",
]
