"""Files of departments over SFTP, from the library's own server."""

import pytest

from exchange.connectors.errors import Unreachable
from exchange.connectors.services import sources

from .conftest import one
from .servers import SftpServer

FIELDS = [one("code", "编号"), one("name", "名称")]


@pytest.fixture
def remote(tmp_path):
    folder = tmp_path / "remote"
    folder.mkdir()
    server = SftpServer(folder)
    server.folder = folder
    yield server
    server.stop()


@pytest.fixture
def make_source(remote, operator):
    def make(secret="secret", host_key=None):
        key = remote.key.fingerprint if host_key is None else host_key
        settings = {
            "place": "sftp",
            "folder": "",
            "host": "127.0.0.1",
            "port": remote.port,
            "username": "water",
            "host_key": key,
        }
        return sources.add(
            by=operator,
            name="水务局SFTP",
            kind="files",
            settings=settings,
            secret=secret,
        )

    return make


def test_files_are_read_and_moved(remote, make_source, make_flow, run, landed):
    (remote.folder / "a.csv").write_text("编号,名称\nP1,干管\n", encoding="gb18030")
    pick = {"pattern": "*.csv", "after": "move"}
    done = run(make_flow(make_source(), pick, FIELDS, mode="incremental"))
    assert (done.state, set(landed())) == ("done", {"P1"})
    assert (remote.folder / "done" / "a.csv").exists()


def test_unknown_server_key_is_shown_and_refused(remote, make_source, operator):
    with pytest.raises(Unreachable) as caught:
        sources.test(source=make_source(host_key=""), by=operator)
    assert remote.key.fingerprint in str(caught.value.message)


def test_wrong_password_is_told(make_source, operator):
    with pytest.raises(Unreachable):
        sources.test(source=make_source(secret="other"), by=operator)


def test_file_is_brought_whole(remote, make_source, make_out, run, keep):
    keep({"code": "P1", "name": "干管"}, {"code": "P2"})
    flow = make_out(make_source(), {"name": "管线"}, [one("编号", "code")])
    assert run(flow).landed == 2
    assert [path.name for path in remote.folder.iterdir()] == ["管线.csv"]
    text = (remote.folder / "管线.csv").read_text(encoding="utf-8-sig")
    assert text.split() == ["编号", "P1", "P2"]
    assert run(flow).state == "done"  # it replaces the file
