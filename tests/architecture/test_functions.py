"""The table of functions: nothing left out, nothing claimed that no test shows."""

from scripts import functions


def test_every_function_is_shown_by_a_test():
    assert functions.problems() == []


def test_the_table_is_up_to_date():
    assert functions.TABLE.read_text(encoding="utf-8") == functions.table()
