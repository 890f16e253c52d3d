"""How a quality score is shown."""

from platform_core.ui.components import status

GOOD, FAIR = 95, 80


def rated(score: float) -> object:
    """The score with its level: from 95 on good, below 80 bad."""
    level = "green" if score >= GOOD else "yellow" if score >= FAIR else "red"
    return status(f"{score:.1f}", level)
