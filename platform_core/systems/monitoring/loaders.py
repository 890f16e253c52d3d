"""Reference data: the indicators that every platform knows."""

from .enums import INDICATORS
from .models import Indicator


def load_indicators() -> str:
    """Ship the indicators of exchange protocol §10; safe to run twice."""
    rows = [
        Indicator(code=code, name=name, name_en=name_en, unit=unit, order=order)
        for order, (code, name, name_en, unit) in enumerate(INDICATORS, 1)
    ]
    Indicator.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "name_en", "unit", "order"],
    )
    return f"{len(rows)} indicators"
