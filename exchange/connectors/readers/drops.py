"""Where files lie: a folder of this machine; all of them by name and content."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext as _

from exchange.connectors import places
from exchange.connectors.errors import Unreachable

BLOCK = 2**20
DONE = "done"


class Drop(Protocol):
    """A place with files."""

    def names(self, pattern: str) -> list[str]:
        """Names of the files that fit, in order."""

    def fetch(self, name: str) -> Iterator[Path]:
        """A local copy, or the file itself."""

    def put_aside(self, name: str) -> None:
        """Move a file that was read into the folder for such ones."""

    def put(self, path: Path, name: str) -> None:
        """Bring a file here; under its name it is seen only when it is whole."""

    def close(self) -> None:
        """Let go of connections."""


def fits(name: str, pattern: str) -> bool:
    """Is this a file to read? Hidden and half-written ones are not."""
    if name.startswith((".", "~")) or name.endswith((".part", ".tmp")):
        return False
    return any(fnmatch(name.lower(), one.strip().lower()) for one in pattern.split(","))


def half_of(name: str) -> str:
    """What a file is called until it is whole; readers leave such ones alone."""
    return f".{name}.part"


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class FolderDrop:
    """A folder below the exchange folder of this machine."""

    def __init__(self, folder: str, *, make: bool = False) -> None:
        self.folder = places.inside(folder)
        if make:
            self.folder.mkdir(parents=True, exist_ok=True)
        if not self.folder.is_dir():
            text = _("There is no such folder: %(name)s")
            raise Unreachable(text % {"name": folder})

    def names(self, pattern: str) -> list[str]:
        found = (entry for entry in self.folder.iterdir() if entry.is_file())
        return sorted(entry.name for entry in found if fits(entry.name, pattern))

    @contextmanager
    def fetch(self, name: str) -> Iterator[Path]:
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder):
            text = _("The folder lies outside the exchange folder.")
            raise Unreachable(text)
        yield path

    def put_aside(self, name: str) -> None:
        target = self.folder / DONE
        target.mkdir(exist_ok=True)
        source = self.folder / name
        if source.exists():
            shutil.move(source, _free(target / name))

    def put(self, path: Path, name: str) -> None:
        half = self.folder / half_of(name)
        try:
            shutil.copyfile(path, half)
            half.replace(self.folder / name)
        except OSError as error:
            text = _("%(name)s cannot be written: %(error)s")
            raise Unreachable(text % {"name": name, "error": error}) from error

    def close(self) -> None:
        """Nothing is held."""


def _free(path: Path) -> Path:
    """The path, or one with a number where there is a file of that name."""
    number, wanted = 1, path
    while wanted.exists():
        wanted = path.with_stem(f"{path.stem}-{number}")
        number += 1
    return wanted
