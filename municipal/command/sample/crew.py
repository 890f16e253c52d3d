"""The sample people at work: who acts, and what they give with a step."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from municipal.command import services
from municipal.command.models import Case, UnitGrid
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import OrgUnit, User
from platform_core.common import clock
from platform_core.files import services as files
from platform_core.files.models import Attachment
from platform_core.regions import selectors as regions

from .geography import inside
from .pictures import picture
from .texts import (
    CITIZENS,
    NOTES,
    OTHER_ROADS,
    PLACES,
    PROBLEMS,
    ROADS,
    SIDES,
    Problem,
)

UNITS = ("municipal", "sanitation", "landscape", "enforcement", "water", "gas")
SOURCES = (
    ("01", 60),
    ("03", 8),
    ("04", 9),
    ("05", 6),
    ("06", 9),
    ("13", 4),
    ("12", 2),
    ("17", 2),
)
PUBLIC = frozenset({"03", "04", "05", "06"})
ROLES: Mapping[str, str] = {
    **dict.fromkeys(("send_verify", "accept", "refuse", "send_check"), "acceptor"),
    **dict.fromkeys(
        ("file", "refuse_file", "cancel", "close", "rework", "approve_self"),
        "duty_leader",
    ),
    **dict.fromkeys(
        (
            "dispatch",
            "redispatch",
            "approve_extend",
            "approve_suspend",
            "approve_defer",
            "resume",
            "pass_feedback",
            "reject_feedback",
        ),
        "dispatcher",
    ),
    **dict.fromkeys(("sign", "return", "apply_extend", "feedback"), "dept_handler"),
    **dict.fromkeys(
        ("verify_true", "verify_false", "check_pass", "check_fail"), "supervisor"
    ),
    "force_close": "bureau_leader",
}


def units() -> dict[str, OrgUnit]:
    """The handling units of the sample organisation by their key."""
    own = regions.own_division().code
    found = {key: accounts.unit_by_code(f"{own}-{key}") for key in UNITS}
    return {key: unit for key, unit in found.items() if unit is not None}


@dataclass
class Crew:
    """People, units, places and pictures of a city."""

    chance: random.Random
    units: dict[str, OrgUnit] = field(default_factory=units)
    grids: list[UnitGrid] = field(default_factory=list)
    people: dict[str, list[User]] = field(default_factory=dict)
    handlers: dict[int, User] = field(default_factory=dict)
    shots: dict[tuple[str, bool], Attachment] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.grids = list(UnitGrid.objects.select_related("duty_grid"))
        for role in {*ROLES.values()} - {"dept_handler"}:
            found = accounts.users_with_role(role).select_related("unit__division")
            self.people[role] = list(found.order_by("username"))
        for unit in self.units.values():
            found = accounts.users_with_role("dept_handler", unit=unit)
            person = found.select_related("unit__division").first()
            if person:
                self.handlers[unit.pk] = person

    @property
    def ready(self) -> bool:
        """Whether there is somebody for every post."""
        return bool(self.grids and self.handlers and all(self.people.values()))

    def problem(self) -> Problem:
        """A kind of problem, the frequent ones more often."""
        weights = [row.weight for row in PROBLEMS]
        return self.chance.choices(PROBLEMS, weights)[0]

    def report(self, *, self_handled: bool = False) -> Case:
        """A new report as it comes in on a usual day."""
        problem, chance = self.problem(), self.chance
        codes, weights = zip(*SOURCES, strict=True)
        source = "02" if self_handled else chance.choices(codes, weights)[0]
        by = self._reporter(source)
        grid = self._grid_of(by) if by and source in {"01", "02"} else None
        lon, lat = inside(grid or chance.choice(self.grids), chance)
        return services.report_case(
            source=source,
            class_kind="matter",
            class_code=problem.code,
            description=chance.choice(problem.reports),
            lon=lon,
            lat=lat,
            address=self.address(),
            by=by,
            reporter=chance.choice(CITIZENS) if source in PUBLIC else "",
            contact=self._phone() if source in PUBLIC else "",
            attachments=self.photos(problem, solved=False, by=by),
            after_attachments=(
                self.photos(problem, solved=True, by=by) if self_handled else ()
            ),
            self_handled=self_handled,
            is_urgent=chance.random() < 0.04,
        )

    def _reporter(self, source: str) -> User | None:
        if source == "06":
            return None
        role = "supervisor" if source in {"01", "02", "17"} else "acceptor"
        return self.chance.choice(self.people[role])

    def _grid_of(self, person: User) -> UnitGrid | None:
        own = set(person.duty_grids.values_list("pk", flat=True))
        mine = [grid for grid in self.grids if grid.duty_grid_id in own]
        return self.chance.choice(mine) if mine else None

    def _phone(self) -> str:
        return f"13{self.chance.randint(0, 9)}0000{self.chance.randint(0, 9999):04d}"

    def address(self) -> str:
        """A standard address: road, number or crossing, direction, distance."""
        own = regions.own_division().code
        road, other = self.chance.sample(ROADS.get(own, OTHER_ROADS), 2)
        return self.chance.choice(PLACES).format(
            road=road,
            other=other,
            number=self.chance.randint(1, 180),
            side=self.chance.choice(SIDES),
            metres=self.chance.randint(1, 9) * 5,
        )

    def photos(
        self, problem: Problem, *, solved: bool, by: User | None
    ) -> list[Attachment]:
        """One picture of the problem; its content is stored once."""
        key = (problem.scene, solved)
        if key not in self.shots:
            self.shots[key] = files.store(picture(problem.scene, solved=solved))
        return [files.again(self.shots[key], by=by)]

    def actor(self, case: Case, action: str) -> User | None:
        """Who makes this step with this case."""
        role = ROLES[action]
        if role == "dept_handler":
            return self.handlers.get(case.handling_unit_id or 0)
        if role == "supervisor":
            return case.field_inspector
        return self.chance.choice(self.people[role])

    def act(self, case: Case, action: str) -> Case:
        """Make a step as its person would."""
        by = self.actor(case, action)
        note = self.chance.choice(NOTES.get(action, self._results(case)))
        return services.fire(
            case, action, by=by, note=note, **self.given(case, action, by)
        )

    def _results(self, case: Case) -> tuple[str, ...]:
        return problem_of(case).results

    def given(self, case: Case, action: str, by: User | None) -> dict[str, Any]:
        """What has to come with a step."""
        problem = problem_of(case)
        if action in {"dispatch", "redispatch"}:
            return {"unit": self.unit(case, problem, other=action == "redispatch")}
        if action == "file":
            return {"condition": problem.condition} if problem.condition else {}
        if action in {"approve_suspend", "approve_defer"}:
            days = 60 if action == "approve_suspend" else 7
            return {"until": clock.now() + timedelta(days=days)}
        if action in {"feedback", "check_pass"}:
            return {"attachments": self.photos(problem, solved=True, by=by)}
        if action in {"verify_true", "check_fail"}:
            return {"attachments": self.photos(problem, solved=False, by=by)}
        return {}

    def unit(self, case: Case, problem: Problem, *, other: bool) -> OrgUnit:
        """The unit in charge; after a return the one that it was not."""
        staffed = [unit for unit in self.units.values() if unit.pk in self.handlers]
        best = self.units.get(problem.unit)
        if best in staffed and not (other and best.pk == case.handling_unit_id):
            return best
        rest = [unit for unit in staffed if unit.pk != case.handling_unit_id]
        return self.chance.choice(rest or staffed)


def problem_of(case: Case) -> Problem:
    """The kind of problem of a case; another class reads like the first one."""
    found = (row for row in PROBLEMS if row.code == case.class_code)
    return next(found, PROBLEMS[0])
