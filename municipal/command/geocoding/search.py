"""Text to positions: exact, by parts, by similar names; with a score.

Scores run from 0 to 100: 100 is the standard address itself or all of its
parts, below 60 nothing is offered.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count
from rapidfuzz import fuzz

from platform_core.geo import cells, distance

from . import areas, lines, texts
from .enums import How, PlaceKind
from .models import Address, AddressTerm, Gram, Term, TermGram
from .texts import Wanted

LIMIT = 10
LEAST = 60.0
WINDOW = 8  # house numbers looked at on either side
MOST_POSTINGS = 6000
MOST_TERMS = 80
GOOD_TERMS = 6
OTHER_AREA, NO_NUMBER, GUESSED = 0.85, 0.8, 0.92
SURE, LEAD = 85.0, 4.0  # a score that needs no person, and its lead on the next


@dataclass(frozen=True)
class Candidate:
    """A position that a text may mean, and which part of the text it met."""

    text: str
    lon: float
    lat: float
    score: float
    matched: str
    how: str
    address: Address | None = None

    @property
    def kind(self) -> str:
        return self.address.kind if self.address else ""

    @property
    def grid_code(self) -> str:
        return self.address.grid_code if self.address else ""


def geocode(text: str, *, limit: int = LIMIT) -> list[Candidate]:
    """Candidates for an address or a place name, the best first."""
    plain = texts.normalise(text)
    if not plain:
        return []
    exact = _exact(text.strip())
    local, area = areas.strip(plain)
    wanted = texts.parse(local)
    found = exact or _crossing(wanted) or _named(wanted, area)
    if not found and wanted.name != local:
        found = _named(Wanted(local), area)
    return _ranked(_displaced(one, wanted) for one in found)[:limit]


def is_sure(candidates: list[Candidate]) -> bool:
    """Whether the first candidate may be taken without asking a person."""
    if not candidates or candidates[0].score < SURE:
        return False
    return len(candidates) == 1 or (
        candidates[0].score - candidates[1].score >= LEAD
        or candidates[0].how == How.EXACT
    )


def places(
    text: str,
    *,
    near: tuple[float, float] | None = None,
    radius: float = 1000.0,
    limit: int = LIMIT,
) -> list[tuple[Candidate, float | None]]:
    """Places by name or category, near a position with the distance in metres."""
    if near is None:
        return [(found, None) for found in geocode(text, limit=limit)]
    plain = texts.normalise(text)
    rows = [
        (row, metres)
        for row, metres in around(*near, radius)
        if plain in texts.normalise(f"{row.local}{row.category}{row.aliases}")
    ]
    return [
        (_candidate(row, 100.0, plain, How.EXACT), metres)
        for row, metres in rows[:limit]
    ]


def around(lon: float, lat: float, radius: float) -> list[tuple[Address, float]]:
    """Published addresses in a circle with their distance, the nearest first."""
    rows: list[Address] = []
    for first, last in cells.ranges(lon, lat, radius):
        rows += Address.objects.published().filter(cell__gte=first, cell__lte=last)
    measured = [(row, distance.metres(lon, lat, row.lon, row.lat)) for row in rows]
    inside = [pair for pair in measured if pair[1] <= radius]
    return sorted(inside, key=lambda pair: (pair[1], pair[0].pk))


def _exact(text: str) -> list[Candidate]:
    rows = Address.objects.published().filter(standard=text)[:LIMIT]
    return [_candidate(row, 100.0, text, How.EXACT) for row in rows]


def _named(wanted: Wanted, area: str) -> list[Candidate]:
    """By the name and the number; similar names where there is none."""
    term = Term.objects.filter(text=wanted.name).first()
    if term:
        found = _on(term, 100.0, How.NORMALISED, wanted, area)
        if found:
            return found
    return [
        candidate
        for other, score in similar(wanted.name)
        for candidate in _on(other, score, How.FUZZY, wanted, area)
    ]


def similar(name: str) -> list[tuple[Term, float]]:
    """Names like this one, the best first."""
    rows = Term.objects.filter(pk__in=_sharing(name))
    if len(name) == 1:
        rows = Term.objects.filter(text__startswith=name).order_by("text")[:MOST_TERMS]
    scored = [(row, _likeness(name, row.text)) for row in rows]
    good = [pair for pair in scored if pair[1] >= LEAST]
    return sorted(good, key=lambda pair: (-pair[1], pair[0].text))[:GOOD_TERMS]


def _likeness(name: str, other: str) -> float:
    whole = fuzz.ratio(name, other)
    if other.startswith(name):
        return max(whole, 90.0)
    return max(whole, 0.88 * fuzz.partial_ratio(name, other))


def _sharing(name: str) -> list[int]:
    """Keys of the names that share most pairs of characters, rare pairs first."""
    known = Gram.objects.filter(text__in=texts.grams(name)).order_by("uses", "text")
    chosen: list[str] = []
    room = MOST_POSTINGS
    for gram in known:
        if chosen and gram.uses > room:
            break
        chosen.append(gram.text)
        room -= gram.uses
    rows = TermGram.objects.filter(gram__in=chosen).values("term")
    counted = rows.annotate(shared=Count("pk")).order_by("-shared", "term")
    return [row["term"] for row in counted[:MOST_TERMS]]


def _on(
    term: Term, score: float, how: How, wanted: Wanted, area: str
) -> list[Candidate]:
    """The addresses under a name that fit the number."""
    rows = AddressTerm.objects.filter(term=term).select_related("address")
    if wanted.number is None:
        found = _unnumbered(rows, score, how, wanted)
    else:
        found = [
            _candidate(row.address, score, f"{wanted.name}{wanted.number}", how)
            for row in rows.filter(number=wanted.number)[:LIMIT]
        ] or _interpolated(rows, score, wanted)
        if not found and how == How.FUZZY:
            return []
        found = found or _unnumbered(rows, score * NO_NUMBER, how, wanted)
    return [_weighed(one, area) for one in found]


def _unnumbered(
    rows: Iterable, score: float, how: How, wanted: Wanted
) -> list[Candidate]:
    """The road or place itself; house numbers only behind it."""
    itself = rows.filter(number=None)[:LIMIT]  # type: ignore[attr-defined]
    numbered = rows.exclude(number=None).order_by("number")  # type: ignore[attr-defined]
    found = [_candidate(row.address, score, wanted.name, how) for row in itself]
    room = LIMIT - len(found)
    return found + [
        _candidate(row.address, score * NO_NUMBER, wanted.name, how)
        for row in numbered[:room]
    ]


def _interpolated(rows: Iterable, score: float, wanted: Wanted) -> list[Candidate]:
    """A missing number between its neighbours on the same side of the road."""
    number = wanted.number or 0
    below = rows.filter(number__lt=number).order_by("-number")[:WINDOW]  # type: ignore[attr-defined]
    above = rows.filter(number__gt=number).order_by("number")[:WINDOW]  # type: ignore[attr-defined]
    low = next((row for row in below if row.number % 2 == number % 2), None)
    high = next((row for row in above if row.number % 2 == number % 2), None)
    if low is None or high is None:
        return []
    road = rows.filter(number=None, address__line__isnull=False).first()  # type: ignore[attr-defined]
    share = (number - low.number) / (high.number - low.number)
    lon, lat = lines.between(
        road.address.line if road else None,
        (low.address.lon, low.address.lat),
        (high.address.lon, high.address.lat),
        share,
    )
    base = low.address.standard.removesuffix(low.address.number)
    return [
        Candidate(
            text=f"{base}{number}号",
            lon=round(lon, 7),
            lat=round(lat, 7),
            score=score * GUESSED,
            matched=f"{wanted.name}{number}",
            how=How.INTERPOLATED,
            address=low.address,
        )
    ]


def _crossing(wanted: Wanted) -> list[Candidate]:
    """Where two roads meet."""
    if wanted.crossing is None:
        return []
    found = []
    first, second = (_roads(name) for name in wanted.crossing)
    for one in first:
        for two in second:
            point = lines.crossing(one.line, two.line) if one.pk != two.pk else None
            if point:
                text = f"{one.standard}与{two.road}交叉口"
                lon, lat = round(point[0], 7), round(point[1], 7)
                met = "".join(wanted.crossing)
                found.append(Candidate(text, lon, lat, 98.0, met, How.JUNCTION, one))
    return found


def _roads(name: str) -> list[Address]:
    rows = AddressTerm.objects.filter(term__text=name, address__kind=PlaceKind.ROAD)
    rows = rows.exclude(address__line=None).select_related("address")
    return [row.address for row in rows[:LIMIT]]


def _displaced(found: Candidate, wanted: Wanted) -> Candidate:
    """The position so many metres away, as "东侧20米" says."""
    if not wanted.metres:
        return found
    metres = f"{wanted.metres:g}米"
    if wanted.along:
        if found.address is None or found.address.line is None:
            return replace(found, score=found.score * NO_NUMBER)
        lon, lat = lines.along(found.address.line, wanted.metres)
        text = f"{found.text}距起点{metres}"
    else:
        angle = texts.bearing(wanted.way)
        lon, lat = lines.moved(found.lon, found.lat, angle, wanted.metres)
        text = f"{found.text}{wanted.way}侧{metres}"
    return replace(found, text=text, lon=round(lon, 7), lat=round(lat, 7))


def _candidate(row: Address, score: float, matched: str, how: str) -> Candidate:
    return Candidate(row.standard, row.lon, row.lat, score, matched, how, row)


def _weighed(found: Candidate, area: str) -> Candidate:
    row = found.address
    if not area or row is None or row.area_code.startswith(area):
        return found
    return replace(found, score=found.score * OTHER_AREA)


def _ranked(found: Iterable[Candidate]) -> list[Candidate]:
    best: dict[tuple[str, float, float], Candidate] = {}
    for one in found:
        key = (one.text, one.lon, one.lat)
        if key not in best or best[key].score < one.score:
            best[key] = replace(one, score=round(one.score, 1))
    kept = [one for one in best.values() if one.score >= LEAST]
    return sorted(kept, key=lambda one: (-one.score, len(one.text), one.text))
