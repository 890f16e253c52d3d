"""Real platforms in real processes: a web server, a worker and a file each."""

import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import copyfile

from scripts.supervisor import Broker, Node, enrol, free_port, wait_until

NAMES = {
    "N10000001": "国家城市运行管理服务平台",
    "P37000001": "山东省城市运行管理服务平台",
    "M37020001": "青岛市城市运行管理服务平台",
    "M37080001": "济宁市城市运行管理服务平台",
}
LINE = ("N10000001", "P37000001", "M37020001")


class Federation:
    """Some platforms below one another, started and enrolled."""

    def __init__(self, folder: Path, codes: tuple[str, ...] = LINE) -> None:
        self.folder = folder
        self.broker = Broker(folder / "broker", free_port())
        extra = {"EXCHANGE_ALLOW_PRIVATE": "1", "DEMO": "1"}
        self.nodes = {
            code: Node(
                code,
                NAMES[code],
                free_port(),
                folder / code,
                self.broker.url(number),
                extra,
            )
            for number, code in enumerate(codes)
        }

    def __enter__(self) -> "Federation":
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *problem: object) -> None:
        self.stop()

    def start(self) -> None:
        """Databases, processes, enrolment from the top down."""
        self.broker.start()
        first, *others = self.nodes.values()
        first.folder.mkdir(parents=True, exist_ok=True)
        first.manage("migrate", "--no-input")
        for node in others:
            node.folder.mkdir(parents=True, exist_ok=True)
            copyfile(first.folder / "db.sqlite3", node.folder / "db.sqlite3")
        for node in self.nodes.values():
            node.manage("setup_node")
            node.start()
        for node in self.nodes.values():
            node.wait_ready()
        for code in self.nodes:
            parent = self.parent(code)
            if parent:
                enrol(self.nodes[parent], self.nodes[code])

    def parent(self, code: str) -> str | None:
        """The platform above: a city's province, a province's nation."""
        above = {"M": "P" + code[1:3], "P": "N"}.get(code[0])
        return next(
            (one for one in self.nodes if above and one.startswith(above)), None
        )

    def stop(self) -> None:
        for node in self.nodes.values():
            node.stop()
        self.broker.stop()

    def run(self, code: str, text: str) -> str:
        """Run Python on a platform, as its administrator could."""
        return self.nodes[code].manage("shell", "-v", "0", "-c", text)

    def rows(self, code: str, query: str, *values: object) -> list[tuple]:
        """Read a platform's database from the side."""
        path = self.nodes[code].folder / "db.sqlite3"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return database.execute(query, values).fetchall()

    def wait_for(
        self, code: str, query: str, *values: object, patience: float = 20
    ) -> list[tuple]:
        """Wait until a query finds something on a platform."""
        wait_until(
            lambda: self.rows(code, query, *values), patience, f"{code}: {query}"
        )
        return self.rows(code, query, *values)
