"""Static files as in service: hashed names, and modules that find one another."""

import re

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.templatetags.static import static

from platform_core.ui.storage import PlatformStorage

MODULES = "vendor/maplibre-gl/"


@pytest.fixture
def collected(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "platform_core.ui.storage.PlatformStorage"},
    }
    call_command("collectstatic", verbosity=0, interactive=False)
    return tmp_path


def test_names_in_service(collected):
    """Every file that another one names is there, or collecting had failed."""
    assert isinstance(staticfiles_storage._wrapped, PlatformStorage)
    assert re.fullmatch(r"/static/ui/app\.[0-9a-f]{12}\.css", static("ui/app.css"))
    assert (collected / static("ui/map.js").removeprefix("/static/")).exists()

    module = static(f"{MODULES}maplibre-gl.mjs")
    assert module == f"/static/{MODULES}maplibre-gl.mjs"
    folder = collected / MODULES
    text = (folder / "maplibre-gl.mjs").read_text(encoding="utf-8")
    named = set(re.findall(r"maplibre-gl-[a-z]+\.mjs", text))
    assert named
    assert all((folder / name).exists() for name in named)
    assert (folder / "maplibre-gl.mjs.gz").exists()
    assert (collected / "vendor/maps/100000.json").exists()
