"""Taking deliveries and pages of a feed in.  [section 7]"""

from datetime import datetime
from typing import Any

from .digests import Record
from .node import NODE, KnownKey, Node, Refused, moment
from .suites import Public

Group = dict[str, Any]
FIELDS = {"uid": str, "revision": int, "op": str, "occurred_at": str, "data": dict}


def delivered(node: Node, sender: str, payload: dict[str, Any]) -> dict[str, Any]:
    """The answer to a delivery; the same batch gets the same answer."""
    for name in ("batch", "receiver", "groups"):
        if name not in payload:
            raise Refused("required", name)
    if payload["receiver"] != node.code:
        raise Refused("out_of_scope", "for somebody else")
    key = (sender, str(payload["batch"]))
    with node.lock:
        if key not in node.batches:
            results = taken(node, sender, payload["groups"])
            node.batches[key] = {"batch": payload["batch"], "results": results}
        return node.batches[key]


def taken(node: Node, sender: str, groups: list[Group]) -> list[dict[str, Any]]:
    """The result of each group."""
    return [_group(node, sender, group) for group in groups]


def _group(node: Node, sender: str, group: Group) -> dict[str, Any]:
    result: dict[str, Any] = {"applied": 0, "unchanged": 0, "rejected": []}
    try:
        _check(node, sender, group)
    except Refused as error:
        for record in group["records"]:
            result["rejected"].append(_why(record, error.code, "", error.message))
        return result | {"code": error.code, "message": error.message} | error.more
    node.groups.append(group)
    for record in group["records"]:
        _record(node, group, record, result)
    return result


def _check(node: Node, sender: str, group: Group) -> None:
    if not node.schemas:
        raise Refused("busy", "we are only just joining", retry=True)
    names = ("interface", "version", "origin", "records")
    node.check_seal(
        group.get("seal"), group["origin"], {name: group[name] for name in names}
    )
    if (group["interface"], group["version"]) not in node.schemas:
        known = any(code == group["interface"] for code, _ in node.schemas)
        raise Refused("unknown_version" if known else "unknown_interface")
    route = group["route"]
    if route[0] != group["origin"] or route[-1] != sender or node.code in route:
        raise Refused("out_of_scope", "an impossible route")


def _record(node: Node, group: Group, record: Record, result: dict[str, Any]) -> None:
    shelf = node.shelf("held", group["interface"], group["origin"])
    if record.get("revision", 0) <= shelf.row(str(record.get("uid")))[0]:
        result["unchanged"] += 1
        return
    try:
        _sound(node, group, record)
    except Refused as error:
        why = _why(record, error.code, error.more.get("field", ""), error.message)
        result["rejected"].append(why)
        return
    shelf.put(record, group)
    if group["interface"] == NODE:
        learn(node, record["data"])
    result["applied"] += 1


def _sound(node: Node, group: Group, record: Record) -> None:
    """Refused with the first thing that is wrong with a record."""
    for name, kind in FIELDS.items():
        if type(record.get(name)) is not kind:
            raise Refused("type" if name in record else "required", field=name)
    validator = node.schemas[group["interface"], group["version"]]
    for problem in validator.iter_errors(record["data"]):
        field = ".".join(map(str, problem.absolute_path))
        raise Refused("format", problem.message, field=field)
    reason = node.objects(record) if node.objects else ""
    if reason:
        raise Refused("range", reason, field="data")


def _why(record: Record, code: str, field: str, message: str) -> dict[str, Any]:
    named = {"uid": record.get("uid"), "revision": record.get("revision")}
    return named | {"code": code, "field": field, "message": message}


def learn(node: Node, data: dict[str, Any]) -> None:
    """Take the keys over that somebody vouches for.  [section 5]"""
    if data["code"] == node.code:
        return
    serials = [given["serial"] for given in data["keys"]]
    for given in data["keys"]:
        keyid, end = f"{data['code']}#{given['serial']}", given.get("valid_to")
        ends = datetime.fromisoformat(end) if end else None
        public = Public(given["alg"], given["public_key"])
        known = node.known.setdefault(keyid, KnownKey(public))
        if known.public == public:
            known.valid_to = ends
    for keyid, known in node.known.items():
        owner, _, serial = keyid.partition("#")
        gone = owner == data["code"] and int(serial) not in serials
        if gone and int(serial) < max(serials) and known.valid(moment()):
            known.valid_to = moment()
