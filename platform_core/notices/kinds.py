"""What messages are about; apps name their kinds when they start."""

from django.utils.functional import Promise

_kinds: dict[str, "str | Promise"] = {}


def register(**named: "str | Promise") -> None:
    """Name kinds: `register(case=_("A case moves on"))`; `__` stands for a dot."""
    _kinds.update({code.replace("__", "."): label for code, label in named.items()})


def choices() -> list[tuple[str, "str | Promise"]]:
    """All named kinds with their code."""
    return sorted(_kinds.items())
