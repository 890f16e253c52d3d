"""A small piece of a city: grids, people of every post, reports.

`district()` makes a street with four unit grids in 市南区 and the people who
work there; `report(city)` a case; `lead(city, state)` a case in any state,
brought there by the services.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.utils import timezone

from municipal.command import places, services
from municipal.command.models import Case, DutyGrid, UnitGrid
from municipal.command.services import ruling
from platform_core.accounts.models import OrgUnit, User
from platform_core.common import clock
from platform_core.files.models import Attachment, Blob
from platform_core.regions import selectors as regions
from platform_core.regions.models import Division

from .accounts import OrgUnitFactory, UserFactory

LON, LAT = 120.4, 36.07
STEP = 0.001
POSTS = ("acceptor", "duty_leader", "dispatcher", "bureau_leader", "overseer")
KIND, CLASS = "matter", "06010"


@dataclass
class City:
    """The people and places of a test."""

    duty_grid: DutyGrid
    unit: OrgUnit
    other_unit: OrgUnit
    acceptor: User
    duty_leader: User
    dispatcher: User
    bureau_leader: User
    overseer: User
    supervisor: User
    other_supervisor: User
    dept_handler: User
    other_handler: User

    def person(self, role: str) -> User:
        return getattr(self, role)


def square(lon: float, lat: float, step: float = STEP) -> dict:
    """A square as GeoJSON."""
    ring = [
        [lon, lat],
        [lon + step, lat],
        [lon + step, lat + step],
        [lon, lat + step],
        [lon, lat],
    ]
    return {"type": "Polygon", "coordinates": [ring]}


def district() -> City:
    """A street with four unit grids and one duty grid, and all posts."""
    street = Division.objects.create(
        code="370202001", name="示例街道", parent_id="370202", level="street"
    )
    community = Division.objects.create(
        code="370202001001", name="示例社区", parent=street, level="community"
    )
    duty = DutyGrid.objects.create(
        code="370202001001Z001", name="示例责任网格", community=community
    )
    for index in range(4):
        UnitGrid.objects.create(
            code=f"370202001001{index + 1:03d}",
            community=community,
            duty_grid=duty,
            geometry=square(LON + index * STEP, LAT),
            lon=LON + (index + 0.5) * STEP,
            lat=LAT + STEP / 2,
            valid_from=timezone.localdate(),
        )
    places.forget()
    regions.forget()
    unit, other = OrgUnitFactory(name="市政处"), OrgUnitFactory(name="环卫处")
    people = {role: UserFactory(roles=[role]) for role in POSTS}
    supervisor = UserFactory(roles=["supervisor"])
    duty.supervisors.add(supervisor)
    return City(
        duty_grid=duty,
        unit=unit,
        other_unit=other,
        supervisor=supervisor,
        other_supervisor=UserFactory(roles=["supervisor"]),
        dept_handler=UserFactory(roles=["dept_handler"], unit=unit),
        other_handler=UserFactory(roles=["dept_handler"], unit=other),
        **people,
    )


def picture(by: User | None = None) -> Attachment:
    """A stored picture without its bytes."""
    number = Attachment.objects.count()
    blob = Blob.objects.create(
        sha256=sha256(str(number).encode()).hexdigest(),
        size=10,
        media_type="image/jpeg",
    )
    return Attachment.objects.create(blob=blob, name="照片.jpg", uploaded_by=by)


def report(city: City, **given) -> Case:
    """A report by the inspector of the grid."""
    values = {
        "source": "01",
        "class_kind": KIND,
        "class_code": CLASS,
        "description": "路边堆放垃圾，有异味。",
        "lon": LON + STEP / 2,
        "lat": LAT + STEP / 2,
        "address": "示例路12号东侧20米",
        "by": city.supervisor,
    }
    return services.report_case(**values | given)


def rule(**changed) -> None:
    """Put changed rules in force."""
    by = UserFactory(roles=["sys_admin"])
    draft = ruling.create_draft(by=by)
    ruling.save_draft(draft=draft, body=draft.body | changed, by=by)
    ruling.publish(draft=draft, by=by)


def data_for(city: City, action: str) -> dict:
    """What has to be given with an action."""
    if action in {"dispatch", "redispatch"}:
        return {"unit": city.unit}
    if action in {"approve_suspend", "approve_defer"}:
        return {"until": clock.now() + timedelta(days=3)}
    if action in {"feedback", "check_pass"}:
        return {"attachments": [picture()]}
    return {}


def act(city: City, case: Case, action: str, *, by: str, **given) -> Case:
    """Make one step as the post that does it."""
    data = data_for(city, action) | given
    return services.fire(case, action, by=city.person(by), note="情况属实", **data)


# The way to every state, as (action, post) after the report
WAYS: dict[str, tuple[tuple[str, str], ...]] = {"pending_accept": ()}


def _way(state: str, after: str, *steps: tuple[str, str]) -> None:
    WAYS[state] = (*WAYS[after], *steps)


_way("verifying", "pending_accept", ("send_verify", "acceptor"))
_way("not_accepted", "pending_accept", ("refuse", "acceptor"))
_way("pending_filing", "pending_accept", ("accept", "acceptor"))
_way("not_filed", "pending_filing", ("refuse_file", "duty_leader"))
_way("pending_dispatch", "pending_filing", ("file", "duty_leader"))
_way("cancelled", "pending_dispatch", ("cancel", "duty_leader"))
_way("pending_handling", "pending_dispatch", ("dispatch", "dispatcher"))
_way("returned", "pending_handling", ("return", "dept_handler"))
_way("handling", "pending_handling", ("sign", "dept_handler"))
_way("suspended", "handling", ("approve_suspend", "dispatcher"))
_way("deferred", "handling", ("approve_defer", "dispatcher"))
_way("pending_feedback", "handling", ("feedback", "dept_handler"))
_way("pending_check", "pending_feedback", ("pass_feedback", "dispatcher"))
_way("checking", "pending_check", ("send_check", "acceptor"))
_way("pending_close", "checking", ("check_pass", "supervisor"))
_way("rework", "pending_close", ("rework", "duty_leader"))
_way("closed", "pending_close", ("close", "duty_leader"))
_way("forced_closed", "pending_close", ("force_close", "bureau_leader"))


def lead(city: City, state: str, **given) -> Case:
    """A case brought to a state by the steps that lead there."""
    if state == "self_handled":
        return report(
            city,
            self_handled=True,
            attachments=[picture()],
            after_attachments=[picture()],
            **given,
        )
    case = report(city, **given)
    for action, post in WAYS[state]:
        case = act(city, case, action, by=post)
    return case
