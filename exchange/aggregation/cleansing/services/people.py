"""Who is behind an action, where it is a person of this platform."""

from platform_core.accounts.models import User
from platform_core.audit.services import Actor


def person(by: Actor) -> User | None:
    """The user, None for the platform itself."""
    return by if isinstance(by, User) else None
