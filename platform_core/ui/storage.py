"""Static files in service: names with a hash, but modules keep their own."""

from collections.abc import Iterator
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Modules import one another by relative name, and maps are asked for by code.
OWN_NAMES = ("vendor/maplibre-gl/", "vendor/maps/", "field/app/")


class PlatformStorage(CompressedManifestStaticFilesStorage):
    """Hashes and compresses; files of OWN_NAMES are compressed only."""

    def stored_name(self, name: str) -> str:
        if name.startswith(OWN_NAMES):
            return name
        return str(super().stored_name(name))

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        plain = [name for name in paths if name.startswith(OWN_NAMES)]
        rest = {name: found for name, found in paths.items() if name not in plain}
        yield from super().post_process(rest, dry_run=dry_run, **options)
        if not dry_run:
            for name, compressed in self.compress_files(plain):
                yield name, compressed, True
