"""The same as the engine, recomputed in the plainest way: every row with every row."""

import math
import re
import unicodedata

EARTH = 6_371_008.8
NOISE = ("P", "S", "Z", "C")
DIVISIONS = re.compile(
    r"^([^省]{2,3}省|[^自]{2,5}自治区)?([^市]{2,5}市)?"
    r"([^区县]{1,3}[^区县市小园社街校厂库景院][区县])?"
)


def plain(text):
    """Without case, width, blanks and punctuation; None where nothing is left."""
    if text is None:
        return None
    narrow = "".join(
        chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text
    )
    kept = [c for c in narrow.lower() if unicodedata.category(c)[0] not in NOISE]
    return "".join(kept) or None


def address(text):
    found = plain(text)
    return found and (DIVISIONS.sub("", found, count=1) or found)


def common(left, right):
    """Length of the longest common subsequence."""
    row = [0] * (len(right) + 1)
    for one in left:
        before = 0
        for place, other in enumerate(right, 1):
            kept = row[place]
            row[place] = before + 1 if one == other else max(row[place], row[place - 1])
            before = kept
    return row[-1]


def ratio(left, right):
    both = len(left) + len(right)
    return 2 * common(left, right) / both if both else 1.0


def metres(a, b):
    (x1, y1), (x2, y2) = a, b
    lat = math.sin(math.radians(y2 - y1) / 2) ** 2
    lon = math.sin(math.radians(x2 - x1) / 2) ** 2
    chord = lat + math.cos(math.radians(y1)) * math.cos(math.radians(y2)) * lon
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(chord)))


def alike(rule, left, right):
    """From 0 to 1, None where one side has nothing."""
    if rule.kind == "distance":
        if left["at"] is None or right["at"] is None:
            return None
        return max(0.0, 1 - metres(left["at"], right["at"]) / rule.metres)
    a, b = left["values"].get(rule.field), right["values"].get(rule.field)
    cut = address if rule.kind == "address" else plain
    a, b = cut(a), cut(b)
    if a is None or b is None:
        return None
    if rule.kind == "exact":
        return float(a == b)
    if rule.kind == "fuzzy":
        return ratio(a, b)
    words = ratio(re.sub(r"\d+", "#", a), re.sub(r"\d+", "#", b))
    return words * numbers(re.findall(r"\d+", a), re.findall(r"\d+", b))


def numbers(a, b):
    if a == b:
        return 1.0
    return 0.9 if all(x == y for x, y in zip(a, b, strict=False)) else 0.0


def blocked(plan, left, right):
    """Do the two meet in a block?"""
    for block in plan.blocks:
        if block.kind == "near":
            known = left["at"] and right["at"]
            if known and metres(left["at"], right["at"]) <= block.metres:
                return True
            continue
        a = plain(left["values"].get(block.field))
        b = plain(right["values"].get(block.field))
        size = block.size if block.kind == "prefix" else None
        if a is not None and b is not None and a[:size] == b[:size]:
            return True
    return False


def score(plan, left, right):
    """Score and evidence, None for a pair that a rule rules out."""
    total = base = 0.0
    for rule in plan.rules:
        found = alike(rule, left, right)
        if found is None:
            continue
        if found < rule.least:
            return None
        total += found * rule.weight
        base += rule.weight
    if not base:
        return None
    return total / base, base / sum(rule.weight for rule in plan.rules)


def pairs(plan, rows):
    """All pairs from the review threshold on: `{(uid, uid): (score, evidence)}`."""
    found = {}
    ordered = sorted(rows, key=lambda row: row["uid"])
    distinct = {one.code for one in plan.sources if one.distinct}
    for place, left in enumerate(ordered):
        for right in ordered[place + 1 :]:
            if left["source"] == right["source"] and left["source"] in distinct:
                continue
            made = blocked(plan, left, right) and score(plan, left, right)
            if made and made[0] >= plan.review:
                found[left["uid"], right["uid"]] = made
    return found
