"""Copy the browser libraries and maps that pages use out of node_modules."""

import re
from pathlib import Path

from boundaries import copy_boundaries

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "platform_core/ui/static/vendor"
# A source map that is not served would stop collectstatic.
SOURCE_MAP = re.compile(rb"\s*(//|/\*)# sourceMappingURL=\S+( \*/)?\s*$")
FILES = (
    "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js",
    "echarts/dist/echarts.min.js",
    "maplibre-gl/dist/maplibre-gl.css",
    "maplibre-gl/dist/maplibre-gl.mjs",
    "maplibre-gl/dist/maplibre-gl-shared.mjs",
    "maplibre-gl/dist/maplibre-gl-worker.mjs",
    "hls.js/dist/hls.light.min.js",
    "idb/build/umd.js",
    "terra-draw/dist/terra-draw.umd.js",
    "terra-draw-maplibre-gl-adapter/dist/terra-draw-maplibre-gl-adapter.umd.js",
)


def main() -> None:
    for name in FILES:
        target = TARGET / name.split("/", 1)[0] / Path(name).name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(SOURCE_MAP.sub(b"", (MODULES / name).read_bytes()))
    copy_boundaries(TARGET / "maps")


if __name__ == "__main__":
    main()
