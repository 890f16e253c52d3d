"""Keys of both suites: the standard's figures, files, hops and seals."""

import base64
import json
import shutil
import subprocess

import pytest
from django.core.management import CommandError, call_command

from exchange.delivery import keys, sm2, suites
from exchange.delivery.models import NodeKey, Peer
from exchange.delivery.services import enrolment, pump, sending
from platform_core.common.errors import DomainError
from platform_core.datasets.services import publish
from tests.exchange.conftest import OWN, announced, reading
from tests.exchange.neighbour import Neighbour, Sm2Key, record

gm = pytest.mark.skipif(sm2._library is None, reason="the extra gm is not installed")

# GB/T 32918.5-2017, annex A: signature of "message digest".
SECRET = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
POINT = bytes.fromhex(
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
NONCE = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
IDENTITY = "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3"
DIGEST = "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640"
SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
TEXT = b"message digest"


@gm
def test_the_figures_of_the_standard():
    key = sm2.PrivateKey.of(SECRET)
    assert key.point == POINT
    assert sm2.identity(POINT).hex() == IDENTITY
    assert sm2.digest(POINT, TEXT).hex() == DIGEST
    assert key.sign(TEXT, nonce=NONCE) == SIGNATURE
    assert sm2.verify(key.public, SIGNATURE, TEXT)


@gm
@pytest.mark.parametrize(
    "signature",
    [
        SIGNATURE[:-1],
        SIGNATURE + b"\0",
        bytes(32) + SIGNATURE[32:],
        SIGNATURE[:32] + bytes(32),
        SIGNATURE[:32] + sm2.N.to_bytes(32, "big"),
        SIGNATURE[:32] + (sm2.N - int.from_bytes(SIGNATURE[:32], "big")).to_bytes(32),
        SIGNATURE[32:] + SIGNATURE[:32],
    ],
)
def test_signatures_out_of_range_or_altered_are_none(signature):
    assert not sm2.verify(base64.b64encode(POINT).decode(), signature, TEXT)


@gm
def test_any_key_signs_whatever_its_first_figures():
    """Coordinates that begin with 0 or 4 are kept whole."""
    for _ in range(40):
        key = sm2.PrivateKey.generate()
        assert sm2.verify(key.public, key.sign(TEXT), TEXT)
        assert not sm2.verify(key.public, key.sign(TEXT), TEXT + b".")
        if key.point[1] >> 4 in {0, 4}:
            break


@gm
def test_points_off_the_curve_are_no_keys():
    good = base64.b64encode(POINT).decode()
    assert sm2.parse_public(good) == good
    off = POINT[:-1] + bytes([POINT[-1] ^ 1])
    for raw in (off, POINT[1:], b"\x02" + POINT[1:33], b"\x04" + b"\xff" * 64):
        with pytest.raises(DomainError):
            sm2.parse_public(base64.b64encode(raw).decode())
    with pytest.raises(DomainError):
        sm2.parse_public("no base64!")


@gm
@pytest.mark.parametrize("alg", ["ed25519", "sm2-sm3"])
def test_key_files_are_pkcs8(alg):
    made = suites.tools(alg).generate()
    again = suites.read_private(made.pem())
    assert (again.alg, again.public) == (alg, made.public)
    assert b"BEGIN PRIVATE KEY" in made.pem()


@gm
@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")
def test_openssl_reads_our_key_and_we_read_its():
    def openssl(*arguments, text=b""):
        line = ["openssl", *arguments]
        return subprocess.run(line, input=text, capture_output=True, check=True).stdout

    made = sm2.PrivateKey.generate()
    public = openssl("pkey", "-pubout", text=made.pem()).decode()
    assert sm2.parse_public(public) == made.public
    other = openssl("genpkey", "-algorithm", "SM2")
    read = suites.read_private(other)
    public = openssl("pkey", "-pubout", text=other).decode()
    assert sm2.parse_public(public) == read.public


def test_unreadable_key_files_say_so(settings, own):
    rsa = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
    for text in ("", rsa):
        with pytest.raises(DomainError):
            suites.read_private(text.encode())


def test_without_the_extra_the_error_names_it(own, monkeypatch, client):
    monkeypatch.setattr(sm2, "_library", None)
    for act in (
        sm2.PrivateKey.generate,
        lambda: keys.parse_public("AAAA", "sm2-sm3"),
        lambda: sm2.verify("AAAA", SIGNATURE, TEXT),
    ):
        with pytest.raises(DomainError, match="gm"):
            act()


@pytest.fixture
def gm_city(connect):
    return connect("M37020001", private=Sm2Key())


@gm
def test_hops_and_seals_of_a_peer_with_an_sm2_key(client, gm_city, shelf):
    one = record(**reading())
    answer = gm_city.deliver(client, OWN, gm_city.group("test.reading", one))
    assert answer["results"][0]["applied"] == 1
    body = json.dumps({"sent_at": "2026-11-20T08:00:00+08:00"}).encode()
    path = "/exchange/v1/heartbeats"
    headers = gm_city.headers("POST", path, body, alg="ed25519")
    answer = client.generic("POST", path, body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")


@gm
def test_the_own_key_may_be_of_the_national_suite(settings, own, connect, shelf):
    """Both suites in one federation: the key says which."""
    NodeKey.objects.filter(node=OWN).delete()
    settings.EXCHANGE_KEY_FILE = settings.EXCHANGE_KEY_FILE.with_name("gm.key")
    settings.EXCHANGE_KEY_SUITE = "sm2-sm3"
    key = keys.own_key()
    assert (key.alg, key.keyid) == ("sm2-sm3", f"{OWN}#1")
    city = connect("M37020001")
    city.trusted[key.keyid] = key.public_key
    publish("test.order", announced(receivers=[city.code]))
    pump.collect()
    sending.send_to_peer(Peer.objects.get().pk)
    (group,) = city.groups("test.order")
    assert group["seal"]["alg"] == "sm2-sm3"
    city.check_seal(group)


@gm
def test_a_platform_enrols_with_an_sm2_key(client, own):
    enrolment.add_peer(code="M37020001", name="青岛")
    token = enrolment.invite(code="M37020001")
    one = Neighbour("M37020001", private=Sm2Key())
    node = {"code": one.code, "tier": "municipal", "name": "青岛"}
    card = {"token": token, "node": node, "public_key": one.public, "alg": one.alg}
    assert one.request(client, "POST", "enrolments", card).status_code == 201
    assert NodeKey.objects.get(node=one.code).alg == "sm2-sm3"
    assert one.request(client, "GET", "interfaces").status_code == 200


def test_an_unknown_suite_is_refused(own, tmp_path):
    file = tmp_path / "key"
    file.write_text(Neighbour("M37020001").public)
    arguments = ("exchange_peer", "add", "M37020001", "--name", "x")
    with pytest.raises(CommandError):
        call_command(*arguments, "--public-key", str(file), "--alg", "rsa")
    with pytest.raises(DomainError):
        keys.parse_public("AAAA", "rsa")
