"""Changes of the catalogue by an administrator."""

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.audit import services as audit
from platform_core.calendars.enums import Unit
from platform_core.common.errors import DomainError
from platform_core.common.snapshots import new_version

from .enums import Edition
from .models import CatalogueState, FilingCondition, ProblemClass
from .selectors import version


def mark_changed() -> None:
    """Give the catalogue a new version, so that every process reads it again."""
    made = new_version()
    CatalogueState.objects.update_or_create(
        pk=CatalogueState.ROW, defaults={"version": made}
    )
    version.forget()
    transaction.on_commit(lambda: version.announce(made))


@transaction.atomic
def set_default_edition(*, edition: str, by: audit.Actor) -> None:
    """Choose the edition that new cases are classified by."""
    if edition not in Edition.values:
        raise DomainError(_("There is no such edition."), fields={"edition": edition})
    CatalogueState.objects.update_or_create(
        pk=CatalogueState.ROW, defaults={"default_edition": edition}
    )
    mark_changed()
    audit.record("classification.edition_chosen", by=by, data={"edition": edition})


@transaction.atomic
def set_active(
    *, problem_class: ProblemClass, is_active: bool, by: audit.Actor
) -> None:
    """Take a class into use or out of it; cases already filed keep it."""
    problem_class.is_active = is_active
    problem_class.touch()
    problem_class.save(update_fields=["is_active", "updated_at"])
    mark_changed()
    audit.record(
        "classification.class_switched",
        problem_class,
        by=by,
        data={"is_active": is_active},
    )


@transaction.atomic
def set_limit(
    *,
    condition: FilingCondition,
    value: int,
    unit: str,
    department_type: str | None = None,
    by: audit.Actor,
) -> FilingCondition:
    """Set the city's own time limit; loading reference data again keeps it."""
    if value < 1:
        raise DomainError(
            _("A time limit is at least 1."), fields={"limit_value": value}
        )
    if unit not in Unit.values:
        raise DomainError(
            _("There is no such unit of time."), fields={"limit_unit": unit}
        )
    condition.limit_value = value
    condition.limit_unit = unit
    condition.department_type = department_type or condition.department_type
    condition.is_own = True
    condition.touch()
    condition.save()
    mark_changed()
    audit.record(
        "classification.limit_set",
        condition,
        by=by,
        data={"value": value, "unit": unit, "department": condition.department_type},
    )
    return condition
