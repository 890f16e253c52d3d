"""Layers, independence and cycles, as written in pyproject.toml."""

import io
import sys
from contextlib import redirect_stdout

from importlinter.cli import lint_imports

from .sources import ROOT


def test_import_contracts(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])
    output = io.StringIO()
    with redirect_stdout(output):
        status = lint_imports(config_filename="pyproject.toml", no_cache=True)
    assert status == 0, output.getvalue()
