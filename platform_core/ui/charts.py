"""ECharts options from plain numbers, and the table behind a chart."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

Option = dict[str, Any]
Series = Mapping[str, Sequence[float | int | None]]


def _axes(labels: Sequence[Any], kind: str, series: Series, stack: bool) -> Option:
    drawn = [
        {
            "type": kind,
            "name": str(name),
            "data": list(values),
            **({"stack": "all"} if stack else {}),
            **({"smooth": False, "showSymbol": False} if kind == "line" else {}),
        }
        for name, values in series.items()
    ]
    return {
        "xAxis": {"type": "category", "data": [str(label) for label in labels]},
        "yAxis": {"type": "value"},
        "series": drawn,
        "legend": {"show": len(drawn) > 1},
    }


def bar(
    labels: Sequence[Any], series: Series, *, stack: bool = False, flat: bool = False
) -> Option:
    """Columns; `flat` lays them down, for rankings with long names."""
    option = _axes(labels, "bar", series, stack)
    if flat:
        option["yAxis"] = {**option["xAxis"], "inverse": True}
        option["xAxis"] = {"type": "value"}
    return option


def line(labels: Sequence[Any], series: Series) -> Option:
    """Lines over time."""
    return _axes(labels, "line", series, stack=False)


def pie(values: Mapping[str, float | int], *, name: str = "") -> Option:
    """Shares of a whole, as a ring."""
    data = [{"name": str(key), "value": value} for key, value in values.items()]
    ring = {"type": "pie", "radius": ["48%", "72%"], "name": name, "data": data}
    return {"series": [ring], "legend": {"show": True}}


def table(option: Option) -> tuple[list[str], list[list[Any]]]:
    """Head and rows of the numbers that an option draws."""
    series = option.get("series", [])
    axis = next(
        (
            option[name]
            for name in ("xAxis", "yAxis")
            if isinstance(option.get(name), dict) and "data" in option[name]
        ),
        None,
    )
    if axis is None:
        rows = [
            [item.get("name", ""), item.get("value", "")]
            for part in series
            for item in part.get("data", [])
            if isinstance(item, dict)
        ]
        return [_("Item"), _("Value")], rows
    head = [_("Item"), *(str(part.get("name", "")) for part in series)]
    columns = [part.get("data", []) for part in series]
    rows = [
        [label, *(_number(column, index) for column in columns)]
        for index, label in enumerate(axis["data"])
    ]
    return head, rows


def _number(column: Sequence[Any], index: int) -> Any:
    value = column[index] if index < len(column) else None
    if isinstance(value, dict):
        value = value.get("value")
    return "—" if value is None else value
