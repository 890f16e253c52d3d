"""The foreign platform shares no code with ours: it proves the protocol's text.

Its tests need a federation to talk to and people who work there; the platform does not.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from .sources import ROOT, name

HOME = ROOT / "tests" / "foreign"
LIBRARIES = {"cryptography", "http_sf", "httpx", "jsonschema", "pytest", "rfc8785"}
HERE = "tests.foreign"


def imported(tree: ast.AST) -> Iterator[str]:
    """Modules that a file imports, its own package as `tests.foreign`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level < 2
            yield HERE if node.level else node.module or ""


def allowed(path: Path, module: str) -> bool:
    """May a file of the foreign platform, or of its tests, import this?"""
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names or top in LIBRARIES or module == HERE:
        return True
    around = path.name.startswith(("test_", "conftest", "office"))
    return around and (top == "scripts" or module == "tests.journeys.desk")


def test_it_imports_nothing_of_ours():
    paths = sorted(HOME.glob("*.py"))
    assert {"client.py", "node.py", "server.py"} <= {path.name for path in paths}
    wrong = [
        f"{name(path)}: {module}"
        for path in paths
        for module in imported(ast.parse(path.read_text()))
        if not allowed(path, module)
    ]
    assert not wrong
