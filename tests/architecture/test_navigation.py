"""What registers itself leads somewhere, in every tier it says."""

import pytest
from django.urls import reverse

from platform_core.tiers import CODES, load_tier
from platform_core.ui import dashboards, icons, navigation


@pytest.mark.parametrize("tier", CODES)
def test_entries_lead_to_a_page(tier, settings):
    settings.PLATFORM_TIER = tier
    settings.ROOT_URLCONF = load_tier(tier).urlconf
    for entry in navigation.entries():
        if entry.here:
            assert entry.url()
            assert not entry.icon or entry.icon in icons.PATHS
    assert all(link.url for link in navigation.public_links())


@pytest.mark.parametrize("tier", CODES)
def test_lists_of_things_to_do_exist(tier, settings):
    settings.PLATFORM_TIER = tier
    settings.ROOT_URLCONF = load_tier(tier).urlconf
    for source in dashboards._sources.values():
        if not source.tiers or tier in source.tiers:
            assert reverse(source.list_url)
