"""All kinds of rules by their code."""

from . import identities, places, sets, texts, values
from .base import Kind

KINDS: dict[str, Kind] = {
    kind.code: kind
    for module in (texts, values, identities, sets, places)
    for kind in module.KINDS
}
