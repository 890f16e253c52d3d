"""Who stands above and below this platform."""

from platform_core.common.models import own_node
from platform_core.regions.models import Node


def parent_code() -> str | None:
    """Code of the platform above, None for the highest and for one that is alone."""
    found = Node.objects.filter(code=own_node()).values_list("parent_code", flat=True)
    return found.first() or None


def child_codes() -> list[str]:
    """Codes of the platforms directly below."""
    below = Node.objects.filter(parent_code=own_node())
    return list(below.values_list("code", flat=True).order_by("code"))
