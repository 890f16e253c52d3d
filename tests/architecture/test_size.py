"""Nothing grows beyond what one can hold in one's head."""

import ast
from statistics import median

from .sources import files, name

CODE = ("platform_core", "national", "provincial", "municipal", "exchange", "scripts")


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.end_lineno - node.lineno + 1


def lines(path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_functions():
    long = [
        f"{name(path)}: {function} has {length} lines"
        for path in files(".py", *CODE, "tests")
        for function, length in functions(path)
        if length > 60
    ]
    assert not long, "\n".join(long)


def test_functions_are_mostly_short():
    lengths = [length for path in files(".py", *CODE) for _, length in functions(path)]
    assert median(lengths) < 10


def test_files():
    long = [name(path) for path in files(".py", *CODE, "tests") if lines(path) > 500]
    assert not long


def test_templates():
    long = [name(path) for path in files(".html") if lines(path) > 80]
    assert not long


def test_scripts_of_our_own():
    total = sum(lines(path) for path in files(".js", "platform_core/ui/static/ui"))
    assert total <= 700


def test_templates_hold_no_scripts():
    """The browser refuses inline scripts and handlers; so they must not be written."""
    wrong = [
        f"{name(path)}: {mark}"
        for path in files(".html")
        for mark in ("<script>", "onclick=", "onchange=", "onsubmit=", "javascript:")
        if mark in path.read_text(encoding="utf-8").lower()
    ]
    assert not wrong
