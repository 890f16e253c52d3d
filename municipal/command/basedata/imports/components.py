"""A chunk of a census, checked column by column.  [GB/T 30428.2, GB/T 47678.5]"""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from municipal.command import places
from municipal.command.enums import ComponentStatus
from platform_core.accounts.models import OrgUnit
from platform_core.classification import selectors as classification
from platform_core.classification.enums import Kind
from platform_core.common import clock
from platform_core.geo import cells

from . import positions
from .batches import Memo, Problem, Refused, Sieve, limited, read_day
from .fields import EXTRA
from .sources import Chunk

UNITS = ("managing_unit", "owning_unit", "maintaining_unit")
STATUS_WORDS = {
    "完好": ComponentStatus.INTACT,
    "破损": ComponentStatus.DAMAGED,
    "丢失": ComponentStatus.LOST,
    "占用": ComponentStatus.OCCUPIED,
    "废弃": ComponentStatus.ABANDONED,
    "移除": ComponentStatus.REMOVED,
    **{status.value: status for status in ComponentStatus},
}
LENGTHS = {16, 17}
TEXTS = {"address": 200, "data_source": 30, "note": 1000}


@dataclass
class Batch:
    """Good rows by columns of the table; `given` are those the file speaks of."""

    rows: list[int]
    columns: dict[str, list[Any]]
    given: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)


class Reader:
    """Reads chunks of one delivery; remembers the codes it has seen."""

    def __init__(self, mapping: dict[str, Any], move: Any) -> None:
        self.mapping, self.move = mapping, move
        self.seen: npt.NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._classes = _classes()
        self._memos = _memos()

    def skip(self, chunk: Chunk) -> None:
        """Remember the codes of a chunk that was taken before a crash."""
        texts = (text.strip() for text in chunk.columns.get(self.mapping["code"], ()))
        known = [int(text) for text in texts if self._class_of(text)]
        self._remember(np.array(known, dtype=np.int64))

    def read(self, chunk: Chunk) -> Batch:
        """The chunk's good rows, and the problems of the others."""
        sieve = Sieve(chunk.rows)
        columns: dict[str, list[Any]] = {}
        if chunk.rows:
            columns = self._columns(chunk, sieve)
        good = sieve.good()
        problems = [Problem(row, reason) for row, reason in chunk.broken]
        return Batch(
            rows=[chunk.rows[place] for place in good],
            columns=_taken(columns, good, len(chunk.rows)),
            given=tuple(self._given(chunk)),
            problems=[*problems, *(sieve.bad[place] for place in sorted(sieve.bad))],
        )

    def _given(self, chunk: Chunk) -> list[str]:
        named = [name for name in self._memos if self.mapping.get(name)]
        if "status" in named:
            named.append("valid_to")
        if self.mapping.get(EXTRA):
            named.append("attributes")
        if chunk.positions is not None:
            named.append("geometry")
        return ["lon", "lat", "cell", "grid_code", *named]

    def _columns(self, chunk: Chunk, sieve: Sieve) -> dict[str, list[Any]]:
        codes = [text.strip() for text in chunk.columns[self.mapping["code"]]]
        classes = self._check_codes(codes, sieve)
        lons, lats = positions.read(chunk, self.mapping, self.move, sieve)
        columns = {
            "code": codes,
            "class_code": [found[0] if found else "" for found in classes],
            "class_name": [found[1] if found else "" for found in classes],
            "edition": [found[2] if found else "" for found in classes],
            "lon": lons.tolist(),
            "lat": lats.tolist(),
            "cell": cells.cell_array(lons, lats).tolist(),
            "grid_code": self._grids(lons, lats, sieve),
            "geometry": self._geometries(chunk),
            **self._attributes(chunk, sieve),
        }
        ended = columns["changed_on"], columns["status"]
        columns["valid_to"] = [
            (day or clock.today()) if status == ComponentStatus.REMOVED else None
            for day, status in zip(*ended, strict=True)
        ]
        return columns

    def _class_of(self, code: str) -> tuple[str, str, str] | None:
        if len(code) in LENGTHS and code.isascii() and code.isdigit():
            return self._classes.get(code[6:-6])
        return None

    def _check_codes(
        self, codes: list[str], sieve: Sieve
    ) -> list[tuple[str, str, str] | None]:
        found = [self._class_of(code) for code in codes]
        for place, known in enumerate(found):
            if known is None:
                code = codes[place]
                formed = len(code) in LENGTHS and code.isascii() and code.isdigit()
                reason = _("The code must have 16 or 17 digits.")
                if formed:
                    reason = _("The code names an unknown class.")
                sieve.refuse(place, reason, "code", code)
        good = [place for place, known in enumerate(found) if known]
        numbers = np.array([int(codes[place]) for place in good], dtype=np.int64)
        _unique, first = np.unique(numbers, return_index=True)
        again = np.ones(len(numbers), dtype=bool)
        again[first] = False
        again |= _among(numbers, self.seen)
        for place in np.flatnonzero(again).tolist():
            text = _("The code stands in the file more than once.")
            sieve.refuse(good[place], text, "code", codes[good[place]])
        self._remember(numbers[~again])
        return found

    def _remember(self, numbers: npt.NDArray[np.int64]) -> None:
        numbers = np.unique(numbers)
        self.seen = np.insert(self.seen, np.searchsorted(self.seen, numbers), numbers)

    def _grids(self, lons: Any, lats: Any, sieve: Sieve) -> list[str]:
        codes, inside = places.grids_of(lons, lats)
        for place, code in enumerate(codes):
            if not code:
                reason = _("The position lies in no unit grid.")
                if not inside[place]:
                    reason = _("The position lies outside the city.")
                value = f"{lons[place]}, {lats[place]}"
                sieve.refuse(place, reason, "position", value)
        return codes

    def _geometries(self, chunk: Chunk) -> list[str | None]:
        found: list[str | None] = [None] * len(chunk.rows)
        for place, shape in chunk.shapes.items():
            found[place] = json.dumps(positions.drawn(shape, self.move))
        return found

    def _attributes(self, chunk: Chunk, sieve: Sieve) -> dict[str, list[Any]]:
        count = len(chunk.rows)
        columns: dict[str, list[Any]] = {}
        for name, (memo, default) in self._memos.items():
            texts = chunk.columns.get(self.mapping.get(name, ""))
            columns[name] = (
                sieve.read(name, texts, memo) if texts else [default] * count
            )
        if "status" not in self.mapping:
            columns["status"] = [ComponentStatus.INTACT.value] * count
        extra = [name for name in self.mapping.get(EXTRA, ()) if name in chunk.columns]
        columns["attributes"] = ["{}"] * count
        if extra:
            parts = zip(*(chunk.columns[name] for name in extra), strict=True)
            columns["attributes"] = [
                json.dumps(
                    {
                        name: text
                        for name, text in zip(extra, part, strict=True)
                        if text
                    },
                    ensure_ascii=False,
                )
                for part in parts
            ]
        return columns


def _taken(
    columns: dict[str, list[Any]], good: list[int], count: int
) -> dict[str, list[Any]]:
    if len(good) == count:
        return columns
    return {name: [values[place] for place in good] for name, values in columns.items()}


def _among(
    numbers: npt.NDArray[np.int64], known: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Which numbers are among sorted known ones."""
    if not len(known):
        return np.zeros(len(numbers), dtype=bool)
    found = np.minimum(np.searchsorted(known, numbers), len(known) - 1)
    same: npt.NDArray[np.bool_] = known[found] == numbers
    return same


def _classes() -> dict[str, tuple[str, str, str]]:
    """Code, name and edition of every class of components."""
    found = classification.catalogue().classes.values()
    return {
        row.code: (row.code, row.name, row.edition)
        for row in found
        if row.kind == Kind.COMPONENT
    }


def _memos() -> dict[str, tuple[Memo[Any], Any]]:
    """How the attributes are read, and what they are where the file is silent."""
    units = _units()

    def unit(text: str) -> int | None:
        if text and text not in units:
            raise Refused(_("There is no such organisation."))
        return units[text] if text else None

    def status(text: str) -> str:
        if text and text not in STATUS_WORDS:
            raise Refused(_("There is no such condition."))
        return STATUS_WORDS[text].value if text else ComponentStatus.INTACT.value

    def surveyed(text: str) -> date:
        day = read_day(text)
        if day is None:
            raise Refused(_("This must be filled."))
        return day

    return {
        **{name: (Memo(unit), None) for name in UNITS},
        "status": (Memo(status), ComponentStatus.INTACT.value),
        "surveyed_on": (Memo(surveyed), clock.today()),
        "changed_on": (Memo(read_day), None),
        **{name: (Memo(limited(most)), "") for name, most in TEXTS.items()},
    }


def _units() -> dict[str, int]:
    """Organisations by all that a file may call them; codes win over names."""
    rows = OrgUnit.objects.filter(is_active=True).values_list(
        "pk", "short_name", "name", "credit_code", "code"
    )
    found: dict[str, int] = {}
    for place in range(1, 5):
        found |= {str(row[place]): row[0] for row in rows if row[place]}
    return found
