"""Components as values: read, check, make, write.  [GB/T 47678.5, 18 items]"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import places
from municipal.command.basedata.changes import subjects
from municipal.command.basedata.changes.subjects import Values
from municipal.command.enums import ComponentStatus
from municipal.command.models import Component
from platform_core.accounts.models import OrgUnit
from platform_core.classification import selectors as classification
from platform_core.classification.enums import Edition, Kind
from platform_core.classification.models import ProblemClass
from platform_core.common import clock, live
from platform_core.common.errors import DomainError
from platform_core.geo import cells, shapes

from . import codes, counts

TOPIC = "basedata.components"
UNITS = ("managing_unit", "owning_unit", "maintaining_unit")
TEXTS = ("address", "data_source", "note")
DATES = ("surveyed_on", "valid_to")


def snapshot(component: Component) -> Values:
    """The values of a component as it is."""
    return {
        "class_code": component.class_code,
        "edition": component.edition,
        "lon": round(component.lon, places.DIGITS),
        "lat": round(component.lat, places.DIGITS),
        "geometry": component.geometry,
        **{name: getattr(component, f"{name}_id") for name in UNITS},
        "status": component.status,
        **{name: getattr(component, name) for name in TEXTS},
        **{name: _iso(getattr(component, name)) for name in DATES},
        "attributes": component.attributes,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def component_class(values: Values) -> ProblemClass:
    """The class that the values name; DomainError where there is none."""
    code, edition = str(values.get("class_code", "")), values.get("edition")
    found = classification.problem_class(Kind.COMPONENT, code, edition or Edition.E2026)
    if found is None:
        message = _("There is no such class of components.")
        raise DomainError(message, fields={"class_code": message})
    return found


def check(values: Values, component: Component | None) -> Values:
    """The values put in order; DomainError by field where they are wrong."""
    found = component_class(values)
    if component is not None and found.code != component.class_code:
        message = _("The code names the class: remove it and enter it anew.")
        raise DomainError(message, fields={"class_code": message})
    if values.get("status") not in ComponentStatus.values:
        message = _("There is no such condition.")
        raise DomainError(message, fields={"status": message})
    lon, lat, geometry = _position(values)
    return {
        "class_code": found.code,
        "edition": found.edition,
        "lon": lon,
        "lat": lat,
        "geometry": geometry,
        **{name: _unit(name, values.get(name)) for name in UNITS},
        "status": values["status"],
        **{name: values.get(name) or "" for name in TEXTS},
        "surveyed_on": values.get("surveyed_on") or clock.today().isoformat(),
        "valid_to": values.get("valid_to"),
        "attributes": values.get("attributes") or {},
    }


def _position(values: Values) -> tuple[float, float, Any]:
    geometry = values.get("geometry") or None
    lon, lat = values.get("lon"), values.get("lat")
    if geometry:
        try:
            lon, lat = shapes.centre(geometry)
        except shapes.InvalidGeometry as error:
            message = _("This is not a valid line or area.")
            raise DomainError(message, fields={"geometry": message}) from error
    place = places.locate(lon, lat)  # type: ignore[arg-type]  # it checks
    if not place.grid_code:
        message = _("The position lies in no unit grid.")
        raise DomainError(message, fields={"position": message, "lon": message})
    return place.lon, place.lat, geometry


def _unit(name: str, key: Any) -> int | None:
    if key in (None, ""):
        return None
    if not OrgUnit.objects.filter(pk=key).exists():
        message = _("There is no such organisation.")
        raise DomainError(message, fields={name: message})
    return int(key)


def _fill(component: Component, values: Values) -> Component:
    place = places.locate(values["lon"], values["lat"])
    component.lon, component.lat = values["lon"], values["lat"]
    component.cell = cells.cell(component.lon, component.lat)
    component.grid_code = place.grid_code
    component.geometry = values["geometry"]
    component.status = values["status"]
    component.attributes = values["attributes"]
    for name in UNITS:
        setattr(component, f"{name}_id", values[name])
    for name in TEXTS:
        setattr(component, name, values[name])
    for name in DATES:
        setattr(
            component, name, date.fromisoformat(values[name]) if values[name] else None
        )
    return component


def create(values: Values) -> Component:
    """A new component under the next code of its class and district."""
    found = component_class(values)
    county = places.locate(values["lon"], values["lat"]).division_code
    made = _fill(
        Component(
            code=codes.next_code(county, found.code),
            edition=found.edition,
            class_code=found.code,
            class_name=found.name,
        ),
        values,
    )
    made.save(force_insert=True)
    counts.change([made])
    live.bump(TOPIC)
    return made


def write(component: Component, values: Values) -> None:
    """Bring a component to the values, as its next revision."""
    counts.change([component] if component.valid_to is None else [], sign=-1)
    _fill(component, values)
    component.changed_on = clock.today()
    component.revision += 1
    component.touch()
    component.save()
    counts.change([component] if component.valid_to is None else [])
    live.bump(TOPIC)


def _class_label(code: str) -> str:
    edition = Edition.E2013 if len(code) == 4 else Edition.E2026
    found = classification.problem_class(Kind.COMPONENT, code, edition)
    return f"{code} {found.label}" if found else code


def _unit_label(key: int) -> str:
    found = OrgUnit.objects.filter(pk=key).first()
    return str(found) if found else str(key)


def _attributes_label(given: dict[str, Any]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in given.items())


SHOWN: dict[str, Callable[[Any], object]] = {
    "class_code": _class_label,
    "status": lambda value: ComponentStatus(value).label,
    "attributes": _attributes_label,
    "geometry": lambda value: value["type"],
    **dict.fromkeys(UNITS, _unit_label),
}


class ComponentSubject:
    """Components among the things that proposals change."""

    code = "component"
    relation = "component"
    labels: Mapping[str, str | Promise] = {
        "class_code": gettext_lazy("Component class"),
        "edition": gettext_lazy("Edition"),
        "lon": gettext_lazy("Longitude"),
        "lat": gettext_lazy("Latitude"),
        "geometry": gettext_lazy("Line or area"),
        "managing_unit": gettext_lazy("Managing unit"),
        "owning_unit": gettext_lazy("Owning unit"),
        "maintaining_unit": gettext_lazy("Maintaining unit"),
        "status": gettext_lazy("Component condition"),
        "address": gettext_lazy("Address"),
        "data_source": gettext_lazy("Data source"),
        "note": gettext_lazy("Note"),
        "surveyed_on": gettext_lazy("Surveyed on"),
        "valid_to": gettext_lazy("Removed on"),
        "attributes": gettext_lazy("Further attributes"),
    }

    snapshot = staticmethod(snapshot)
    check = staticmethod(check)
    create = staticmethod(create)
    write = staticmethod(write)

    def division(self, values: Values) -> str:
        """The district that it lies in."""
        return places.locate(values["lon"], values["lat"]).division_code

    def title(self, values: Values, obj: Component | None) -> str:
        """What people call it."""
        return str(obj) if obj is not None else component_class(values).name

    def end(self, values: Values) -> Values:
        """The values of a component that is removed today."""
        ended = {"status": str(ComponentStatus.REMOVED)}
        return {**values, **ended, "valid_to": clock.today().isoformat()}

    def lock(self, pk: int) -> Component:
        """The component, kept from others until the transaction ends."""
        return Component.objects.select_for_update(of=("self",)).get(pk=pk)

    def show(self, name: str, value: Any) -> object:
        """A value as people read it."""
        if value in (None, "", {}):
            return "—"
        return SHOWN[name](value) if name in SHOWN else value


subjects.register(ComponentSubject())
