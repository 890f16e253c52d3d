"""Sample of duty: shifts, two weeks of roster, duties with tracks, leave, a roll call.

Inspectors walk from middle to middle of the unit grids of their duty grid.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction

from municipal.command.models import UnitGrid
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import User
from platform_core.common import clock
from platform_core.geo.distance import metres

from .enums import AttendanceState, LeaveKind
from .models import Attendance, RosterEntry, Shift
from .services import attendance, leading, leaves, roster, ruling, tracks
from .services.common import LEADER, Place

SHIFTS = (
    ("早班", time(6), time(14), False),
    ("中班", time(14), time(22), False),
    ("夜班", time(22), time(6), False),
    ("行政班", time(8, 30), time(17), True),
)
BACK, AHEAD = 7, 13
SPEED = 0.5  # metres a second on foot
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
# Minutes late and early by day back and person: most come and go in time
LATE = {(2, 0): 18, (5, 1): 32}
EARLY = {(4, 1): 25}
ABSENT = (3, 2)
IDLE = (1, 0)
LOGS = (
    "上午巡查责任网格，发现并上报暴露垃圾一处，已自处置小广告三处。",
    "重点巡查学校周边，占道经营较昨日减少，井盖完好。",
    "雨后排查积水点，一处雨水篦子堵塞已上报。",
)


def load() -> str:
    """Add what is missing; with no sample people nothing."""
    leader = accounts.users_with_role(LEADER).filter(is_sample=True).first()
    people = accounts.users_with_role("supervisor").filter(is_sample=True)
    walkers = people.filter(duty_grids__isnull=False).order_by("username").distinct()
    team = list(walkers)
    if leader is None or not team or RosterEntry.objects.filter(is_sample=True):
        return "no sample of duty"
    with transaction.atomic():
        _roster(leader, team)
        _past(team)
        _today(team)
        _beside(leader, team)
        attendance.sweep()
    return f"{Attendance.objects.count()} duties of {len(team)} inspectors"


def _roster(leader: User, team: Sequence[User]) -> None:
    """From a week ago to the end of the next one, early and late by turns."""
    shifts = []
    for name, begins, ends, workdays in SHIFTS:
        values = {"begins": begins, "ends": ends, "workdays_only": workdays}
        shifts.append(Shift.objects.get_or_create(name=name, defaults=values)[0])
    today, running = clock.today(), _running(shifts)
    for back in range(BACK, -AHEAD - 1, -1):
        day = today - DAY * back
        for number, person in enumerate(team):
            shift = shifts[(number + day.toordinal()) % 2]
            on_now = running[0] == day and number < 2
            if on_now:
                shift = running[1]
            elif day in {running[0], today} or _meets(shift, day, running):
                continue
            entry = roster.plan(person=person, day=day, shift=shift, by=leader)
            entry.is_sample = True
            entry.save(update_fields=["is_sample"])


def _running(shifts: Sequence[Shift]) -> tuple[date, Shift]:
    """The shift that runs now, with the day it belongs to."""
    today, moment = clock.today(), clock.now()
    for day in (today, today - DAY):
        for shift in shifts[:3]:
            begin, end = shift.span(day)
            if begin <= moment < end:
                return day, shift
    return today, shifts[0]


def _meets(shift: Shift, day: date, running: tuple[date, Shift]) -> bool:
    """Whether a shift of a day overlaps the one that runs now."""
    begin, end = shift.span(day)
    first, last = running[1].span(running[0])
    return begin < last and first < end


def _past(team: Sequence[User]) -> None:
    """Duties that are over, each with a track of a position every three minutes."""
    moment = clock.now()
    rows = RosterEntry.objects.filter(is_sample=True, ends_at__lt=moment)
    places = {person.pk: number for number, person in enumerate(team)}
    for entry in rows.select_related("person").order_by("ends_at"):
        number = places[entry.person_id]
        back = (clock.today() - entry.day).days
        if (back, number) == ABSENT:
            continue
        begin = entry.begins_at + MINUTE * (LATE.get((back, number), -4))
        end = entry.ends_at - MINUTE * (EARLY.get((back, number), -3))
        with clock.at(min(end + MINUTE, moment)):
            _duty(entry.person, begin, min(end, moment), 180, (back, number) == IDLE)


def _duty(
    person: User, begin: datetime, end: datetime, seconds: int, rests: bool
) -> None:
    """Clock in, walk, clock out; `rests` stays in one place for a while."""
    path = _path(person)
    way = list(_walk(path, begin, end, seconds))
    if rests and len(way) > 40:
        still = way[20][1]
        way[20:36] = [(at, still) for at, _place in way[20:36]]
    attendance.clock_in(by=person, at=begin, place=way[0][1])
    _send(person, way)
    attendance.clock_out(by=person, at=end, place=way[-1][1])


def _today(team: Sequence[User]) -> None:
    """Who is on duty now, with a track up to now; the second one went too far."""
    moment = clock.now()
    rows = RosterEntry.objects.filter(
        is_sample=True, begins_at__lte=moment, ends_at__gt=moment
    ).select_related("person")
    for entry in rows.order_by("person__username"):
        begin = min(entry.begins_at + 2 * MINUTE, moment)
        path = _path(entry.person)
        way = list(_walk(path, begin, moment, ruling.current().interval))
        if entry.person == team[-1] or entry.person == team[1 % len(team)]:
            way = _away(way)
        attendance.clock_in(by=entry.person, at=begin, place=way[0][1])
        _send(entry.person, way)


def _away(
    way: list[tuple[datetime, Place]], share: float = 0.5
) -> list[tuple[datetime, Place]]:
    """Twelve minutes some hundred metres beside the way, half-way through."""
    start = round(len(way) * share)
    return [
        (at, Place(place.lon + 0.02, place.lat, place.accuracy))
        if start <= number < start + 24
        else (at, place)
        for number, (at, place) in enumerate(way)
    ]


def _path(person: User) -> list[tuple[float, float]]:
    """The middles of the person's unit grids, each once, to the nearest next."""
    grids = UnitGrid.objects.filter(
        valid_to=None, duty_grid__in=person.duty_grids.values("pk")
    ).order_by("code")
    left = list(grids.values_list("lon", "lat")[:60])
    found = [left.pop(0)]
    while left:
        near = min(left, key=lambda point: metres(*found[-1], *point))
        left.remove(near)
        found.append(near)
    return found if len(found) > 1 else found * 2


def _walk(
    path: Sequence[tuple[float, float]], begin: datetime, end: datetime, seconds: int
) -> Iterator[tuple[datetime, Place]]:
    """Positions on foot along a path to and fro."""
    legs = [*path, *path[-2::-1]]
    leg, gone, at = 0, 0.0, begin
    while True:
        (lon, lat), (to_lon, to_lat) = legs[leg], legs[leg + 1]
        length = max(metres(lon, lat, to_lon, to_lat), 1.0)
        share = min(gone / length, 1.0)
        place = Place(
            round(lon + (to_lon - lon) * share, 6),
            round(lat + (to_lat - lat) * share, 6),
            8 + leg % 5,
        )
        yield at, place
        at += timedelta(seconds=seconds)
        if at > end:
            return
        gone += SPEED * seconds
        while gone >= length:
            gone -= length
            leg = (leg + 1) % (len(legs) - 1)
            (lon, lat), (to_lon, to_lat) = legs[leg], legs[leg + 1]
            length = max(metres(lon, lat, to_lon, to_lat), 1.0)


def _send(person: User, way: list[tuple[datetime, Place]]) -> None:
    for start in range(0, len(way), tracks.MOST):
        tracks.add(by=person, points=way[start : start + tracks.MOST])


def _beside(leader: User, team: Sequence[User]) -> None:
    """Leave, a roll call, work logs, a message."""
    today, moment = clock.today(), clock.now()
    last = team[-1]
    first = today + 4 * DAY
    leaves.ask(
        by=last,
        kind=LeaveKind.EXCHANGE,
        from_day=first,
        to_day=first + DAY,
        reason="家中有事，申请调休。",
        at=moment - 2 * DAY,
    )
    sick = leaves.ask(
        by=team[0],
        kind=LeaveKind.SICK,
        from_day=today + 9 * DAY,
        to_day=today + 10 * DAY,
        reason="门诊复查。",
        at=moment - 3 * DAY,
    )
    leaves.decide(leave=sick, by=leader, approved=True, answer="同意，注意休息。")
    for number, person in enumerate(team):
        text = LOGS[number % len(LOGS)]
        leading.write_log(by=person, text=text, at=moment - DAY * (number + 1))
    _roll_call(leader, moment - timedelta(hours=3))
    leading.send_message(
        by=leader,
        people=team,
        title="本周重点：占道经营与井盖安全",
        body="请各责任网格加强早晚高峰巡查，发现井盖缺损立即上报并看护现场。",
    )


def _roll_call(leader: User, start: datetime) -> None:
    """One answers in time, one does not."""
    duties = Attendance.objects.filter(state=AttendanceState.ON)
    called = [duty.person for duty in duties.select_related("person")]
    if not called:
        return
    with clock.at(start):
        call = leading.start_roll_call(by=leader, people=called, note="在岗抽查")
        lon, lat = _path(called[0])[0]
        place = Place(lon, lat, 10)
        answered = start + 2 * MINUTE
        leading.answer_roll_call(by=called[0], call=call.uid, at=answered, place=place)
    with clock.at(start + timedelta(minutes=call.minutes + 1)):
        leading.close_roll_calls()
