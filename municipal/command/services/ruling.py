"""Rules of case handling: draft, publish, retire; grades of areas."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from municipal.command import grades, rules
from municipal.command.enums import Grade, RulesStatus
from municipal.command.models import CaseRules, GradedArea
from municipal.command.rules import Rules
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError
from platform_core.regions import selectors as regions


@transaction.atomic
def ship() -> CaseRules:
    """Publish the defaults where no rules were ever published."""
    row = CaseRules.objects.filter(status=RulesStatus.PUBLISHED).first()
    if row is None:
        row = CaseRules(version=_next_version(), body=Rules().to_body())
        _publish(row, by=None)
    return row


@transaction.atomic
def create_draft(*, by: User) -> CaseRules:
    """A draft of the next version, copied from the rules in force."""
    if CaseRules.objects.filter(status=RulesStatus.DRAFT).exists():
        raise Conflict(_("There is a draft already."))
    body = rules.current().to_body()
    draft = CaseRules.objects.create(version=_next_version(), body=body)
    audit.record("rules.drafted", draft, by=by)
    return draft


@transaction.atomic
def save_draft(
    *, draft: CaseRules, body: dict[str, Any], note: str = "", by: User
) -> CaseRules:
    """Change a draft; all problems are named at once."""
    row = _locked_draft(draft)
    problems = rules.problems_of(body)
    if problems:
        raise DomainError(_("These rules cannot be kept."), fields=problems)
    changed = {
        name: [row.body.get(name), value]
        for name, value in body.items()
        if row.body.get(name) != value
    }
    row.body, row.note = body, note
    row.touch()
    row.save()
    audit.record("rules.edited", row, by=by, data={"changed": changed})
    return row


@transaction.atomic
def publish(*, draft: CaseRules, by: User) -> CaseRules:
    """Put a draft in force; every case goes by it from its next step on."""
    row = _locked_draft(draft)
    problems = rules.problems_of(row.body)
    if problems:
        raise DomainError(_("These rules cannot be kept."), fields=problems)
    return _publish(row, by=by)


@transaction.atomic
def discard(*, draft: CaseRules, by: User) -> None:
    """Throw a draft away."""
    row = _locked_draft(draft)
    audit.record("rules.discarded", row, by=by)
    row.delete()


def _publish(row: CaseRules, *, by: User | None) -> CaseRules:
    CaseRules.objects.filter(status=RulesStatus.PUBLISHED).update(
        status=RulesStatus.RETIRED, updated_at=now()
    )
    row.status, row.published_at, row.published_by = RulesStatus.PUBLISHED, now(), by
    row.touch()
    row.save()
    rules.snapshot.renew()
    audit.record("rules.published", row, by=by, data={"body": row.body})
    return row


def _locked_draft(draft: CaseRules) -> CaseRules:
    found = CaseRules.objects.select_for_update(of=("self",)).filter(pk=draft.pk)
    row = found.first()
    if row is None or not row.is_draft:
        raise Conflict(_("The draft was published or discarded by somebody else."))
    return row


def _next_version() -> int:
    found = CaseRules.objects.aggregate(top=Max("version"))
    return (found["top"] or 0) + 1


# Graded areas -----------------------------------------------------------------


@transaction.atomic
def set_grade(*, code: str, grade: str, by: User) -> GradedArea:
    """Give a district, street or community a grade; cases filed later go by it."""
    division = regions.find_division(code)
    own = regions.own_division()
    if division is None or not code.startswith(own.prefix):
        text = _("There is no such area in this city.")
        raise DomainError(text, fields={"code": text})
    if grade not in Grade.values:
        text = _("There is no such grade.")
        raise DomainError(text, fields={"grade": text})
    area, _made = GradedArea.objects.update_or_create(
        code=code, defaults={"grade": grade, "updated_at": now()}
    )
    grades.snapshot.renew()
    audit.record("area.graded", area, by=by, data={"code": code, "grade": grade})
    return area


@transaction.atomic
def remove_grade(*, area: GradedArea, by: User) -> None:
    """Let an area go by the listed limits again."""
    audit.record("area.grade_removed", area, by=by, data={"code": area.code})
    area.delete()
    grades.snapshot.renew()
