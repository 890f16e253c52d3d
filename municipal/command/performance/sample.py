"""Sample: flags and sums of the sample cases, from their steps."""

from municipal.command.models import Case

from . import rebuilding

MOST = 5000


def load() -> str:
    """Write the figures of the sample anew; a second time changes nothing."""
    if Case.objects.all()[: MOST + 1].count() > MOST:
        return "no sample city"
    return f"figures of {rebuilding.rebuild_all()} cases"
