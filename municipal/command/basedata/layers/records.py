"""Features of layers as values: read, check, make, write."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command import places
from municipal.command.basedata.changes import subjects
from municipal.command.basedata.changes.subjects import Values
from municipal.command.basedata.models import LayerFeature, LayerKind
from platform_core.common import clock
from platform_core.common.errors import DomainError
from platform_core.common.models import Sequence
from platform_core.geo import shapes

TEXTS = {"manager": 100, "grade": 50, "open_hours": 50}


def snapshot(feature: LayerFeature) -> Values:
    """The values of a feature as it is."""
    return {
        "kind": feature.kind.code,
        "name": feature.name,
        "geometry": feature.geometry,
        **{name: getattr(feature, name) for name in TEXTS},
        "attributes": feature.attributes,
        "valid_to": feature.valid_to.isoformat() if feature.valid_to else None,
    }


def kind_of(values: Values) -> LayerKind:
    """The layer that the values name; DomainError where there is none."""
    found = LayerKind.objects.filter(code=values.get("kind") or "").first()
    if found is None:
        message = _("There is no such layer.")
        raise DomainError(message, fields={"kind": message})
    return found


def check(values: Values, feature: LayerFeature | None) -> Values:
    """The values put in order; DomainError by field where they are wrong."""
    kind = kind_of(values)
    name = str(values.get("name") or "").strip()
    if not name or len(name) > 100:
        message = _("Give a name of at most 100 characters.")
        raise DomainError(message, fields={"name": message})
    return {
        "kind": kind.code,
        "name": name,
        "geometry": _geometry(values.get("geometry"), kind),
        **{field: _text(field, values.get(field)) for field in TEXTS},
        "attributes": attributes(values.get("attributes") or {}, kind),
        "valid_to": values.get("valid_to"),
    }


def _text(name: str, value: Any) -> str:
    text = str(value or "").strip()
    if len(text) > TEXTS[name]:
        message = _("The text is longer than %(most)d.") % {"most": TEXTS[name]}
        raise DomainError(message, fields={name: message})
    return text


def _geometry(geometry: Any, kind: LayerKind) -> dict[str, Any]:
    try:
        found = shapes.write(shapes.read(geometry or {}), places.DIGITS)
    except shapes.InvalidGeometry as error:
        message = _("The geometry is not valid: %(error)s") % {"error": error}
        raise DomainError(message, fields={"geometry": message}) from error
    if found["type"] not in kind.geometries:
        message = _("This layer holds %(kinds)s only.") % {
            "kinds": ", ".join(kind.geometries)
        }
        raise DomainError(message, fields={"geometry": message})
    places.locate(*shapes.centre(found))
    return found


def attributes(given: Mapping[str, Any], kind: LayerKind) -> dict[str, Any]:
    """The attributes that the layer knows, checked by their types."""
    found = {}
    for field in kind.fields:
        value = given.get(field["code"])
        if value not in (None, ""):
            found[field["code"]] = _attribute(field, value)
    return found


def _attribute(field: dict[str, Any], value: Any) -> Any:
    name = f"attribute_{field['code']}"
    if field["type"] == "number":
        try:
            number = float(value)
        except (TypeError, ValueError) as error:
            message = _("This is not a number.")
            raise DomainError(message, fields={name: message}) from error
        return int(number) if number.is_integer() else number
    if field["type"] == "choice" and str(value) not in field["choices"]:
        message = _("Choose one of %(words)s.") % {"words": "、".join(field["choices"])}
        raise DomainError(message, fields={name: message})
    return str(value)[:200]


def size(geometry: dict[str, Any]) -> float | None:
    """Metres of a line, square metres of an area."""
    if "Polygon" in geometry["type"]:
        return round(shapes.square_metres(geometry), 2)
    if "Line" in geometry["type"]:
        return round(shapes.metres_long(geometry), 2)
    return None


def fill(feature: LayerFeature, values: Values) -> LayerFeature:
    """Give a feature checked values and what follows from its place."""
    lon, lat = shapes.centre(values["geometry"])
    place = places.locate(lon, lat)
    feature.name, feature.geometry = values["name"], values["geometry"]
    feature.lon, feature.lat = place.lon, place.lat
    feature.district_code, feature.street_code = place.division_code, place.street_code
    feature.size = size(values["geometry"])
    feature.attributes = values["attributes"]
    for name in TEXTS:
        setattr(feature, name, values[name])
    ended = values["valid_to"]
    feature.valid_to = date.fromisoformat(ended) if ended else None
    return feature


def create(values: Values, code: str = "") -> LayerFeature:
    """A new feature, under the next code of its layer and district if it has none."""
    kind = kind_of(values)
    made = fill(LayerFeature(kind=kind), values)
    made.code = code or _next_code(made.district_code, kind.code)
    made.save(force_insert=True)
    return made


def _next_code(district: str, kind: str) -> str:
    while True:
        serial = Sequence.take(f"layer.{district}.{kind}")
        code = f"{district}-{kind}-{serial:04d}"
        if not LayerFeature.objects.filter(code=code).exists():
            return code


def write(feature: LayerFeature, values: Values) -> None:
    """Bring a feature to the values, as its next revision."""
    fill(feature, values)
    feature.revision += 1
    feature.touch()
    feature.save()


class FeatureSubject:
    """Features of layers among the things that proposals change."""

    code = "layerfeature"
    relation = "feature"
    labels: Mapping[str, str | Promise] = {
        "kind": gettext_lazy("Layer"),
        "name": gettext_lazy("Name"),
        "geometry": gettext_lazy("Geometry"),
        "manager": gettext_lazy("Managed by"),
        "grade": gettext_lazy("Grade or category"),
        "open_hours": gettext_lazy("Opening hours"),
        "attributes": gettext_lazy("Further attributes"),
        "valid_to": gettext_lazy("Taken out on"),
    }

    snapshot = staticmethod(snapshot)
    check = staticmethod(check)
    create = staticmethod(create)
    write = staticmethod(write)

    def division(self, values: Values) -> str:
        """The district that its middle lies in."""
        return places.locate(*shapes.centre(values["geometry"])).division_code

    def title(self, values: Values, obj: LayerFeature | None) -> str:
        """What people call it."""
        return f"{kind_of(values)} {values['name']}"

    def end(self, values: Values) -> Values:
        """The values of a feature that is taken out today."""
        return {**values, "valid_to": clock.today().isoformat()}

    def lock(self, pk: int) -> LayerFeature:
        """The feature, kept from others until the transaction ends."""
        rows = LayerFeature.objects.select_for_update(of=("self",))
        return rows.select_related("kind").get(pk=pk)

    def show(self, name: str, value: Any) -> object:
        """A value as people read it."""
        if value in (None, "", {}):
            return "—"
        if name == "kind":
            return LayerKind.objects.filter(code=value).first() or value
        if name == "geometry":
            text = _("%(kind)s of %(count)d points")
            return text % {
                "kind": value["type"],
                "count": str(value["coordinates"]).count(",") // 2 + 1,
            }
        if name == "attributes":
            return ", ".join(f"{code}: {one}" for code, one in value.items())
        return value


subjects.register(FeatureSubject())
