"""The files that the architecture tests read."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("platform_core", "national", "provincial", "municipal", "exchange")


def files(suffix: str, *tops: str) -> Iterator[Path]:
    for top in tops or PACKAGES:
        for path in sorted((ROOT / top).rglob(f"*{suffix}")):
            if not {"migrations", "vendor", "node_modules"} & set(path.parts):
                yield path


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
