"""Pages of base data."""

from django.urls import URLPattern

from .changes import urls as changes
from .classes import urls as classes
from .components import urls as components
from .grids import urls as grids
from .imports import urls as imports
from .layers import urls as layers
from .maps import urls as maps
from .surveys import urls as surveys

app_name = "basedata"
urlpatterns: list[URLPattern] = [
    *components.urlpatterns,
    *changes.urlpatterns,
    *imports.urlpatterns,
    *layers.urlpatterns,
    *grids.urlpatterns,
    *classes.urlpatterns,
    *maps.urlpatterns,
    *surveys.urlpatterns,
]
