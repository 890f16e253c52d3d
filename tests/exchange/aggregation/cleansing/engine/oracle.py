"""The rules once more, row by row in plain Python, written from their descriptions."""

import re
import unicodedata
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta, timezone

from shapely.geometry import Point, shape

BLANK = " \t\r\n\u3000\u00a0"
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
CHINA = timezone(timedelta(hours=8))


def filled(value):
    return value is not None and value.strip(BLANK) != ""


def folded(value):
    value = value.strip(BLANK)
    return "".join(
        chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in value
    )


def as_day(text):
    if not re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


MOMENT = re.compile(
    r"([12][0-9]{3}-[0-9]{2}-[0-9]{2})[T ]"
    r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def as_moment(text, date_too=True):
    found = MOMENT.fullmatch(text)
    if not found:
        day = as_day(text) if date_too else None
        return day and datetime(day.year, day.month, day.day, tzinfo=CHINA)
    day, hour, minute, second, part, zone = found.groups()
    if as_day(day) is None:
        return None
    offset = CHINA
    if zone == "Z":
        offset = UTC
    elif zone:
        hours, minutes = int(zone[1:3]), int(zone[4:])
        if hours > 14 or minutes > 59:
            return None
        sign = -1 if zone[0] == "-" else 1
        offset = timezone(sign * timedelta(hours=hours, minutes=minutes))
    try:
        return datetime(
            *map(int, day.split("-")),
            int(hour),
            int(minute),
            int(second or 0),
            int((part or "0").ljust(6, "0")),
            offset,
        )
    except ValueError:
        return None


def as_number(text):
    return (
        float(text) if re.fullmatch(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?", text) else None
    )


def bad_type(value, rule):
    kind = rule.parameters["type"]
    if kind == "text":
        return False
    if kind == "integer":
        return not re.fullmatch(r"[+-]?[0-9]{1,18}", value)
    if kind == "decimal":
        return as_number(value) is None
    if kind == "boolean":
        return value not in ("true", "false", "1", "0")
    if kind == "date":
        return as_day(value) is None
    return as_moment(value, date_too=False) is None


def bad_length(value, rule):
    least, most = rule.parameters.get("least", 0), rule.parameters.get("most", 10**9)
    return not least <= len(value) <= most


def bad_range(value, rule):
    bounds = rule.parameters
    read = as_moment if any(isinstance(b, str) for b in bounds.values()) else as_number
    found = read(value)
    if found is None:
        return False
    least, most = bounds.get("least"), bounds.get("most")
    if read is as_moment:
        least, most = least and read(least), most and read(most)
    return (least is not None and found < least) or (most is not None and found > most)


def bad_credit(value, rule):
    if len(value) != 18 or any(c not in CREDIT for c in value):
        return True
    if any(c not in "0123456789" for c in value[2:8]):
        return True
    total = sum(
        CREDIT.index(c) * w for c, w in zip(value, CREDIT_WEIGHTS, strict=False)
    )
    return CREDIT[(31 - total % 31) % 31] != value[17]


def bad_identity(value, rule):
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", value):
        return True
    if as_day(f"{value[6:10]}-{value[10:12]}-{value[12:14]}") is None:
        return True
    total = sum(int(c) * w for c, w in zip(value, ID_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] != value[17]


def bad_phone(value, rule):
    mobile = r"1[3-9][0-9]{9}"
    fixed = r"0[0-9]{2,3}-?[2-9][0-9]{6,7}(-[0-9]{1,6})?"
    service = r"[48]00-?[0-9]{3}-?[0-9]{4}|1[0-9]{2,4}|9[56][0-9]{3,6}"
    kind = rule.parameters.get("kind") or "any"
    allowed = {"mobile": mobile, "fixed": fixed, "any": f"{mobile}|{fixed}|{service}"}
    return not re.fullmatch(allowed[kind], value)


SINGLE = {
    "type": bad_type,
    "length": bad_length,
    "pattern": lambda value, rule: not re.fullmatch(rule.parameters["pattern"], value),
    "range": bad_range,
    "code_list": lambda value, rule: value not in rule.keys,
    "reference": lambda value, rule: value not in rule.keys,
    "credit_code": bad_credit,
    "identity_number": bad_identity,
    "phone": bad_phone,
}


def better(value, rule):
    """What the sender may have meant."""
    if rule.kind == "length":
        return value.strip(BLANK)
    plain = folded(value)
    if rule.kind == "code_list":
        return rule.parameters.get("aliases", {}).get(plain, plain)
    if rule.kind in ("credit_code", "identity_number"):
        return re.sub(r"[ \t\n\r\f\v-]", "", plain).upper()
    if rule.kind == "phone":
        return re.sub(r"^(\+|00)86", "", re.sub(r"[ \t\n\r\f\v()-]", "", plain))
    if rule.kind == "type" and rule.parameters["type"] == "boolean":
        yes, no = ("是", "Y", "y", "TRUE", "True"), ("否", "N", "n", "FALSE", "False")
        return "true" if plain in yes else "false" if plain in no else plain
    if rule.kind == "type" and rule.parameters["type"] in ("date", "datetime"):
        found = re.match(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", plain)
        if found:
            year, month, day = found.groups()
            return f"{year}-{month:0>2}-{day:0>2}{plain[found.end() :]}"
    return plain


def near(value):
    return "".join(
        c for c in folded(value) if unicodedata.category(c)[0] in "LN"
    ).lower()


def broken(rule, rows):
    """The rows that break a rule."""
    if rule.kind == "required":
        return {k for k, row in rows.items() if not filled(row.get(rule.fields[0]))}
    if rule.kind in SINGLE:
        bad = SINGLE[rule.kind]
        return {
            k
            for k, row in rows.items()
            if filled(row.get(rule.fields[0])) and bad(row[rule.fields[0]], rule)
        }
    return MANY[rule.kind](rule, rows)


def bad_places(rule, rows):
    area, found = shape(rule.parameters["area"]), set()
    for k, row in rows.items():
        pair = [row.get(name) for name in rule.fields]
        if not any(map(filled, pair)):
            continue
        x, y = (as_number(one or "") for one in pair)
        if x is None or y is None or not area.intersects(Point(x, y)):
            found.add(k)
    return found


def bad_order(rule, rows):
    found = set()
    for k, row in rows.items():
        first, second = (as_moment(row.get(name) or "") for name in rule.fields)
        if first and second and first > second:
            found.add(k)
    return found


def groups(rule, rows, read):
    found = defaultdict(list)
    for k, row in sorted(rows.items()):
        values = [row.get(name) for name in rule.fields]
        if all(map(filled, values)) and all(filled(read(v)) for v in values):
            found[tuple(map(read, values))].append(k)
    return found.values()


def shared(rule, rows):
    found = groups(rule, rows, lambda value: value)
    return {k for group in found if len(group) > 1 for k in group}


def doubled(rule, rows):
    read = near if rule.parameters.get("near") else lambda value: value
    return {k for group in groups(rule, rows, read) for k in group[1:]}


MANY = {
    "coordinates": bad_places,
    "time_order": bad_order,
    "unique": shared,
    "duplicate": doubled,
}


def proposal(rule, value):
    if rule.action == "default":
        return rule.parameters["default"]
    if rule.action != "fix" or rule.kind not in SINGLE:
        return None
    found = better(value, rule)
    return found if filled(found) and not SINGLE[rule.kind](found, rule) else None


def cleanse(rules, rows):
    """{(row, rule): (proposal, open)} and what became of each row."""
    first, fixes = {}, {}
    for place, rule in enumerate(rules):
        for k in broken(rule, rows):
            value = rows[k].get(rule.fields[0])
            first[k, place] = found = proposal(rule, value)
            if found is not None:
                fixes.setdefault(k, {}).setdefault(rule.fields[0], found)
    mended = {k: {**row, **fixes.get(k, {})} for k, row in rows.items()}
    still = {
        (k, place) for place, rule in enumerate(rules) for k in broken(rule, mended)
    }
    problems = {key: (first.get(key), key in still) for key in {*first, *still}}
    ends = {}
    for k in rows:
        held = [
            rules[p] for row, p in still if row == k and rules[p].severity == "error"
        ]
        if any(rule.action == "reject" for rule in held):
            ends[k] = "rejected"
        elif held:
            ends[k] = "returned"
        else:
            ends[k] = "fixed" if k in fixes else "clean"
    return problems, ends, fixes
