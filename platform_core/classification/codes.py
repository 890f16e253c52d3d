"""Identification codes: build, read, check.  [GB/T 30428.1/.2, GB/T 47678.3/.5]"""

import re
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError

DUTY_GRID = "Z"
GRID_TYPES = {DUTY_GRID, "G", "P", "K"}  # duty, management, evaluation, extension
UNIT_FORM = re.compile(r"([1-9]\d{11})(\d{3})", re.ASCII)
AREA_FORM = re.compile(r"([1-9]\d{11})([ZGPK])(\d{3})", re.ASCII)
COMPONENT_FORM = re.compile(r"([1-9]\d{5})(\d{4,5})(\d{6})", re.ASCII)
MATTER_FORM = re.compile(r"([1-9]\d{5})(\d{4,5})", re.ASCII)
EDITION_OF_DIGITS = {4: "2013", 5: "2026"}


def _match(form: re.Pattern[str], text: str) -> tuple[str, ...]:
    found = form.fullmatch(text)
    if found is None:
        raise _malformed(text)
    return found.groups()


def _malformed(text: str) -> DomainError:
    return DomainError(
        _("“%(code)s” is not a valid identification code.") % {"code": text},
        code="code_format",
    )


class _Code:
    """What all codes share: text to parts and back, refusing anything else."""

    @classmethod
    def parse(cls, text: str) -> Self:
        raise NotImplementedError

    @classmethod
    def is_valid(cls, text: str) -> bool:
        """Whether `text` has the form of this code."""
        try:
            cls.parse(text)
        except DomainError:
            return False
        return True


@dataclass(frozen=True)
class UnitGridCode(_Code):
    """15 digits: a community of 12 digits and a serial number of 3."""

    community: str
    serial: int

    def __post_init__(self) -> None:
        _match(UNIT_FORM, str(self))

    def __str__(self) -> str:
        return f"{self.community}{self.serial:03d}"

    @classmethod
    def parse(cls, text: str) -> Self:
        community, serial = _match(UNIT_FORM, text)
        return cls(community, int(serial))

    @property
    def county(self) -> str:
        """The county's 6 digits."""
        return self.community[:6]

    @property
    def street(self) -> str:
        """The street's 9 digits."""
        return self.community[:9]


@dataclass(frozen=True)
class AreaGridCode(_Code):
    """16 places: community or street and "000", a letter for the type, a serial."""

    community: str
    serial: int
    type: str = DUTY_GRID

    def __post_init__(self) -> None:
        _match(AREA_FORM, str(self))

    def __str__(self) -> str:
        return f"{self.community:0<12}{self.type}{self.serial:03d}"

    @classmethod
    def parse(cls, text: str) -> Self:
        community, letter, serial = _match(AREA_FORM, text)
        return cls(community, int(serial), letter)


@dataclass(frozen=True)
class ComponentCode(_Code):
    """16 digits in 2013, 17 in 2026: county, class, serial number of 6."""

    county: str
    class_code: str
    serial: int

    def __post_init__(self) -> None:
        parts = (self.county, self.class_code, f"{self.serial:06d}")
        if _match(COMPONENT_FORM, str(self)) != parts:
            raise _malformed(str(self))

    def __str__(self) -> str:
        return f"{self.county}{self.class_code}{self.serial:06d}"

    @classmethod
    def parse(cls, text: str) -> Self:
        _match(COMPONENT_FORM, text)
        return cls(text[:6], text[6:-6], int(text[-6:]))

    @property
    def edition(self) -> str:
        """The edition, told by the length."""
        return EDITION_OF_DIGITS[len(self.class_code)]

    def moved_to(self, class_code: str) -> "ComponentCode":
        """The same component under the class of another edition."""
        return ComponentCode(self.county, class_code, self.serial)


@dataclass(frozen=True)
class MatterCode(_Code):
    """10 digits in 2013, 11 in 2026: county and class; it names no single case."""

    county: str
    class_code: str

    def __post_init__(self) -> None:
        _match(MATTER_FORM, str(self))

    def __str__(self) -> str:
        return f"{self.county}{self.class_code}"

    @classmethod
    def parse(cls, text: str) -> Self:
        county, class_code = _match(MATTER_FORM, text)
        return cls(county, class_code)

    @property
    def edition(self) -> str:
        """The edition, told by the length."""
        return EDITION_OF_DIGITS[len(self.class_code)]
