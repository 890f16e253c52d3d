"""Rules about numbers with a form of their own: credit codes, people, phones."""

from exchange.aggregation.cleansing.engine.rules import Rule
from exchange.aggregation.cleansing.engine.sql import Sql, folded, join, matches
from platform_core.common.codes import CREDIT_ALPHABET

from .base import Kind, Single, one_of
from .texts import DAY

# The 31 signs of a unified social credit code, and the weights of its places.
SIGNS = CREDIT_ALPHABET
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
CREDIT = rf"[{SIGNS}]{{2}}\d{{6}}[{SIGNS}]{{10}}"
# The last sign of an identity number by the sum modulo 11.
ID_SIGNS = "10X98765432"
ID_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
ID_FORM = r"[1-9]\d{16}[\dX]"
MOBILE = r"1[3-9]\d{9}"
FIXED = r"0\d{2,3}-?[2-9]\d{6,7}(-\d{1,6})?"
SERVICE = r"[48]00-?\d{3}-?\d{4}|1\d{2,4}|9[56]\d{3,6}"
PHONES = {
    "any": f"{MOBILE}|{FIXED}|{SERVICE}",
    "mobile": MOBILE,
    "fixed": FIXED,
}


def _sum(value: Sql, signs: str, weights: tuple[int, ...]) -> Sql:
    """The weighted sum of the first signs, each counted by its place in `signs`."""
    terms = "+".join(
        f"(strpos('{signs}',substr({{0}},{place},1))-1)*{weight}"
        for place, weight in enumerate(weights, 1)
    )
    return Sql(f"({terms.format(value.text)})", value.values * len(weights))


def _checked(value: Sql, form: str, last: Sql) -> Sql:
    """True unless the value has the form and its last sign is the right one."""
    return join(
        "(CASE WHEN {} THEN right({}, 1) <> {} ELSE true END)",
        matches(value, form),
        value,
        last,
    )


class Compact(Single):
    """Written without blanks, full-width or small letters."""

    def better(self, value: Sql, rule: Rule) -> Sql:
        return join("upper(regexp_replace({}, {}, '', 'g'))", folded(value), r"[\s-]")


class CreditCode(Compact):
    """A unified social credit code with its check sign.  [GB 32100]"""

    code = "credit_code"

    def wrong(self, value: Sql, rule: Rule, place: int) -> Sql:
        total = _sum(value, SIGNS, WEIGHTS)
        last = join(f"substr('{SIGNS}', (31 - {{}} % 31) % 31 + 1, 1)", total)
        return _checked(value, CREDIT, last)


class IdentityNumber(Compact):
    """A citizen's identity number: a real birthday and its check sign.  [GB 11643]"""

    code = "identity_number"

    def wrong(self, value: Sql, rule: Rule, place: int) -> Sql:
        total = _sum(value, "0123456789", ID_WEIGHTS)
        last = join(f"substr('{ID_SIGNS}', {{}} % 11 + 1, 1)", total)
        born = join(
            "substr({}, 7, 4) || '-' || substr({}, 11, 2) || '-' || substr({}, 13, 2)",
            value,
            value,
            value,
        )
        return join(
            "({} OR NOT {} OR try_cast({} AS DATE) IS NULL)",
            _checked(value, ID_FORM, last),
            matches(born, DAY),
            born,
        )


class Phone(Compact):
    """A Chinese phone number: mobile, fixed with area code, or a service number."""

    code = "phone"
    takes = {"kind": one_of(*PHONES)}

    def wrong(self, value: Sql, rule: Rule, place: int) -> Sql:
        kind = str(rule.parameters.get("kind") or "any")
        return join("NOT {}", matches(value, PHONES[kind]))

    def better(self, value: Sql, rule: Rule) -> Sql:
        plain = join("regexp_replace({}, {}, '', 'g')", folded(value), r"[\s()-]")
        return join("regexp_replace({}, {}, '')", plain, r"^(\+|00)86")


KINDS: tuple[Kind, ...] = (CreditCode(), IdentityNumber(), Phone())
