"""Chinese readers see no English."""

import subprocess
import sys

from .sources import ROOT


def test_catalogues_are_complete():
    result = subprocess.run(
        [sys.executable, "scripts/messages.py", "check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
