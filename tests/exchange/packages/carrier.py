"""Packages as another platform makes and reads them, from the protocol alone."""

import base64
import hashlib
import io
import json
import zipfile
from uuid import uuid4

from platform_core.common import clock
from tests.exchange.neighbour import verify


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def packed(parts, method=zipfile.ZIP_DEFLATED):
    """A ZIP file of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def lines(groups):
    return "".join(json.dumps(group) + "\n" for group in groups).encode()


def counted(groups):
    return {
        "groups": len(groups),
        "records": sum(len(group["records"]) for group in groups),
    }


def shares(groups):
    found = {}
    for group in groups:
        key = (group["interface"], group["version"])
        one = found.setdefault(key, {"groups": 0, "records": 0})
        one["groups"] += 1
        one["records"] += len(group["records"])
    return [{"interface": k[0], "version": k[1], **one} for k, one in found.items()]


def sealed(one, manifest, parts):
    """The manifest, its signature, and the parts it names."""
    manifest["parts"] = [
        {"name": name, "size": len(content), "sha256": sha256(content), **facts}
        for name, (content, facts) in parts.items()
    ]
    raw = json.dumps(manifest).encode()
    value = base64.b64encode(one.private.sign(raw)).decode()
    signature = {"alg": one.alg, "keyid": one.keyid, "value": value}
    return {
        "manifest.json": raw,
        "signature.json": json.dumps({"signatures": [signature]}).encode(),
        **{name: content for name, (content, _facts) in parts.items()},
    }


def head(one, receiver, kind, **facts):
    return {
        "format": "exchange-package",
        "version": 1,
        "kind": kind,
        "package": str(uuid4()),
        "sender": one.code,
        "receiver": receiver,
        "made_at": clock.now().isoformat(),
        "interfaces": [],
        "counts": {"groups": 0, "records": 0, "files": 0, "missing": 0},
    } | facts


def package(one, receiver, *deliveries, files=(), **facts):
    """Parts of a package with these deliveries, each a list of groups."""
    parts = {}
    for number, groups in enumerate(deliveries, 1):
        about = {"batch": str(uuid4()), **counted(groups)}
        parts[f"deliveries/{number:05d}.jsonl"] = (lines(groups), about)
    for content in files:
        parts[f"blobs/{sha256(content)}"] = (content, {})
    every = [group for groups in deliveries for group in groups]
    counts = {**counted(every), "files": len(files), "missing": 0}
    told = {"interfaces": shares(every), "counts": counts} | facts
    return sealed(one, head(one, receiver, "records", **told), parts)


def receipt(one, made, answers, **facts):
    """The receipt for one of our packages; an answer for each of its deliveries."""
    manifest = json.loads(unpacked(made)["manifest.json"])
    parts = {}
    for number, part in enumerate(deliveries(manifest), 1):
        answer = {"batch": part["batch"], **answers[number - 1]}
        about = {name: part[name] for name in ("batch", "groups", "records")}
        parts[f"answers/{number:05d}.json"] = (json.dumps(answer).encode(), about)
    told = {"answers": manifest["package"]} | facts
    return sealed(one, head(one, manifest["sender"], "receipt", **told), parts)


def deliveries(manifest):
    found = [p for p in manifest["parts"] if p["name"].startswith("deliveries/")]
    return sorted(found, key=lambda part: part["name"])


def read(one, content):
    """Check a package of ours by hand; its manifest and its parts."""
    parts = unpacked(content)
    raw = parts.pop("manifest.json")
    signatures = json.loads(parts.pop("signature.json"))["signatures"]
    known = [each for each in signatures if each["keyid"] in one.trusted]
    assert known
    for each in known:
        verify(each["alg"], one.trusted[each["keyid"]], each["value"], raw)
    manifest = json.loads(raw)
    assert {part["name"] for part in manifest["parts"]} == set(parts)
    for part in manifest["parts"]:
        assert part["sha256"] == sha256(parts[part["name"]])
        assert part["size"] == len(parts[part["name"]])
    assert manifest["receiver"] == one.code
    return manifest, parts


def groups(parts):
    """The groups of a package, delivery by delivery."""
    names = sorted(name for name in parts if name.startswith("deliveries/"))
    return [
        [json.loads(line) for line in parts[name].decode().splitlines()]
        for name in names
    ]
