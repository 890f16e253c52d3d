"""Which unit handles a case, how sure that is, and why.

Four voices are heard: the rules of duty, the units of the component, the
department type of the filing condition, and what dispatchers did lately. Voices
for the same unit strengthen one another; at most three queries, none of them over
cases. Rules and department types are remembered.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from shapely import Point

from municipal.command import selectors
from municipal.command.duty import Candidate
from municipal.command.models import Case, Component
from platform_core.accounts.models import OrgUnit
from platform_core.common import clock
from platform_core.common.snapshots import Snapshot
from platform_core.geo import shapes

from .enums import PlaceKind
from .models import DepartmentType, DutyCount, DutyRule

DAYS = 90
MOST = 5
BY_RULE = 0.95
BY_MAINTAINER = 0.9
BY_MANAGER = 0.5
BY_DEPARTMENT = 0.6
BY_HABIT = 0.9
# So many dispatches are needed before a habit counts fully.
ENOUGH = 20
NARROW = {kind: rank for rank, kind in enumerate(PlaceKind.values)}
Voice = tuple[int, float, str]
_kept = Snapshot("collaboration.duty")


def watch() -> None:
    """Have what is remembered here renewed when an administrator changes it."""
    _kept.watch(DutyRule, DepartmentType)


def candidates(case: Case) -> Sequence[Candidate]:
    """The units that may be in charge, the most likely first."""
    component = selectors.component_of(case)
    heard: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for unit, weight, reason in _voices(case, component):
        heard[unit].append((weight, reason))
    units = OrgUnit.objects.active().in_bulk(list(heard))
    found = [_candidate(units[key], heard[key]) for key in heard if key in units]
    return sorted(found, key=lambda one: -one.confidence)[:MOST]


def _candidate(unit: OrgUnit, voices: list[tuple[float, str]]) -> Candidate:
    doubt = 1.0
    for weight, _reason in voices:
        doubt *= 1 - weight
    reasons = [reason for _weight, reason in sorted(voices, reverse=True)]
    return Candidate(unit, round(1 - doubt, 3), "；".join(reasons))


def _voices(case: Case, component: Component | None) -> Iterator[Voice]:
    yield from _by_rule(case, component)
    yield from _by_component(component)
    yield from _by_department(case)
    yield from _by_habit(case)


def _by_rule(case: Case, component: Component | None) -> Iterator[Voice]:
    fitting = [row for row in rules_for(case) if fits(row, case, component)]
    if not fitting:
        return
    best = max(fitting, key=rank)
    text = _("rule of duty: %(rule)s") % {"rule": rule_words(best)}
    yield best.unit_id, BY_RULE, text


def rules_for(case: Case) -> Sequence[DutyRule]:
    """Rules in force today for the class of a case."""
    kind, code, day = case.class_kind, case.class_code, clock.today()
    prefixes = [code[:length] for length in range(len(code) + 1)]

    def load() -> Sequence[DutyRule]:
        rows = DutyRule.objects.valid_on(day)
        of_class = Q(class_kind="") | Q(class_kind=kind)
        return list(rows.filter(of_class, class_prefix__in=prefixes))

    return _kept.get((kind, code, day), load)


def rank(rule: DutyRule) -> tuple[int, bool, int, int, int]:
    """Priority first, then owner, place and class by how narrow they are."""
    return (
        rule.priority,
        rule.owner_id is not None,
        NARROW[rule.place_kind],
        len(rule.class_prefix),
        rule.pk,
    )


def fits(rule: DutyRule, case: Case, component: Component | None) -> bool:
    """Whether a rule's place and owner are those of the case."""
    if rule.owner_id is not None:
        owners = component and {
            component.maintaining_unit_id,
            component.managing_unit_id,
        }
        if not owners or rule.owner_id not in owners:
            return False
    if rule.place_kind == PlaceKind.POLYGON:
        return bool(
            shapes.read_area(rule.geometry or {}).covers(Point(case.lon, case.lat))
        )
    places = {
        PlaceKind.CITY: "",
        PlaceKind.DISTRICT: case.division_code,
        PlaceKind.STREET: case.street_code,
        PlaceKind.GRID: case.grid_code,
    }
    return rule.place_code == places[PlaceKind(rule.place_kind)]


def owners_of(component: Component) -> set[int | None]:
    """The units that maintain and manage a component."""
    return {component.maintaining_unit_id, component.managing_unit_id}


def rule_words(rule: DutyRule) -> str:
    """A rule in short: class, place."""
    place = rule.place_code or str(rule.get_place_kind_display())
    return f"{rule.class_prefix or '*'} × {place}"


def _by_component(component: Component | None) -> Iterator[Voice]:
    if component is None:
        return
    if component.maintaining_unit_id:
        text = _("maintains the component")
        yield component.maintaining_unit_id, BY_MAINTAINER, text
    if component.managing_unit_id:
        yield component.managing_unit_id, BY_MANAGER, _("manages the component")


def _by_department(case: Case) -> Iterator[Voice]:
    condition = selectors.condition(case)
    if condition is None or not condition.department_type:
        return
    name, known = condition.department_type, _kept.get("types", _types)
    unit = known.get((name, case.division_code)) or known.get((name, ""))
    if unit:
        text = _("the filing condition names “%(type)s”") % {"type": name}
        yield unit, BY_DEPARTMENT, text


def _types() -> dict[tuple[str, str], int]:
    """The unit of each department type, by district; "" is the city."""
    rows = DepartmentType.objects.values_list("name", "division_code", "unit")
    return {(name, division): unit for name, division, unit in rows}


def _by_habit(case: Case) -> Iterator[Voice]:
    since = clock.today() - timedelta(days=DAYS)
    rows = DutyCount.objects.filter(
        class_code=case.class_code,
        class_kind=case.class_kind,
        street_code__in={case.street_code, ""},
        day__gte=since,
    )
    sums = rows.order_by().values_list("street_code", "unit").annotate(Sum("cases"))
    by_street: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for street, unit, count in sums:
        by_street[street].append((unit, count))
    here = by_street.get(case.street_code) or by_street.get("") or []
    total = sum(count for _unit, count in here)
    for unit, count in here:
        share = count / total
        weight = BY_HABIT * share * min(1.0, total / ENOUGH)
        text = _("handled %(share)d%% of the class in the last %(days)d days")
        yield unit, weight, text % {"share": round(share * 100), "days": DAYS}
