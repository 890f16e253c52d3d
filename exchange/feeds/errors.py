"""Refusals of subscriptions in the words of the protocol."""

from platform_core.common.errors import DomainError


class NotSubscribed(DomainError):
    """There is no subscription in force."""

    status = 403
    code = "not_subscribed"


class OutOfScope(DomainError):
    """More was asked for than may be given."""

    status = 403
    code = "out_of_scope"


class Unknown(DomainError):
    """There is no such interface, version or subscription."""

    status = 404
    code = "unknown_interface"


class Taken(DomainError):
    """There is one already."""

    status = 409
    code = "busy"
