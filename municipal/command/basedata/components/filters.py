"""Filters of components, one declaration for pages and API."""

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from municipal.command import selectors
from municipal.command.enums import ComponentStatus
from municipal.command.filters import districts
from municipal.command.models import Component
from platform_core.classification import selectors as classification
from platform_core.classification.enums import Edition, Kind
from platform_core.regions.codes import range_q


def class_choices() -> list[tuple[str, str]]:
    """The classes of components of the edition in use."""
    edition = classification.default_edition() or Edition.E2026
    found = classification.classes(edition, Kind.COMPONENT)
    return [(row.code, f"{row.code} {row.label}") for row in found]


class ComponentFilter(filters.FilterSet):
    """What people narrow a list of components by."""

    class_code = filters.ChoiceFilter(
        label=_("Component class"), choices=class_choices, empty_label=_("All")
    )
    status = filters.ChoiceFilter(
        label=_("Component condition"),
        choices=ComponentStatus.choices,
        empty_label=_("All"),
    )
    unit = filters.ModelChoiceFilter(
        label=_("Maintaining unit"),
        field_name="maintaining_unit",
        queryset=lambda request: selectors.handling_units(),
        to_field_name="code",
        empty_label=_("All"),
    )
    district = filters.ChoiceFilter(
        label=_("District"), choices=districts, method="by_area", empty_label=_("All")
    )
    grid = filters.CharFilter(label=_("Unit grid"), method="by_area")

    class Meta:
        model = Component
        fields = ("class_code", "status", "unit", "district", "grid")

    def by_area(
        self, rows: QuerySet[Component], name: str, value: str
    ) -> QuerySet[Component]:
        if not value.isascii() or not value.isdigit():
            return rows.none()
        return rows.filter(range_q(value, "grid_code"))
