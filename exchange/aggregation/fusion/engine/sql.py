"""Pieces of SQL for fusion; fields are numbered and values are parameters."""

# What people leave around a value: blanks, ideographic and no-break spaces.
BLANK = " \t\r\n\u3000\u00a0"
FULL = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
HALF = "".join(chr(code) for code in range(0x21, 0x7F))
NOISE = r"[\s\p{P}\p{S}\p{Z}\p{C}]"
# Province, city and district before an address, as long as they are divisions.
DIVISIONS = (
    r"^([^省]{2,3}省|[^自]{2,5}自治区)?([^市]{2,5}市)?"
    r"([^区县]{1,3}[^区县市小园社街校厂库景院][区县])?"
)
ZONED = r"(Z|[+-]\d{2}(:?\d{2})?)$"
EARTH = 6_371_008.8


def trimmed(value: str) -> str:
    """A filled text without blanks around it, else NULL; takes one parameter."""
    return f"nullif(trim({value}, ?), '')"


def plain(value: str) -> str:
    """A text without case, width, blanks and punctuation; NULL where empty.

    Takes three parameters: FULL, HALF and NOISE.
    """
    folded = f"lower(translate({value}, ?, ?))"
    return f"nullif(regexp_replace({folded}, ?, '', 'g'), '')"


PLAIN = [FULL, HALF, NOISE]


def address(value: str) -> str:
    """A plain text without the divisions at its beginning; one parameter more."""
    return (
        f"(SELECT coalesce(nullif(regexp_replace(p, ?, ''), ''), p) "
        f"FROM (SELECT {plain(value)} AS p))"
    )


def moment(value: str) -> str:
    """A date or time as microseconds; one without a zone is China's."""
    return (
        f"epoch_us(CASE WHEN regexp_matches({value}, '{ZONED}') "
        f"AND length({value}) > 10 THEN try_cast({value} AS TIMESTAMPTZ) ELSE "
        f"coalesce(try_cast({value} || '+08:00' AS TIMESTAMPTZ), "
        f"try_cast({value} || ' 00:00:00+08:00' AS TIMESTAMPTZ)) END)"
    )


def metres(left: str, right: str) -> str:
    """Great-circle distance between two rows that both have a place."""
    lat = f"sin(radians({right}.y - {left}.y) / 2)"
    lon = f"sin(radians({right}.x - {left}.x) / 2)"
    chord = f"{lat}*{lat} + cos(radians({left}.y))*cos(radians({right}.y))*{lon}*{lon}"
    return f"({2 * EARTH} * asin(sqrt(least(1.0, {chord}))))"


def pointer(name: str) -> str:
    """The JSON pointer of a member.  [RFC 6901]"""
    return "/" + name.replace("~", "~0").replace("/", "~1")
