"""The table of functions: what the checklist asks for, where it is, what shows it.

Reads docs/functions.csv and the `function` markers of the tests, writes
docs/functions.md. `check` says which functions no test shows, and whether the
table is out of date.
"""

import argparse
import ast
import csv
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "docs" / "functions.csv"
TABLE = ROOT / "docs" / "functions.md"
HEAD = """# Functions

Each function of the checklist, the pages and interfaces that offer it, and the
tests that show it. Made by `python -m scripts.functions write` from
`functions.csv` and the `function` markers of the tests; a function without a test
fails the suite.
"""


@dataclass(frozen=True)
class Shown:
    """A test that shows functions, and where in the product it does so."""

    test: str
    ids: tuple[str, ...]
    places: tuple[str, ...]


def catalogue() -> list[dict[str, str]]:
    """The functions asked for, in order."""
    with CATALOGUE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def shown() -> Iterator[Shown]:
    """All marked tests."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        known = Named(tree)
        name = str(path.relative_to(ROOT))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                for mark in filter(is_mark, node.decorator_list):
                    yield read(known.visit(mark), f"{name}::{node.name}")
            elif is_pytestmark(node):
                for mark in filter(is_mark, ast.walk(node.value)):
                    yield read(known.visit(mark), name)


class Named(ast.NodeTransformer):
    """Puts the module's constants in where markers name them."""

    def __init__(self, tree: ast.Module) -> None:
        self.known = {
            node.targets[0].id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.known.get(node.id, node)


def is_pytestmark(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and "pytestmark" in {
        target.id for target in node.targets if isinstance(target, ast.Name)
    }


def is_mark(node: ast.AST) -> bool:
    """Whether this is `pytest.mark.function(...)`."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) == (
        "pytest.mark.function"
    )


def read(mark: ast.Call, test: str) -> Shown:
    """The ids and URL names that a marker gives."""
    places: list[str] = []
    for keyword in mark.keywords:
        found = ast.literal_eval(keyword.value)
        places += [found] if isinstance(found, str) else list(found)
    return Shown(test, tuple(texts(mark.args)), tuple(places))


def texts(nodes: list[ast.expr]) -> Iterator[str]:
    """Plain strings, those of a starred tuple too."""
    for node in nodes:
        found = node.value if isinstance(node, ast.Starred) else node
        value = ast.literal_eval(found)
        yield from [value] if isinstance(value, str) else value


def addresses() -> dict[str, str]:
    """Every named address of the city's platform."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "platform_core.settings.test")
    django.setup()
    return dict(_walk(get_resolver("municipal.urls"), "/", ""))


def _walk(resolver: URLResolver, start: str, space: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        route = start + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            inner = pattern.namespace
            yield from _walk(pattern, route, f"{space}{inner}:" if inner else space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{space}{pattern.name}", route


def table() -> str:
    """The whole document."""
    known, by_id = addresses(), defaultdict(list)
    for each in shown():
        for key in each.ids:
            by_id[key].append(each)
    lines, section = [HEAD.rstrip()], ""
    for row in catalogue():
        if row["section"] != section:
            section = row["section"]
            lines.append(f"\n## {section} {row['subsystem']}\n")
            lines.append("| ID | function | page or interface | tests |")
            lines.append("|---|---|---|---|")
        lines.append(line(row, by_id[row["id"]], known))
    return "\n".join(lines) + "\n"


def line(row: dict[str, str], tests: list[Shown], known: dict[str, str]) -> str:
    """One function as a row of the table."""
    names = dict.fromkeys(name for each in tests for name in each.places)
    places = "<br>".join(f"`{known[name]}`" for name in names)
    links = "<br>".join(
        f"[{short(test)}](../{test.split('::', 1)[0]})"
        for test in dict.fromkeys(each.test for each in tests)
    )
    return f"| {row['id']} | {row['function']} | {places} | {links} |"


def short(test: str) -> str:
    path, _, name = test.partition("::")
    return name or Path(path).stem


def problems() -> list[str]:
    """Functions that nothing shows, ids and addresses that do not exist."""
    ids = {row["id"] for row in catalogue()}
    known, found = addresses(), list(shown())
    tested = {key for each in found for key in each.ids}
    unplaced = ids - {key for each in found if each.places for key in each.ids}
    wrong = [
        f"{each.test}: no address is called {name}"
        for each in found
        for name in each.places
        if name not in known
    ]
    return [
        *(f"{key}: no test shows this function" for key in sorted(ids - tested)),
        *(f"{key}: no test says where it is" for key in sorted(unplaced & tested)),
        *(f"{key}: not in the catalogue" for key in sorted(tested - ids)),
        *wrong,
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=("write", "check"))
    if parser.parse_args().action == "write":
        TABLE.write_text(table(), encoding="utf-8")
    found = problems()
    if not found and TABLE.read_text(encoding="utf-8") != table():
        found = ["docs/functions.md is out of date: python -m scripts.functions write"]
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
