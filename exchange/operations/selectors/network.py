"""The federation as this platform knows it: nodes, links, lights."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from exchange.delivery.models import Peer
from exchange.delivery.selectors import Health
from platform_core.common.models import own_node
from platform_core.regions.models import Node

OWN = "own"
# Shape and colour of a light, so that colour is not the only sign.
LOOKS = {
    "green": ("circle", "#1e7b34"),
    "yellow": ("triangle", "#e0a100"),
    "red": ("rect", "#c62828"),
    "none": ("emptyCircle", "#7a869a"),
    OWN: ("diamond", "#1a5fb4"),
}
HEIGHTS = {"N": 60, "P": 200, "M": 340, "C": 460}


@dataclass(frozen=True, slots=True)
class Place:
    """One platform of the picture; `health` where it is a peer of this one."""

    code: str
    name: str
    above: str
    light: str
    health: Health | None = None

    @property
    def is_own(self) -> bool:
        return self.light == OWN

    @property
    def url(self) -> str:
        return reverse("delivery:peer", args=[self.code]) if self.health else ""


def places(health: list[Health]) -> list[Place]:
    """All nodes that are known here, those above first."""
    peers = {one.peer.code: one for one in health}
    own = own_node()
    nodes = {node.code: node for node in Node.objects.all()}
    codes = sorted({own, *peers, *nodes}, key=_rank)
    return [_place(code, own, nodes.get(code), peers.get(code)) for code in codes]


def _rank(code: str) -> tuple[int, str]:
    return HEIGHTS.get(code[:1], 460), code


def _place(code: str, own: str, node: Node | None, health: Health | None) -> Place:
    name = node.name if node else (health.peer.name if health else "")
    above = node.parent_code if node else ""
    if health is not None and not above:
        above = own if health.peer.relation == "child" else ""
    light = OWN if code == own else (health.light if health else "none")
    return Place(code, name or code, above, light, health)


def graph(found: list[Place], words: dict[str, str]) -> dict[str, Any]:
    """The picture for ECharts; `words` names the lights."""
    return {
        "tooltip": {"trigger": "item"},
        "legend": {"show": True, "data": list(words.values())},
        "series": [
            {
                "type": "graph",
                "layout": "none",
                "roam": True,
                "symbolSize": 26,
                "label": {"show": True, "position": "bottom"},
                "edgeSymbol": ["none", "arrow"],
                "categories": [_category(light, words) for light in words],
                "data": _points(found, words),
                "links": _links(found),
            }
        ],
    }


def _category(light: str, words: dict[str, str]) -> dict[str, Any]:
    symbol, colour = LOOKS[light]
    return {
        "name": words[light],
        "symbol": symbol,
        "itemStyle": {"color": colour},
    }


def _points(found: list[Place], words: dict[str, str]) -> list[dict[str, Any]]:
    """Nodes in rows by tier, each row spread over the width."""
    rows: dict[int, list[Place]] = {}
    for place in found:
        rows.setdefault(_rank(place.code)[0], []).append(place)
    points = []
    for height, row in rows.items():
        for number, place in enumerate(row, 1):
            points.append(
                {
                    "id": place.code,
                    "name": place.name,
                    "value": words[place.light],
                    "category": words[place.light],
                    "x": round(1000 * number / (len(row) + 1)),
                    "y": height,
                    "url": place.url,
                }
            )
    return points


def _links(found: list[Place]) -> list[dict[str, Any]]:
    """Who hangs on whom, and the direct lines of this platform, with their lag."""
    known = {place.code for place in found}
    own = next(place.code for place in found if place.is_own)
    links = {}
    for place in found:
        if place.above in known and place.above != place.code:
            links[place.above, place.code] = _link(place.above, place.code, None)
    for place in found:
        if place.health is None:
            continue
        ends = (own, place.code)
        if place.health.peer.relation == "parent":
            ends = (place.code, own)
        links[ends] = _link(*ends, place)
    return list(links.values())


def _link(source: str, target: str, place: Place | None) -> dict[str, Any]:
    if place is None or place.health is None:
        return {"source": source, "target": target, "lineStyle": {"type": "dashed"}}
    _symbol, colour = LOOKS[place.light]
    lag = place.health.lag
    label = f"{lag:.0f} s" if lag is not None else ""
    return {
        "source": source,
        "target": target,
        "value": label,
        "lineStyle": {"color": colour, "width": 2},
        "label": {"show": bool(label), "formatter": label},
    }


def count_of(health: list[Health], light: str) -> int:
    """How many peers have this light."""
    return sum(one.light == light for one in health)


def interrupted(health: list[Health]) -> list[Peer]:
    """The peers whose light is red."""
    return [one.peer for one in health if one.light == "red"]
