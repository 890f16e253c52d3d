"""Each tier starts alone: checks are clean and no migration is missing."""

import os
import subprocess
import sys

import pytest

from platform_core.tiers import CODES, load_tier

from .sources import ROOT

NODES = {"national": "N10000001", "provincial": "P37000001", "municipal": "M37020001"}


def manage(tier: str, folder, *arguments: str) -> subprocess.CompletedProcess:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "platform_core.settings.dev",
        "PLATFORM_TIER": tier,
        "NODE_CODE": NODES[tier],
        "VAR_DIR": str(folder),
        "LOG_FORMAT": "text",
    }
    environment.pop("DATABASE_URL", None)
    environment.pop("REDIS_URL", None)
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("tier", CODES)
def test_starts_alone(tier, tmp_path):
    result = manage(tier, tmp_path, "check", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("tier", CODES)
def test_migrations_are_complete(tier, tmp_path):
    result = manage(tier, tmp_path, "makemigrations", "--check", "--dry-run")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("tier", CODES)
def test_installs_nothing_of_other_tiers(tier):
    others = tuple(f"{code}." for code in CODES if code != tier)
    assert not [app for app in load_tier(tier).apps if app.startswith(others)]
