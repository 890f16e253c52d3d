"""Prepare a checkout: virtual environment, browser libraries, catalogues.

Run by the Makefile with the system's Python; needs nothing but the standard
library and does nothing when the lock files have not changed.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def digest(*names: str) -> str:
    """One hash over the contents of the named files."""
    seal = hashlib.sha256(sys.version.encode())
    for name in names:
        seal.update((ROOT / name).read_bytes())
    return seal.hexdigest()


def fresh(stamp: Path, value: str) -> bool:
    return stamp.exists() and stamp.read_text() == value


def run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


def install_python(lock: str) -> None:
    """Install exactly what a lock file names, by hash."""
    stamp, value = VENV / f".{lock}.stamp", digest(lock)
    if fresh(stamp, value):
        return
    if not PYTHON.exists():
        venv.create(VENV, with_pip=True, symlinks=True)
    uv = shutil.which("uv")
    if uv:
        run(
            uv,
            "pip",
            "install",
            "-q",
            "--python",
            PYTHON,
            "--require-hashes",
            "-r",
            lock,
        )
    else:
        pip = (PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check")
        run(*pip, "--require-hashes", "-r", lock)
    stamp.write_text(value)


def npm() -> list[str]:
    """The machine's npm, or the one of the nodejs wheel."""
    found = shutil.which("npm")
    if found:
        return [found]
    install_python("requirements-node.lock")
    return [str(VENV / "bin" / "npm")]


def install_assets() -> None:
    """Fetch the browser libraries and copy what pages use."""
    value = digest("package-lock.json", "scripts/vendor.py", "scripts/boundaries.py")
    stamp = ROOT / "platform_core/ui/static/vendor/.stamp"
    if fresh(stamp, value):
        return
    os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
    run(*npm(), "ci", "--ignore-scripts", "--silent")
    run(PYTHON, "scripts/vendor.py")
    stamp.write_text(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runtime", action="store_true", help="no developer tools")
    options = parser.parse_args()
    install_python("requirements.lock" if options.runtime else "requirements-dev.lock")
    install_assets()
    run(PYTHON, "scripts/messages.py", "compile")


if __name__ == "__main__":
    main()
