"""Files of another machine, over SSH."""

import io
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

import paramiko
from django.utils.translation import gettext as _

from exchange.connectors import places
from exchange.connectors.errors import Unreachable
from exchange.connectors.models import Source

from .drops import DONE, fits, half_of

PROBLEMS = (paramiko.SSHException, OSError, EOFError)
KEYS = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


class SftpDrop:
    """A folder of an SFTP server whose key is known."""

    def __init__(self, source: Source) -> None:
        given = source.settings
        port = given.get("port") or 22
        private = source.allow_private
        sock = places.connect(given.get("host", ""), port, private=private)
        self.transport = paramiko.Transport(sock)
        try:
            self._sign_in(source)
            found = paramiko.SFTPClient.from_transport(self.transport)
            assert found is not None
            self.sftp = found
            self.sftp.chdir(given.get("folder") or ".")
        except PROBLEMS as error:
            self.transport.close()
            text = _("The SFTP server refuses: %(error)s")
            raise Unreachable(text % {"error": error}) from error
        except Unreachable:
            self.transport.close()
            raise

    def _sign_in(self, source: Source) -> None:
        self.transport.start_client(timeout=places.SECONDS)
        shown = self.transport.get_remote_server_key().fingerprint
        expected = source.settings.get("host_key", "").strip()
        if shown != expected:
            text = _(
                "The server shows the key %(key)s. Ask the department whether it is "
                "theirs, then enter it with the source."
            )
            raise Unreachable(text % {"key": shown}, code="unknown_key")
        user, secret = source.settings.get("username", ""), source.secret
        if "PRIVATE KEY" in secret:
            self.transport.auth_publickey(user, _private(secret))
        else:
            self.transport.auth_password(user, secret)

    def names(self, pattern: str) -> list[str]:
        try:
            entries = self.sftp.listdir_attr(".")
        except PROBLEMS as error:
            raise Unreachable(str(error)) from error
        return sorted(
            entry.filename
            for entry in entries
            if stat.S_ISREG(entry.st_mode or 0) and fits(entry.filename, pattern)
        )

    @contextmanager
    def fetch(self, name: str) -> Iterator[Path]:
        with NamedTemporaryFile(suffix=Path(name).suffix) as copy:
            try:
                self.sftp.getfo(name, copy)
            except PROBLEMS as error:
                raise Unreachable(f"{name}: {error}") from error
            copy.flush()
            yield Path(copy.name)

    def put_aside(self, name: str) -> None:
        with suppress(OSError):  # there may be one
            self.sftp.mkdir(DONE)
        try:
            self.sftp.posix_rename(name, f"{DONE}/{name}")
        except PROBLEMS as error:
            text = _("%(name)s cannot be moved: %(error)s")
            raise Unreachable(text % {"name": name, "error": error}) from error

    def put(self, path: Path, name: str) -> None:
        try:
            self.sftp.put(str(path), half_of(name))
            self.sftp.posix_rename(half_of(name), name)
        except PROBLEMS as error:
            text = _("%(name)s cannot be written: %(error)s")
            raise Unreachable(text % {"name": name, "error": error}) from error

    def close(self) -> None:
        self.transport.close()


def _private(text: str) -> paramiko.PKey:
    """A private key of any usual kind."""
    for kind in KEYS:
        try:
            return kind.from_private_key(io.StringIO(text))
        except paramiko.SSHException:
            continue
    raise Unreachable(_("The private key cannot be read."))
