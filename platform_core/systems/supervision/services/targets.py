"""Whom a task is given to: platforms below and units of this node."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from platform_core.accounts.models import OrgUnit
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node
from platform_core.regions.models import Node
from platform_core.regions.selectors import node_division


@dataclass(frozen=True)
class Target:
    """One receiver, by node code or by unit code, perhaps with an own deadline."""

    node: str = ""
    unit: str = ""
    deadline: datetime | None = None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Target":
        """Read what `as_dict` stored or a form sent."""
        deadline = data.get("deadline") or None
        if isinstance(deadline, str):
            deadline = parse_datetime(deadline)
        node, unit = str(data.get("node") or ""), str(data.get("unit") or "")
        return cls(node=node, unit=unit, deadline=deadline)

    def as_dict(self) -> dict[str, str]:
        """Plain values for a draft."""
        found = {"node": self.node, "unit": self.unit}
        if self.deadline:
            found["deadline"] = self.deadline.isoformat()
        return {key: value for key, value in found.items() if value}


@dataclass(frozen=True)
class Receiver:
    """A target that exists."""

    target: Target
    name: str
    division: str
    unit: OrgUnit | None = None


def receivers(targets: Iterable[Target]) -> list[Receiver]:
    """The receivers behind targets, in their order; unknown ones are refused."""
    wanted = list(dict.fromkeys(targets))
    nodes = {
        node.code: node
        for node in Node.objects.filter(
            parent_code=own_node(), code__in=[target.node for target in wanted]
        )
    }
    units = {
        unit.code: unit
        for unit in OrgUnit.objects.active().filter(
            code__in=[target.unit for target in wanted]
        )
    }
    return [_receiver(target, nodes, units) for target in wanted]


def _receiver(
    target: Target, nodes: Mapping[str, Node], units: Mapping[str, OrgUnit]
) -> Receiver:
    if target.node and not target.unit and target.node in nodes:
        node = nodes[target.node]
        return Receiver(target, node.name, node_division(node.code))
    if target.unit and not target.node and target.unit in units:
        unit = units[target.unit]
        return Receiver(target, unit.name, unit.division_id, unit)
    code = target.node or target.unit or "?"
    raise DomainError(
        _("%(code)s is neither a platform below this one nor a unit of it.")
        % {"code": code},
        code="reference_missing",
        fields={"targets": _("Unknown receiver %(code)s.") % {"code": code}},
    )


def check_deadline(
    deadline: datetime | None, *, limit: datetime | None = None, field: str = "deadline"
) -> datetime:
    """A deadline lies in the future and not after the one above it."""
    if deadline is None:
        raise DomainError(
            _("A deadline is required."),
            code="required",
            fields={field: _("This is required.")},
        )
    if deadline <= now():
        raise DomainError(
            _("The deadline must lie after the time of issue."),
            code="range",
            fields={field: _("Must be in the future.")},
        )
    if limit is not None and deadline > limit:
        shown = f"{timezone.localtime(limit):%Y-%m-%d %H:%M}"
        raise DomainError(
            _("The deadline may not be later than that of the task above (%(limit)s).")
            % {"limit": shown},
            code="range",
            fields={field: _("Not later than %(limit)s.") % {"limit": shown}},
        )
    return deadline
