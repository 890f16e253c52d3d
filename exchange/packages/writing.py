"""Putting a package together."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, LargeZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from exchange.delivery import seals
from platform_core.common.errors import DomainError

from . import layout
from .enums import FORMAT, MAX_PARTS, VERSION


class Writer:
    """A package on its way to the disk; the last step signs what is inside."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.parts: list[dict[str, Any]] = []
        self._names: set[str] = set()
        self._packed = self._plain = 0
        self._zip = ZipFile(path, "w", ZIP_DEFLATED, allowZip64=False, compresslevel=6)

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, *_about: object) -> None:
        self._zip.close()

    def add(self, name: str, content: bytes, **facts: Any) -> None:
        """Add a part; facts stand beside it in the manifest."""
        if len(self.parts) >= MAX_PARTS:
            raise layout.too_large(_("The package would have too many parts."))
        self._write(name, content)
        digest = hashlib.sha256(content).hexdigest()
        self.parts.append(
            {"name": name, "size": len(content), "sha256": digest, **facts}
        )

    def has(self, name: str) -> bool:
        return name in self._names

    def finish(self, facts: dict[str, Any], sign: Callable[[bytes], bytes]) -> None:
        """Write the manifest and its signatures."""
        manifest = {"format": FORMAT, "version": VERSION, **facts, "parts": self.parts}
        raw = seals.canonical(manifest)
        self._write(layout.MANIFEST, raw)
        self._write(layout.SIGNATURE, sign(raw))

    def _write(self, name: str, content: bytes) -> None:
        entry = ZipInfo(name)
        entry.external_attr = 0o600 << 16
        entry.compress_type = ZIP_STORED if name.startswith("blobs/") else ZIP_DEFLATED
        try:
            self._zip.writestr(entry, content)
        except LargeZipFile as error:
            raise self._too_large() from error
        self._names.add(name)
        self._packed += entry.compress_size
        self._plain += len(content)
        if (
            self._packed > layout.most_packed() - 1_000_000
            or self._plain > layout.most_unpacked()
        ):
            raise self._too_large()

    def _too_large(self) -> DomainError:
        text = _("The package would be larger than %(size)d MB; choose less.")
        return layout.too_large(text % {"size": layout.most_packed() // 1_000_000})
