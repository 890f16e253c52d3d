"""Small servers of departments, in threads of the test."""

import json
import os
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import paramiko

ROWS = [{"bh": f"P{n}", "mc": "管", "at": n} for n in range(1, 8)]


class RestServer(ThreadingHTTPServer):
    """Rows in every style of paging; it can be told to fail."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked, self.failures, self.answer = [], 0, None
        # What was posted: bodies by their key; a refusal by the code of a record.
        self.posted, self.keys, self.refuses = [], {}, set()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def stop(self):
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    """Answers as the path says."""

    def log_message(self, *args):
        pass

    def do_GET(self):
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.asked.append((parts.path, query, dict(self.headers)))
        if self.server.failures:
            self.server.failures -= 1
            return self.say(503, {})
        if self.server.answer is not None:
            return self.say(200, self.server.answer)
        return self.say(200, getattr(self, parts.path.strip("/") or "plain")(query))

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.failures:
            self.server.failures -= 1
            return self.say(503, {})
        found = json.loads(text)
        rows = found if isinstance(found, list) else [found]
        wrong = [row["bh"] for row in rows if row["bh"] in self.server.refuses]
        if wrong:
            return self.say(422, {"detail": f"no such pipe {wrong[0]}"})
        key = self.headers["Idempotency-Key"]
        self.server.posted.append((key, rows))
        self.server.keys.setdefault(key, rows)
        self.server.asked.append((self.path, {}, dict(self.headers)))
        return self.say(201, {})

    def plain(self, query):
        since = int(query.get("since", 0))
        return {"data": {"items": [row for row in ROWS if row["at"] > since]}}

    def pages(self, query):
        size = int(query["size"])
        start = (int(query["p"]) - 1) * size
        return {"data": {"items": ROWS[start : start + size]}}

    def offset(self, query):
        start = int(query["offset"])
        return {"data": {"items": ROWS[start : start + 3]}}

    def cursor(self, query):
        start = int(query.get("cursor", 0))
        more = start + 3 if start + 3 < len(ROWS) else None
        return {"data": {"items": ROWS[start : start + 3]}, "next": more}

    def link(self, query):
        start = int(query.get("start", 0))
        more = f"/link?start={start + 3}" if start + 3 < len(ROWS) else None
        return {"data": {"items": ROWS[start : start + 3]}, "next": more}

    def elsewhere(self, query):
        return {"data": {"items": ROWS}, "next": "http://other.test/link"}

    def say(self, status, data):
        text = data if isinstance(data, bytes) else json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


class Door(paramiko.ServerInterface):
    """Lets one account in."""

    def check_auth_password(self, username, password):
        known = (username, password) == ("water", "secret")
        return paramiko.AUTH_SUCCESSFUL if known else paramiko.AUTH_FAILED

    def check_channel_request(self, kind, chanid):
        return paramiko.OPEN_SUCCEEDED

    def get_allowed_auths(self, username):
        return "password"


class Files(paramiko.SFTPServerInterface):
    """A folder of this machine."""

    root = Path()

    def _path(self, path):
        return self.root / path.lstrip("/")

    def canonicalize(self, path):
        return "/" + os.path.normpath(path).strip("/").replace(".", "", path == ".")

    def list_folder(self, path):
        return [
            paramiko.SFTPAttributes.from_stat(entry.stat(), entry.name)
            for entry in self._path(path).iterdir()
        ]

    def stat(self, path):
        try:
            return paramiko.SFTPAttributes.from_stat(self._path(path).stat())
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    lstat = stat

    def open(self, path, flags, attr):
        handle = paramiko.SFTPHandle(flags)
        if flags & os.O_WRONLY:
            handle.writefile = self._path(path).open("wb", buffering=0)
        else:
            handle.readfile = self._path(path).open("rb")
        return handle

    def mkdir(self, path, attr):
        try:
            self._path(path).mkdir()
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)
        return paramiko.SFTP_OK

    def posix_rename(self, oldpath, newpath):
        self._path(oldpath).rename(self._path(newpath))
        return paramiko.SFTP_OK


class SftpServer:
    """The library's own server over a folder."""

    def __init__(self, root):
        self.key = paramiko.RSAKey.generate(2048)
        self.files = type("These", (Files,), {"root": root})
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.transports = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self):
        return self.socket.getsockname()[1]

    def _accept(self):
        while True:
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transport.add_server_key(self.key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, self.files)
            transport.start_server(event=threading.Event(), server=Door())
            self.transports.append(transport)

    def stop(self):
        self.socket.close()
        for transport in self.transports:
            transport.close()
