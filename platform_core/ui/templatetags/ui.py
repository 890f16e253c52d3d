"""Components for templates: {% load ui %}."""

import json
from typing import Any

from django import forms, template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import PrefixNode, static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from platform_core.ui import charts, columns, components, maps, navigation, words
from platform_core.ui import icons as icon_set

register = template.Library()
NO_CHOICE = ">---------<"
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)
WIDGET_CSS: tuple[tuple[Any, str], ...] = (
    (GROUPS, ""),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
)
CALENDARS: tuple[tuple[Any, str, str], ...] = (
    (forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"),
    (forms.DateInput, "date", "%Y-%m-%d"),
    (forms.TimeInput, "time", "%H:%M"),
)

register.simple_tag(icon_set.icon, name="icon")
register.simple_tag(components.light, name="light")
register.simple_tag(components.deadline, name="deadline")
register.simple_tag(components.status, name="status")
register.simple_tag(navigation.public_links, name="public_links")
register.filter("duration", words.duration)


@register.filter
def moment(value: Any) -> object:
    """Relative in text, absolute on hover."""
    return columns.moment(value) if value else "—"


@register.filter
def stamp(value: Any) -> str:
    """The absolute time to the minute."""
    return words.stamp(value) if value else "—"


@register.filter
def shown(value: Any) -> object:
    """Any value as a list shows it: a dash for nothing, Yes or No."""
    return columns.show(value)


@register.inclusion_tag("ui/tags/timeline.html")
def timeline(steps: Any, newest_first: bool = False) -> dict[str, Any]:
    """Who did what when, with opinion and time used against the limit."""
    items = [components.step(item) for item in steps]
    return {"steps": items[::-1] if newest_first else items}


@register.inclusion_tag("ui/tags/empty.html")
def empty(text: str, icon: str = "inbox") -> dict[str, Any]:
    """What would stand here if there were something."""
    return {"text": text, "icon": icon}


@register.inclusion_tag("ui/tags/field.html")
def field(bound: Any, label: str = "", wide: bool = False) -> dict[str, Any]:
    """A form field with label, help and errors beside it."""
    widget = bound.field.widget
    return {
        "field": bound,
        "label": label or bound.label,
        "control": _control(bound),
        "is_check": isinstance(widget, forms.CheckboxInput),
        "is_group": isinstance(widget, GROUPS),
        "wide": wide or isinstance(widget, forms.Textarea),
    }


def _calendar(widget: Any) -> None:
    """Have the browser offer its calendar for a day or a time."""
    for kind, name, form in CALENDARS:
        if isinstance(widget, kind) and widget.input_type == "text":
            widget.input_type, widget.format = name, form
            return


def _control(bound: Any) -> SafeString:
    _calendar(bound.field.widget)
    drawn = bound.as_widget(attrs=_attributes(bound))
    hint = escape(_("Please choose"))  # words inside an f-string are not extracted
    return SafeString(drawn.replace(NO_CHOICE, f">{hint}<"))


def _attributes(bound: Any) -> dict[str, Any]:
    widget = bound.field.widget
    css = next(
        (css for kind, css in WIDGET_CSS if isinstance(widget, kind)), "form-control"
    )
    given = widget.attrs.get("class", "")
    attributes = {"class": f"{css} {given}".strip()}
    if bound.errors:
        attributes["class"] += " is-invalid"
        attributes["aria-invalid"] = "true"
    if bound.errors or bound.help_text:
        attributes["aria-describedby"] = f"{bound.auto_id}_hint"
    if isinstance(widget, forms.Textarea):
        attributes["rows"] = widget.attrs.get("rows_shown", "4")
    return attributes


@register.simple_tag
def control(bound: Any) -> SafeString:
    """A form field's input alone, as it is drawn again."""
    return _control(bound)


@register.simple_tag
def filter_control(bound: Any) -> SafeString:
    """A filter's input, which reloads the list when it changes."""
    _calendar(bound.field.widget)
    attributes = {**_attributes(bound), "data-filter": ""}
    drawn = bound.as_widget(attrs=attributes)
    every = f">{escape(_('All'))}<"
    if isinstance(bound.field, forms.NullBooleanField):
        drawn = drawn.replace(f">{escape(_('Unknown'))}<", every, 1)
    return SafeString(drawn.replace(NO_CHOICE, every))


@register.inclusion_tag("ui/tags/fields.html")
def form_fields(form: Any) -> dict[str, Any]:
    """All fields of a form with the errors that belong to none of them."""
    return {"form": form}


@register.inclusion_tag("ui/tags/actions.html")
def actions(options: Any) -> dict[str, Any]:
    """Process actions as buttons; impossible ones disabled with the reason.

    Takes dicts or objects with `name`, `allowed`, `why`, `url`, optional `level`.
    """
    keys = {"name": "", "allowed": True, "why": "", "url": "", "level": ""}
    return {
        "options": [
            {
                key: option.get(key, default)
                if isinstance(option, dict)
                else getattr(option, key, default)
                for key, default in keys.items()
            }
            for option in options
        ]
    }


@register.inclusion_tag("ui/tags/summary.html")
def summary(pairs: Any) -> dict[str, Any]:
    """(label, value) pairs as a description list."""
    return {"pairs": [(label, columns.show(value)) for label, value in pairs]}


@register.inclusion_tag("ui/tags/chart.html")
def chart(
    id: str,
    option: dict[str, Any],
    height: int = 260,
    title: str = "",
    table: bool = True,
) -> dict[str, Any]:
    """An ECharts option with the table of its numbers behind it."""
    head, rows = charts.table(option)
    return {
        "id": id,
        "option_id": f"{id}-option",
        "option": option,
        "height": height,
        "title": title,
        "table": table,
        "head": head,
        "rows": rows,
    }


@register.simple_tag(name="map")
def map_tag(
    id: str,
    *,
    height: int | str = 360,
    division: str = "",
    points: Any = None,
    points_url: str = "",
    areas: Any = None,
    areas_url: str = "",
    tiles_url: str = "",
    tiles_link: str = "",
    layer: str = "points",
    pick: str = "",
    lon: Any = "",
    lat: Any = "",
    zoom: Any = "",
    refresh: int = 0,
    box: str = "",
    label: str = "",
) -> SafeString:
    """A map that needs no tile server.

    `division` draws the boundaries inside it; `points`/`points_url` and
    `areas`/`areas_url` are GeoJSON (properties: title, url, level, value);
    `tiles_url` is the address of vector tiles with {z}, {x}, {y} for what is too
    much for GeoJSON, `tiles_link` the page of one of their points with {code};
    `layer` is points, cluster or heat; `pick="id_lon,id_lat"` writes a chosen
    position into two inputs; `box` names an input that receives a drawn box.
    """
    settings_of_map = {
        "library": static("vendor/maplibre-gl/maplibre-gl.mjs"),
        "worker": static("vendor/maplibre-gl/maplibre-gl-worker.mjs"),
        "boundaries": PrefixNode.handle_simple("STATIC_URL") + "vendor/maps/",
        **maps.settings_of_layers(),
        "tiles": settings.MAP_TILES,
        "attribution": settings.MAP_ATTRIBUTION,
        "outline": outline_file(division),
        "focus": division,
        "points": points,
        "pointsUrl": points_url,
        "areas": areas,
        "areasUrl": areas_url,
        "tilesUrl": tiles_url,
        "tilesLink": tiles_link,
        "layer": layer,
        "pick": pick.split(",") if pick else None,
        "center": _position(lon, lat),
        "zoom": zoom or None,
        "refresh": refresh,
        "locale": map_words(),
        "box": box,
    }
    context = {
        "id": id,
        "settings_id": f"{id}-settings",
        "height": f"{height}px" if isinstance(height, int) else height,
        "settings": settings_of_map,
        "label": label,
    }
    return SafeString(render_to_string("ui/tags/map.html", context))


def map_words() -> dict[str, str]:
    """What MapLibre says by itself, in the language of the page."""
    return {
        "NavigationControl.ZoomIn": _("Zoom in"),
        "NavigationControl.ZoomOut": _("Zoom out"),
        "AttributionControl.ToggleAttribution": _("Sources of the map"),
        "Marker.Title": _("Map marker"),
        "Popup.Close": _("Close"),
        "Map.Title": _("Map"),
    }


def outline_file(division: str) -> str:
    """The file of outlines to draw: the nation's provinces, a province's cities."""
    if not division or division == "100000":
        return division
    return f"{division[:2]}0000"


def _position(lon: Any, lat: Any) -> list[float] | None:
    if lon in ("", None) or lat in ("", None):
        return None
    return [float(lon), float(lat)]


@register.inclusion_tag("ui/tags/pager.html", takes_context=True)
def pager(context: Any, page_obj: Any, sizes: Any = ()) -> dict[str, Any]:
    """Pages, the count, and the page size; other parameters are kept."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    base = query.urlencode()
    query.pop("size", None)
    paginator = page_obj.paginator
    around = range(
        max(1, page_obj.number - 2), min(paginator.num_pages, page_obj.number + 2) + 1
    )
    return {
        "page_obj": page_obj,
        "around": around,
        "base": f"{base}&" if base else "",
        "base_sizes": f"{query.urlencode()}&" if query else "",
        "sizes": sizes,
        "capped": getattr(paginator, "capped", False),
    }


@register.simple_tag(takes_context=True)
def query(context: Any, **changes: Any) -> str:
    """The present address with some parameters changed; None removes one."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"


@register.simple_tag(takes_context=True)
def widget(context: Any, item: Any) -> SafeString:
    """A dashboard widget's inside."""
    request = context["request"]
    inner = {"widget": item, **item.context(request)}
    return SafeString(render_to_string(item.template, inner, request=request))


@register.simple_tag
def data_json(value: Any) -> SafeString:
    """A value as JSON for a data attribute."""
    return format_html("{}", json.dumps(value, ensure_ascii=False, default=str))
