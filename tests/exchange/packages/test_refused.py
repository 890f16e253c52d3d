"""What is not a package, not whole, not of whom it says, or not for us."""

import io
import json
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest

from exchange.delivery.enums import PeerState
from exchange.delivery.models import LedgerRow, NodeKey, Peer
from exchange.delivery.services import rotation
from exchange.packages import layout
from exchange.packages.models import Package
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import DomainError
from platform_core.datasets.services import publish
from tests.exchange.conftest import OWN, announced, reading
from tests.exchange.neighbour import Neighbour, record

from . import carrier

PDF = b"%PDF-1.7 a drawing\n%%EOF\n"
GENUINE = ("manifest.json", "signature.json", "deliveries/00001.jsonl")


@pytest.fixture
def parts(city, shelf):
    group = city.group("test.reading", record(**reading()))
    return carrier.package(city, OWN, [group], files=[PDF])


@pytest.fixture
def refused(bring):
    """The code with which a file is refused; nothing may be left of it."""

    def code(content):
        with pytest.raises(DomainError) as caught:
            bring(content)
        assert not Package.objects.exists()
        assert not LedgerRow.objects.exists()
        entry = AuditEntry.objects.filter(type="package.refused").latest("pk")
        assert entry.data["code"] == caught.value.code
        return caught.value.code

    return code


def flipped(content, at):
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def test_the_genuine_one_is_taken(parts, bring):
    assert bring(carrier.packed(parts)).package.state == "tried"


@pytest.mark.function("DX-23", at="packages:bring")
@pytest.mark.parametrize("name", ["deliveries/00001.jsonl", "blobs"])
def test_an_altered_byte_of_a_part(parts, refused, name):
    (name,) = [one for one in parts if one.startswith(name)]
    for at in (0, len(parts[name]) // 2, len(parts[name]) - 1):
        changed = parts | {name: flipped(parts[name], at)}
        assert refused(carrier.packed(changed)) == "bad_signature"


def test_an_altered_byte_of_the_manifest(parts, refused):
    """Where it is still a manifest, the signature does not fit it any more."""
    raw = parts["manifest.json"]
    for at in range(0, len(raw), 41):
        changed = parts | {"manifest.json": flipped(raw, at)}
        code = refused(carrier.packed(changed))
        readable = {"bad_signature", "unknown_peer"}
        assert code in readable | {"format", "type", "unknown_version"}
    count = raw.replace(b'"records": 1', b'"records": 2')
    assert refused(carrier.packed(parts | {"manifest.json": count})) == "bad_signature"
    spaced = raw.replace(b'"kind"', b' "kind"')
    assert refused(carrier.packed(parts | {"manifest.json": spaced})) == "bad_signature"


def test_an_altered_signature(parts, city, refused):
    (given,) = json.loads(parts["signature.json"])["signatures"]
    middle = given["value"]
    value = middle[:20] + ("A" if middle[20] != "A" else "B") + middle[21:]
    cases = [
        (given | {"value": value}, "bad_signature"),
        (given | {"value": "?"}, "bad_signature"),
        (given | {"alg": "sm2-sm3"}, "bad_signature"),
        (given | {"keyid": f"{city.code}#9"}, "unknown_peer"),
        (given | {"keyid": "nonsense"}, "unknown_peer"),
        (given | {"keyid": f"{OWN}#1"}, "unknown_peer"),
    ]
    for one, code in cases:
        text = json.dumps({"signatures": [one]}).encode()
        assert refused(carrier.packed(parts | {"signature.json": text})) == code


def test_parts_left_out_or_put_in(parts, refused):
    for name in list(parts):
        left = {key: value for key, value in parts.items() if key != name}
        expected = "format" if name.endswith("re.json") or "manifest" in name else None
        assert refused(carrier.packed(left)) == (expected or "bad_signature")
    more = parts | {"deliveries/00002.jsonl": b"{}\n"}
    assert refused(carrier.packed(more)) == "bad_signature"


def code_of(bring, content):
    """Why it is refused; empty where it is taken."""
    try:
        bring(content)
    except DomainError as error:
        return error.code
    return ""


def test_raw_bytes_of_the_file(parts, city, bring):
    """Wherever a bit tips over: refused in a code of the protocol, or no matter."""
    whole = carrier.packed(parts, zipfile.ZIP_STORED)
    codes = {"format", "bad_signature", "too_large", "unknown_peer", "type", "required"}
    for at in range(0, len(whole), 151):
        code = code_of(bring, flipped(whole, at))
        assert code in codes | {"unknown_version", ""}
        for package in Package.objects.all():
            assert package.path.read_bytes() == flipped(whole, at)
            assert package.rejected == 0
            package.delete()


def test_for_somebody_else(city, shelf, refused):
    group = city.group("test.reading", record(**reading()))
    parts = carrier.package(city, "P35000001", [group])
    assert refused(carrier.packed(parts)) == "out_of_scope"


def test_of_somebody_unknown(own, shelf, refused):
    stranger = Neighbour("M37030001")
    group = stranger.group("test.reading", record(**reading()))
    parts = carrier.package(stranger, OWN, [group])
    assert refused(carrier.packed(parts)) == "unknown_peer"


def test_of_somebody_who_did_not_enrol(city, parts, refused):
    Peer.objects.update(state=PeerState.DRAFT)
    assert refused(carrier.packed(parts)) == "unknown_peer"


def test_of_somebody_suspended(city, parts, refused):
    Peer.objects.update(state=PeerState.SUSPENDED)
    assert refused(carrier.packed(parts)) == "suspended"


def test_under_an_old_key(city, parts, refused):
    ended = clock.now() - timedelta(hours=1)
    NodeKey.objects.filter(node=city.code).update(valid_to=ended)
    assert refused(carrier.packed(parts)) == "expired"


def test_under_the_name_of_another(city, connect, shelf, refused):
    """One city signs what says that it comes from the other."""
    other = connect("M37080001")
    group = other.group("test.reading", record(**reading(division="370800")))
    parts = carrier.package(city, OWN, [group], sender=other.code)
    assert refused(carrier.packed(parts)) == "unknown_peer"


def test_an_old_key_of_ours_is_offered_beside_the_new_one(city, shelf, make):
    """Who has not heard of the new key checks the package by the old one."""
    rotation.rotate(switch_at=clock.now() + timedelta(seconds=1))
    with clock.at(clock.now() + timedelta(seconds=2)):
        rotation.advance()
    publish("test.order", announced(receivers=[city.code]))
    _made, content = make(Peer.objects.get(code=city.code))
    signatures = json.loads(carrier.unpacked(content)["signature.json"])["signatures"]
    assert [one["keyid"] for one in signatures] == [f"{OWN}#2", f"{OWN}#1"]
    assert carrier.read(city, content)


@pytest.mark.parametrize(
    "name",
    [
        "../evil.jsonl",
        "/etc/passwd",
        "deliveries/../../evil",
        "deliveries\\00001.jsonl",
        "blobs/ABC",
        "readme.txt",
        "deliveries/",
    ],
)
def test_names_that_do_not_belong_there(parts, refused, name):
    assert refused(carrier.packed(parts | {name: b"x"})) == "format"


def test_a_name_that_ends_before_its_end(parts, refused):
    """What comes behind a zero byte would be cut off by careless readers."""
    name = "deliveries/00001.jsonl?.txt"
    content = carrier.packed(parts | {name: b"x"})
    hidden = content.replace(name.encode(), name.replace("?", "\0").encode())
    assert refused(hidden) == "format"
    told = AuditEntry.objects.get(type="package.refused").data["reason"]
    assert "00001.jsonl\ufffd.txt" in told


def test_the_same_content_packed_anew_is_the_same_package(parts, bring):
    first = bring(carrier.packed(parts))
    again = bring(carrier.packed(parts, zipfile.ZIP_STORED))
    assert (again.known, again.package) == (True, first.package)


def test_a_name_twice(parts, refused):
    target = io.BytesIO(carrier.packed(parts))
    with (
        pytest.warns(UserWarning, match="Duplicate"),
        zipfile.ZipFile(target, "a") as archive,
    ):
        archive.writestr("manifest.json", parts["manifest.json"])
    assert refused(target.getvalue()) == "format"


def test_what_is_no_package(own, refused):
    assert refused(b"") == "format"
    assert refused(b"PK\x05\x06" + b"\0" * 18) == "format"
    assert refused(b"%PDF-1.7" + b"x" * 100) == "format"
    assert refused(carrier.packed({"manifest.json": b"[]"})) == "type"
    assert refused(carrier.packed({"manifest.json": b"{}"})) == "format"


def test_a_bomb(parts, refused, settings):
    """A small file that would unpack to gigabytes is not unpacked."""
    zeros = b"\0" * 30_000_000
    bomb = carrier.packed(parts | {f"blobs/{carrier.sha256(zeros)}": zeros})
    assert len(bomb) < 100_000
    assert refused(bomb) == "too_large"
    many = {f"blobs/{number:064x}": b"\0" * 15_000_000 for number in range(4)}
    assert refused(carrier.packed(parts | many)) == "too_large"


def test_a_bomb_that_lies_about_its_size(parts, city, refused):
    """The directory says one byte; what is there is not what was signed."""
    name = "deliveries/00001.jsonl"
    content = carrier.packed(parts)
    size = len(parts[name]).to_bytes(4, "little")
    assert content.count(size) >= 2
    assert refused(content.replace(size, (1).to_bytes(4, "little"))) in {
        "bad_signature",
        "format",
    }


def test_too_many_parts(parts, refused, monkeypatch):
    monkeypatch.setattr("exchange.packages.reading.MAX_PARTS", 1)
    assert refused(carrier.packed(parts)) == "too_large"


def test_larger_than_a_package_may_be(parts, refused, settings):
    settings.EXCHANGE_PACKAGE_MAX_BYTES = 500
    assert layout.most_packed() == 500
    assert refused(carrier.packed(parts)) == "too_large"


def test_of_a_later_format(city, shelf, refused):
    group = city.group("test.reading", record(**reading()))
    parts = carrier.package(city, OWN, [group], version=2)
    assert refused(carrier.packed(parts)) == "unknown_version"


def test_another_package_under_a_known_number(city, shelf, bring):
    number = str(uuid4())
    group = city.group("test.reading", record(**reading()))
    bring(carrier.packed(carrier.package(city, OWN, [group], package=number)))
    other = city.group("test.reading", record(**reading()))
    parts = carrier.package(city, OWN, [other], package=number)
    with pytest.raises(DomainError) as caught:
        bring(carrier.packed(parts))
    assert caught.value.code == "replay"
    assert Package.objects.count() == 1


def test_a_bad_seal_inside_an_honest_package(city, shelf, bring, take):
    """The package is the sender's, a group in it is not its origin's."""
    group = city.group("test.reading", record(**reading()))
    group["records"][0]["data"]["value"] = 99
    package = bring(carrier.packed(carrier.package(city, OWN, [group]))).package
    assert (package.state, package.rejected) == ("tried", 1)
    assert package.problems.get().code == "bad_seal"
    assert take(package).rejected == 1
    assert not shelf.rows
    assert not LedgerRow.objects.exists()


def test_a_file_changed_on_the_disk_after_the_check(city, parts, bring, take):
    package = bring(carrier.packed(parts)).package
    package.path.write_bytes(flipped(package.path.read_bytes(), 60))
    take(package)
    assert (package.state, package.code) == ("failed", "bad_signature")
    assert not LedgerRow.objects.exists()
