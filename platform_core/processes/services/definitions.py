"""Versions of a process definition: draft, publish, retire."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError
from platform_core.processes.enums import DefinitionStatus
from platform_core.processes.models import ProcessDefinition
from platform_core.processes.selectors import snapshot
from platform_core.workflow.definition import Definition
from platform_core.workflow.errors import DefinitionInvalid
from platform_core.workflow.problems import definition_problems

Body = dict[str, Any]


def checksum(body: Body) -> str:
    """A fingerprint of a definition, whatever the order of its keys."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def problems_of(body: Body) -> list[str]:
    """What keeps a definition from being published; empty means nothing."""
    try:
        return definition_problems(Definition.from_dict(body))
    except DefinitionInvalid as invalid:
        return list(invalid.problems)


@transaction.atomic
def publish_definition(
    *, code: str, body: Body, title: str, by: User | None = None
) -> ProcessDefinition:
    """Publish a definition as the next version; running instances keep theirs."""
    row = ProcessDefinition(
        code=code,
        version=_next_version(code),
        title=title,
        body=body,
        checksum=checksum(body),
    )
    return _publish(row, by=by)


@transaction.atomic
def ship(code: str, title: str, definition: Definition) -> ProcessDefinition:
    """Publish what an app brings, unless that text was published before.

    A definition that an administrator changed since stays in force until the
    app brings a new one.
    """
    body = definition.to_dict()
    known = ProcessDefinition.objects.filter(code=code, checksum=checksum(body))
    shipped = known.exclude(status=DefinitionStatus.DRAFT).first()
    return shipped or publish_definition(code=code, body=body, title=title)


@transaction.atomic
def create_draft(*, code: str, by: User) -> ProcessDefinition:
    """A draft of the next version, copied from the published one."""
    if _draft_of(code):
        raise Conflict(_("There is a draft already."))
    present = ProcessDefinition.objects.get(
        code=code, status=DefinitionStatus.PUBLISHED
    )
    draft = ProcessDefinition.objects.create(
        code=code,
        version=_next_version(code),
        title=present.title,
        body=present.body,
        checksum=present.checksum,
    )
    audit.record("definition.drafted", draft, by=by)
    return draft


@transaction.atomic
def save_draft(
    *, draft: ProcessDefinition, body: Body, title: str, by: User
) -> list[str]:
    """Keep an edited draft, finished or not; returns its problems."""
    changed = ProcessDefinition.objects.filter(
        pk=draft.pk, status=DefinitionStatus.DRAFT, updated_at=draft.updated_at
    ).update(body=body, title=title, checksum=checksum(body), updated_at=now())
    if not changed:
        raise Conflict(_("The draft was changed or published by somebody else."))
    draft.refresh_from_db()
    audit.record("definition.edited", draft, by=by, data={"checksum": draft.checksum})
    return problems_of(body)


@transaction.atomic
def publish_draft(*, draft: ProcessDefinition, by: User) -> ProcessDefinition:
    """Put a draft in force; refused with the list of its problems."""
    row = ProcessDefinition.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if not row.is_draft:
        raise Conflict(_("The draft was changed or published by somebody else."))
    following = _next_version(row.code)
    if row.version < following - 1:
        row.version = following
    return _publish(row, by=by)


@transaction.atomic
def discard_draft(*, draft: ProcessDefinition, by: User) -> None:
    """Throw a draft away."""
    row = ProcessDefinition.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if not row.is_draft:
        raise Conflict(_("The draft was changed or published by somebody else."))
    audit.record("definition.discarded", row, by=by)
    row.delete()


def _publish(row: ProcessDefinition, *, by: User | None) -> ProcessDefinition:
    problems = problems_of(row.body)
    if problems:
        raise DomainError(
            _("The definition cannot be published."),
            code="definition_invalid",
            fields={"body": problems},
        )
    ProcessDefinition.objects.filter(
        code=row.code, status=DefinitionStatus.PUBLISHED
    ).update(status=DefinitionStatus.RETIRED, updated_at=now())
    row.status = DefinitionStatus.PUBLISHED
    row.published_at, row.published_by = now(), str(by or "")
    row.touch()
    row.save()
    snapshot.renew()
    audit.record("definition.published", row, by=by, data={"checksum": row.checksum})
    return row


def _draft_of(code: str) -> ProcessDefinition | None:
    return ProcessDefinition.objects.filter(
        code=code, status=DefinitionStatus.DRAFT
    ).first()


def _next_version(code: str) -> int:
    found = ProcessDefinition.objects.filter(code=code).aggregate(top=Max("version"))
    return (found["top"] or 0) + 1
