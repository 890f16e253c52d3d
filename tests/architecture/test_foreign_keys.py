"""What an import checker cannot see: relations, tier words, records that travel."""

import ast
import re

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from platform_core.datasets import registry

from .sources import ROOT, files, name

TIERS = ("national", "provincial", "municipal")
TIER_WORD = re.compile(r"national|provincial|municipal", re.IGNORECASE)
SHARED = ("platform_core/systems", "exchange")


def owner(model) -> str:
    return apps.get_containing_app_config(model.__module__).name


def is_shared(app: str) -> bool:
    return app.startswith(("platform_core.", "exchange."))


def shared_models():
    return [model for model in apps.get_models() if is_shared(owner(model) or "")]


def relations(model):
    for field in model._meta.get_fields():
        if field.is_relation and not field.auto_created and field.related_model:
            yield field.name, field.related_model


def test_no_relation_leads_up_into_a_tier():
    wrong = [
        f"{model._meta.label}.{field} -> {target._meta.label}"
        for model in shared_models()
        for field, target in relations(model)
        if (owner(target) or "").split(".")[0] in TIERS
    ]
    assert not wrong


def test_core_has_no_relation_to_exchange_or_systems():
    wrong = [
        f"{model._meta.label}.{field}"
        for model in apps.get_models()
        if (app := owner(model)).startswith("platform_core.")
        and not app.startswith("platform_core.systems")
        for field, target in relations(model)
        if owner(target).startswith(("exchange", "platform_core.systems"))
    ]
    assert not wrong


def test_no_migration_of_the_core_waits_for_a_tier():
    above = {c.label for c in apps.get_app_configs() if c.name.split(".")[0] in TIERS}
    shared = {c.label for c in apps.get_app_configs() if is_shared(c.name)}
    graph = MigrationLoader(None).disk_migrations
    wrong = [
        (key, dependency)
        for key, migration in graph.items()
        if key[0] in shared
        for dependency in migration.dependencies
        if dependency[0] in above
    ]
    assert not wrong


HOLDERS = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def docstrings(tree):
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, HOLDERS) and ast.get_docstring(node) is not None
    }


def words(path):
    """Identifiers and strings of a file, without comments and docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docs:
            yield str(node.value)
        for attribute in ("id", "attr", "name"):
            value = getattr(node, attribute, None)
            if isinstance(value, str):
                yield value


@pytest.mark.parametrize("package", SHARED)
def test_shared_code_does_not_know_the_tiers(package):
    """A difference between tiers is a value of the manifest or a tier's own page."""
    wrong = [
        f"{name(path)}: {word!r}"
        for path in files(".py", package)
        for word in words(path)
        if TIER_WORD.search(word)
    ]
    assert not wrong, "\n".join(wrong)


def app_folders():
    return {
        config.name: config.label
        for config in apps.get_app_configs()
        if config.name.startswith(("platform_core.systems.", "municipal."))
        or config.name.startswith("exchange.")
    }


def test_models_are_touched_by_their_own_system_only():
    """Others call services and selectors; a type annotation may name a model."""
    wrong = []
    for path in files(".py"):
        for module in imported_models(path):
            app = module.split(".models", 1)[0]
            if app in app_folders() and not inside(path, app):
                wrong.append(f"{name(path)} imports {module}")
    assert not wrong, "\n".join(wrong)


def imported_models(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in named:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if ".models" in f"{node.module}.":
                yield node.module
            elif "models" in {alias.name for alias in node.names}:
                yield f"{node.module}.models"


def inside(path, app: str) -> bool:
    """The apps of the exchange are one system in layers, which the linter keeps."""
    house = "exchange" if app.startswith("exchange.") else app
    return (ROOT / house.replace(".", "/")) in path.parents


@pytest.mark.django_db
def test_models_of_datasets_can_travel():
    for dataset in registry.all():
        fields = {field.name for field in dataset.model._meta.get_fields()}
        assert {"uid", "origin", "revision"} <= fields, dataset.code
