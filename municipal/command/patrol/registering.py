"""What field work adds to case handling, registered at start."""

from municipal.command import inspectors

from . import finding
from .phone import duty


def register() -> None:
    """Tell the core whom to ask, and the phones what they can do."""
    inspectors.register(finding.on_duty_inspector)
    duty.register_all()
