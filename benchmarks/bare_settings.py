"""A node whose web server answers nothing but the bare lists of `benchmarks.bare`."""

from platform_core.settings.dev import *  # noqa: F403  the node's database and apps

ROOT_URLCONF = "benchmarks.bare"
MIDDLEWARE: list[str] = []
REST_FRAMEWORK = {"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"]}
