"""Carrying packages by hand."""

import io

import pytest
from django.contrib.auth.models import Group, Permission

from exchange.packages.models import Package
from exchange.packages.services import making, taking
from exchange.packages.services.choosing import Wish
from tests.factories.accounts import UserFactory


@pytest.fixture
def operator(db):
    return UserFactory(is_superuser=True)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    settings.NODE_URL = "http://own.test"


@pytest.fixture
def background(django_capture_on_commit_callbacks):
    """What is started here is done before the block ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def bring(operator, background):
    """Upload a file; the package with whether it was known."""

    def do(content, name="package.zip"):
        upload = io.BytesIO(content)
        upload.name = name
        with background():
            brought = taking.bring(upload=upload, by=operator)
        brought.package.refresh_from_db()
        return brought

    return do


@pytest.fixture
def take(operator, background):
    def do(package):
        with background():
            taking.take(package=package, by=operator)
        package.refresh_from_db()
        return package

    return do


@pytest.fixture
def make(operator, background):
    """A package for a platform; the row and the file."""

    def do(peer, **wish):
        with background():
            made = making.start(peer=peer, wish=Wish(**wish), by=operator)
        made = Package.objects.get(pk=made.pk)
        return made, made.path.read_bytes() if made.has_file else b""

    return do


@pytest.fixture
def allowed(db):
    """Somebody with these permissions and no others."""

    def make_user(*names):
        user, group = UserFactory(), Group.objects.create(name="-".join(names))
        found = Permission.objects.filter(
            content_type__app_label="packages", codename__in=names
        )
        group.permissions.set(found)
        user.groups.add(group)
        return user

    return make_user
