"""Topics of departments, through a real broker."""

import json
import os
import shutil
import socket
import subprocess
from urllib.parse import urlsplit
from uuid import uuid4

import paho.mqtt.publish as publish
import paho.mqtt.subscribe as subscribe
import pytest

from exchange.connectors.models import Reject
from exchange.connectors.readers import mqtt
from exchange.connectors.services import carrying, sources

from .conftest import one

FIELDS = [one("code", "bh"), one("name", "mc")]


@pytest.fixture(scope="module")
def broker():
    """MQTT_URL, else a mosquitto of our own; without either nothing is tested."""
    if "MQTT_URL" in os.environ:
        yield urlsplit(os.environ["MQTT_URL"]).port or 1883
        return
    program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    if not os.path.exists(program):
        pytest.skip("no MQTT_URL and no mosquitto here")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([program, "-p", str(port)], stderr=subprocess.DEVNULL)
    for _try in range(200):
        with socket.socket() as probe:
            probe.settimeout(0.1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
    yield port
    process.terminate()
    process.wait()


@pytest.fixture
def topic():
    return f"test/{uuid4().hex}"


@pytest.fixture
def source(broker, operator):
    settings = {"host": "127.0.0.1", "port": broker}
    return sources.add(by=operator, name="水位", kind="mqtt", settings=settings)


@pytest.fixture
def flow(source, topic, make_flow, monkeypatch):
    monkeypatch.setattr(mqtt, "IDLE", 0.5)
    return make_flow(source, {"topic": topic}, FIELDS, mode="incremental")


def send(broker, topic, *messages):
    payloads = [m if isinstance(m, str) else json.dumps(m) for m in messages]
    publish.multiple(
        [{"topic": topic, "payload": one, "qos": 1} for one in payloads],
        hostname="127.0.0.1",
        port=broker,
    )


def test_messages_between_runs_are_kept_by_the_broker(broker, topic, flow, run, landed):
    assert run(flow).state == "done"
    send(broker, topic, {"bh": "P1", "mc": "a"}, "no json", [{"bh": "P2"}, 5])
    done = run(flow)
    assert (done.landed, done.rejected) == (2, 2)
    assert set(landed()) == {"P1", "P2"}
    assert Reject.objects.filter(raw__payload="no json").exists()
    run(flow)  # at least once: the last one may come again, and is known already
    assert set(landed()) == {"P1", "P2"}


def test_message_is_acknowledged_only_when_it_is_kept(
    broker, topic, flow, run, landed, monkeypatch
):
    run(flow)
    send(broker, topic, {"bh": "P1"})
    kept = carrying._keep

    def dies(*args):
        raise SystemExit

    monkeypatch.setattr(carrying, "_keep", dies)
    with pytest.raises(SystemExit):
        run(flow)
    assert landed() == {}
    flow.runs.update(state="failed")
    monkeypatch.setattr(carrying, "_keep", kept)
    run(flow)
    assert set(landed()) == {"P1"}


def test_nobody_there(source, operator):
    with socket.create_server(("127.0.0.1", 0)) as free:
        source.settings["port"] = free.getsockname()[1]
    source.save()
    with pytest.raises(Exception, match="."):
        sources.test(source=source, by=operator)


def test_records_become_messages(broker, topic, source, make_out, run, keep):
    keep({"code": "P1", "name": "干管"}, {"code": "P/2"}, {"name": "无号"})
    pick = {"topic": f"{topic}/{{bh}}", "retain": True}
    fields = [one("bh", "code"), one("mc", "name")]
    done = run(make_out(source, pick, fields, mode="incremental"))
    assert (done.landed, done.rejected) == (2, 1)
    found = subscribe.simple(
        f"{topic}/#", msg_count=2, hostname="127.0.0.1", port=broker, retained=True
    )
    told = {one.topic.rsplit("/")[-1]: json.loads(one.payload) for one in found}
    assert told == {
        "P1": {"bh": "P1", "mc": "干管"},
        "P_2": {"bh": "P/2", "mc": None},
    }
