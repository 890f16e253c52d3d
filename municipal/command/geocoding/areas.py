"""Names of the city's divisions: put before an address, taken off again."""

from platform_core.common.snapshots import Snapshot
from platform_core.regions import selectors as regions
from platform_core.regions.enums import Level

from . import texts

_held = Snapshot("geocoding.areas")
ORDER = (Level.COUNTY, Level.STREET, Level.COMMUNITY)
Known = tuple[str, str]  # normalised name, prefix of codes


def strip(text: str) -> tuple[str, str]:
    """What is left of a normalised address, and the digits its divisions give."""
    prefix = ""
    for names in _held.get(regions.own_division().code, _read):
        fitting = [
            (name, code)
            for name, code in names
            if text.startswith(name) and code.startswith(prefix) and text != name
        ]
        if fitting:
            name, prefix = max(fitting, key=lambda found: len(found[0]))
            text = text[len(name) :]
    return text, prefix


def names(area_code: str) -> str:
    """City, district and street of a code, as an address begins."""
    own = regions.own_division()
    codes = [own.code, area_code[:6], area_code[:9]]
    known = [regions.find_division(code) for code in dict.fromkeys(codes)]
    return "".join(found.name for found in known if found)


def forget() -> None:
    """Read the divisions anew."""
    _held.renew()


def _read() -> list[list[Known]]:
    own = regions.own_division()
    above = regions.lineage(own.code)[1:]
    found = [[(texts.normalise(one.name), one.prefix)] for one in above]
    for level in ORDER:
        rows = regions.inside(own.code, level).values_list("name", "code")
        found.append([(texts.normalise(name), code) for name, code in rows])
    return found
