"""A certificate is proved anywhere, by the public keys alone."""

import copy
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from exchange.reconciliation.models import Certificate
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def files(certificate, own, city, tmp_path):
    """The certificate and the public keys, as somebody else would get them."""
    keys = [
        {"keyid": own.keyid, "alg": "ed25519", "public_key": own.public_key},
        {"keyid": city.keyid, "alg": "ed25519", "public_key": city.public},
    ]
    file, listed = tmp_path / "certificate.json", tmp_path / "keys.json"
    file.write_text(json.dumps(certificate))
    listed.write_text(json.dumps(keys))
    return file, listed


def test_anybody_can_verify_it(files, capsys, django_assert_num_queries, own, city):
    file, listed = files
    with django_assert_num_queries(0):
        call_command("verify_certificate", file, keys=listed)
    said = capsys.readouterr().out
    assert "The certificate is good" in said
    assert own.keyid in said
    assert city.keyid in said
    pairs = [f"{own.keyid}={own.public_key}", f"{city.keyid}={city.public}"]
    call_command("verify_certificate", file, key=pairs)


def test_two_downloads_are_all_it_takes(client, certificate, tmp_path, capsys):
    client.force_login(UserFactory(roles=["sys_admin"]))
    row = Certificate.objects.latest("pk")
    pages = {
        "certificate": reverse("reconciliation:certificate-file", args=[row.uid]),
        "keys": reverse("delivery:public-keys"),
    }
    for name, url in pages.items():
        (tmp_path / name).write_bytes(client.get(url).content)
    keys = tmp_path / "keys"
    call_command("verify_certificate", tmp_path / "certificate", keys=keys)
    assert "The certificate is good" in capsys.readouterr().out


def leaves(value, path=()):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    else:
        yield path, value


def test_every_changed_byte_of_what_was_signed_is_found(files, certificate):
    file, listed = files
    changed = 0
    for end in ("source_says", "holder_says"):
        for path, value in leaves(certificate[end], (end,)):
            data = copy.deepcopy(certificate)
            place = data
            for name in path[:-1]:
                place = place[name]
            place[path[-1]] = value + 1 if isinstance(value, int) else spoilt(value)
            file.write_text(json.dumps(data))
            with pytest.raises(CommandError):
                call_command("verify_certificate", file, keys=listed)
            changed += 1
    assert changed == 22


def spoilt(text):
    return ("B" if text[0] != "B" else "C") + text[1:]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("state", "different"),
        ("day", "2026-01-01"),
        ("holder", "M37080001"),
        ("source", "M37080001"),
        ("interface", "test.reading"),
        ("record_origin", "M37080001"),
    ],
)
def test_a_certificate_that_contradicts_its_statements(files, certificate, name, value):
    file, listed = files
    file.write_text(json.dumps(certificate | {name: value}))
    with pytest.raises(CommandError):
        call_command("verify_certificate", file, keys=listed)


@pytest.mark.parametrize("at", ["2026-02-30T02:00:00Z", "2026-03-01T02:00:00", 5])
def test_a_statement_without_a_time_that_exists(files, certificate, at):
    file, listed = files
    certificate["source_says"]["statement"]["at"] = at
    file.write_text(json.dumps(certificate))
    with pytest.raises(CommandError, match="声明格式不正确"):
        call_command("verify_certificate", file, keys=listed)


def test_a_stranger_s_key_does_not_do(files, own, city):
    file, _listed = files
    with pytest.raises(CommandError, match=city.code):
        call_command("verify_certificate", file, key=[f"{own.keyid}={own.public_key}"])
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_certificate", file, key=["x=y"])
    file.write_text("[]")
    with pytest.raises(CommandError, match="no certificate"):
        call_command("verify_certificate", file)
