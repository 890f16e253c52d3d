"""What can be wrong with a source or a flow, in words for its administrator."""

from platform_core.common.errors import Conflict, DomainError


class Unreachable(DomainError):
    """The source does not answer, or refuses us."""

    status = 503
    code = "source_unreachable"


class Drifted(DomainError):
    """The source no longer has what the mapping names."""

    code = "schema_drift"


class Unreadable(DomainError):
    """The data of the source cannot be read."""

    code = "unreadable"


class BadValue(DomainError):
    """A transformation cannot make sense of a value."""

    code = "format"


class Busy(Conflict):
    """The flow is being run already."""

    code = "busy"
