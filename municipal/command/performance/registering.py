"""What performance evaluation adds to case handling, registered at start."""

from municipal.command import listeners

from . import count_panels, counts_nav, flags, rebuilding


def register() -> None:
    """Tell the core whom to call."""
    listeners.register(flags.follow)
    listeners.register_change(flags.renew)
    counts_nav.register()
    count_panels.register()


__all__ = ["rebuilding", "register"]
