"""Reads of proposals and of what things were before."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from municipal.command.basedata.models import PastRevision, Proposal
from platform_core.accounts.models import User

from . import subjects


def proposals(user: User) -> QuerySet[Proposal]:
    """Proposals with what lists and pages show of other tables."""
    return Proposal.objects.visible_to(user).select_related(
        "proposed_by", "reviewed_by", "component", "feature", "campaign"
    )


def past(target: Any) -> QuerySet[PastRevision]:
    """The past revisions of a thing, the newest first."""
    relation = subjects.of(target).relation
    rows = PastRevision.objects.filter(**{relation: target})
    return rows.select_related("by", "proposal__reviewed_by", "proposal__proposed_by")


def history(target: Any) -> list[dict[str, Any]]:
    """What happened to a thing, the first change first, for the timeline."""
    kind = subjects.of(target)
    steps: list[dict[str, Any]] = []
    later = kind.snapshot(target)
    for row in past(target):
        steps.append(
            {
                "title": f"{row.get_change_display()} → {row.number + 1}",
                "at": row.until,
                "by_name": _people(row),
                "note": " · ".join(filter(None, (row.note, told(row, later)))),
                "number": row.number,
            }
        )
        later = row.values
    return steps[::-1]


def told(row: PastRevision, later: dict[str, Any]) -> str:
    """In words what a change did."""
    kind = subjects.find("component" if row.component_id else "layerfeature")
    names = [name for name in later if later[name] != row.values.get(name)]
    parts = [
        _("%(field)s: %(old)s → %(new)s")
        % {
            "field": kind.labels.get(name, name),
            "old": kind.show(name, row.values.get(name)),
            "new": kind.show(name, later[name]),
        }
        for name in names
    ]
    return "; ".join(parts)


def _people(row: PastRevision) -> str:
    names = [row.by.full_name if row.by else ""]
    if row.proposal:
        names.insert(0, row.proposal.proposed_by.full_name)
    return " / ".join(filter(None, names))


def differences(proposal: Proposal) -> list[dict[str, object]]:
    """Label, before and after of what a proposal changes."""
    kind = subjects.find(proposal.subject)
    return [
        {
            "label": kind.labels.get(name, name),
            "before": kind.show(name, old),
            "after": kind.show(name, new),
        }
        for name, (old, new) in proposal.differences.items()
    ]
