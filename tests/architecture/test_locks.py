"""Lock files name packages and their hashes, never an address."""

import json
import re

import pytest

from .sources import ROOT

LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))


@pytest.mark.parametrize("lock", LOCKS)
def test_python_locks(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.findall(r"https?://|git\+|--(?:extra-)?index-url|file://", text)
    assert "--hash=sha256:" in text


def test_node_lock():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = lock["packages"].items()
    assert not [name for name, package in packages if "resolved" in package]
    locked = [package for name, package in packages if name]
    assert all("integrity" in package for package in locked)


def test_there_are_locks():
    assert "requirements.lock" in LOCKS
    assert "requirements-dev.lock" in LOCKS
    assert not (ROOT / "uv.lock").exists() or "uv.lock" in (
        ROOT / ".gitignore"
    ).read_text(encoding="utf-8")
