"""What each step makes of a value, and how steps are written."""

import pytest

from exchange.connectors import notation, sealing, steps
from platform_core.common.errors import DomainError

MAPS = {"state": {"好": "1", "坏": "2"}}


@pytest.mark.parametrize(
    ("text", "given", "made"),
    [
        ("trim", "　a b ", "a b"),
        ("narrow", "ＡＢ１２", "AB12"),
        ("upper", "ab", "AB"),
        ("replace 号楼 => 栋", "3号楼", "3栋"),
        ("format QD-{}", "7", "QD-7"),
        ("part 1 6", "370202001", "370202"),
        ("date", "2026年1月2日", "2026-01-02"),
        ("date %d.%m.%Y", "02.01.2026", "2026-01-02"),
        ("datetime", "2026-01-02 03:04:05", "2026-01-02T03:04:05+08:00"),
        ("epoch 1000", 1767294245000, "2026-01-02T03:04:05+08:00"),
        ("number", "１，２３４.５", 1234.5),
        ("number", "1,234", 1234),
        ("scale 0.001", "1500", 1.5),
        ("round 1", "1.26", 1.3),
        ("boolean", "是", True),
        ("split ; 2", "a;b", "b"),
        ("split ; 3", "a;b", None),
        ("join -", ["a", "", "b"], "a-b"),
        ("map state", "坏", "2"),
        ("point", ["120.39", "36.07"], [120.39, 36.07]),
        ("lon gcj02", "120.390000,36.070000", 120.3847),
        ("expression length(value)", "abc", 3),
        ("default 0\nnumber", "", 0),
        ("trim\nupper", None, None),
    ],
)
def test_step(text, given, made):
    found = steps.run(given, notation.read(text), MAPS)
    if isinstance(found, dict):
        found = found["coordinates"]
    assert found == (pytest.approx(made, abs=1e-3) if text.startswith("lon") else made)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("date", "31.02.2026x"),
        ("number", "十二"),
        ("number", "NaN"),
        ("boolean", "也许"),
        ("map state", "碎"),
        ("map nowhere", "1"),
        ("point", "120.39"),
        ("point", ["500000", "4000000"]),
        ("geometry", "POINT"),
        ("epoch", "9" * 30),
    ],
)
def test_value_that_makes_no_sense_is_refused(text, given):
    with pytest.raises(DomainError):
        steps.run(given, notation.read(text), MAPS)


@pytest.mark.parametrize(
    "text",
    [
        "fly",
        "part 1",
        "replace a b",
        "scale x",
        "point nowhere",
        "expression ((",
        "trim x",
    ],
)
def test_step_that_is_none_is_refused(text):
    with pytest.raises(DomainError):
        notation.read(text)


def test_steps_are_written_as_they_were_read():
    text = "trim\ndate %Y/%m/%d|%Y%m%d\nreplace a => b\nsplit ; 2\npoint gcj02"
    assert notation.write(notation.read(text)) == text


def test_survey_coordinates_become_degrees():
    """Qingdao in the Gauss-Krüger belt of 120 degrees."""
    step = {"do": "point", "system": "epsg:4549"}
    lon, lat = steps.run(["535155.0", "3993700.0"], [step], {})["coordinates"]
    assert (round(lon, 1), round(lat, 1)) == (120.4, 36.1)


def test_secret_is_not_stored_as_it_is(settings):
    stored = sealing.close("geheim")
    assert "geheim" not in stored
    assert sealing.open_(stored) == "geheim"
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert sealing.open_(stored) == "geheim"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(DomainError):
        sealing.open_(stored)
