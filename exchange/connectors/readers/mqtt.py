"""Messages of a topic, acknowledged only when they are kept."""

import json
import socket
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from time import monotonic
from typing import Any

from django.utils.translation import gettext as _
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from exchange.connectors import places, steps
from exchange.connectors.errors import BadValue, Unreachable
from exchange.connectors.models import Source
from platform_core.common.models import own_node

from .base import Began, Ended, Event, Item, Position

PAUSE = 0.1
# A run ends when nothing came for so long; a dry run waits as long.
IDLE = 3.0
# What arrived is kept at the latest after so long.
HOLD = 1.0
TEXT = 2_000


class GuardedClient(Client):
    """A client that connects to the address that was judged."""

    private = False

    def _create_socket_connection(self) -> socket.socket:
        return places.connect(self._host, self._port, private=self.private)


class Line:
    """A connection to a broker that was signed in to."""

    def __init__(
        self,
        source: Source,
        *,
        session: str = "",
        topic: str = "",
        taken: Callable[[MQTTMessage], None] = lambda message: None,
    ) -> None:
        self.topic, self.taken = topic, taken
        self.problem = ""
        self.connected = False
        self.client = self._client(source, session)
        self._connect(source)

    def _client(self, source: Source, session: str) -> Client:
        made = GuardedClient(
            CallbackAPIVersion.VERSION2,
            client_id=f"{own_node()}-{session}"[:60] if session else "",
            clean_session=not session,
            manual_ack=True,
        )
        made.private = source.allow_private
        if source.settings.get("username"):
            made.username_pw_set(source.settings["username"], source.secret)
        if source.settings.get("tls"):
            made.tls_set()
        made.on_connect = self._on_connect
        made.on_message = self._on_message
        return made

    def _connect(self, source: Source) -> None:
        given = source.settings
        try:
            self.client.connect(given["host"], given["port"], keepalive=30)
        except (OSError, ValueError) as error:
            text = _("The broker cannot be reached: %(error)s")
            raise Unreachable(text % {"error": error}) from error
        end = monotonic() + places.SECONDS
        while not self.connected and not self.problem and monotonic() < end:
            self.client.loop(PAUSE)
        if not self.connected:
            self.close()
            text = _("The broker refuses: %(error)s")
            raise Unreachable(text % {"error": self.problem or _("no answer")})

    def _on_connect(
        self, client: Any, userdata: Any, flags: Any, reason: Any, properties: Any
    ) -> None:
        if reason.is_failure:
            self.problem = str(reason)
            return
        self.connected = True
        if self.topic:
            client.subscribe(self.topic, qos=1)

    def _on_message(self, client: Any, userdata: Any, message: MQTTMessage) -> None:
        self.taken(message)

    def close(self) -> None:
        while self.client.want_write() and self.client.is_connected():
            self.client.loop(PAUSE)  # what is acknowledged must be on its way
        self.client.disconnect()
        self.client.loop(PAUSE)


class MqttReader:
    """Rows out of messages with quality of service 1.

    The session outlives the connection, so that the broker keeps what comes in
    between.
    """

    def __init__(
        self, source: Source, definition: Mapping[str, Any], seen: frozenset[str]
    ) -> None:
        self.pick: Mapping[str, Any] = definition["pick"]
        self.size = int(definition.get("batch_size") or 1)
        # Listening ends when nothing came for so long; None: never.
        self.seconds = definition.get("seconds", IDLE)
        self.stop = definition.get("stop", lambda: False)
        self.waiting: deque[MQTTMessage] = deque()
        self.held: list[MQTTMessage] = []
        self.line = Line(
            source,
            session=str(definition.get("session", "")),
            topic=self.pick.get("topic") or "",
            taken=self.waiting.append,
        )
        self.client = self.line.client

    def columns(self) -> list[str] | None:
        return None

    def items(self, position: Position) -> Iterator[Event]:
        yield Began(None)
        count = position.get("row", 0)
        last = kept = monotonic()
        while not self.stop() and self._patient(last):
            self._loop()
            while self.waiting:
                message, last = self.waiting.popleft(), monotonic()
                self.held.append(message)
                for row, fault in _rows(message, self.pick.get("items") or ""):
                    count += 1
                    yield Item(row, count, {"row": count}, message.topic, fault)
                if len(self.held) >= self.size:
                    break
            due = monotonic() - kept > HOLD or len(self.held) >= self.size
            if self.held and due:
                kept = monotonic()
                yield Ended("", "", 0, count, {"row": count})
        if self.held:
            yield Ended("", "", 0, count, {"row": count})

    def _patient(self, last: float) -> bool:
        return self.seconds is None or monotonic() - last < self.seconds

    def _loop(self) -> None:
        code = self.client.loop(PAUSE)
        if code not in {MQTTErrorCode.MQTT_ERR_SUCCESS, MQTTErrorCode.MQTT_ERR_AGAIN}:
            raise Unreachable(_("The connection to the broker was lost."))

    def settle(self, ended: Ended) -> None:
        """The messages so far are kept: the broker may forget them."""
        for message in self.held:
            self.client.ack(message.mid, message.qos)
        self.held = []

    def close(self) -> None:
        self.line.close()


def _rows(message: MQTTMessage, where: str) -> list[tuple[dict[str, Any], str]]:
    """The rows of a message, each with what is wrong with it."""
    text = message.payload.decode("utf-8", errors="replace")
    topic = {"topic": message.topic}
    try:
        found = json.loads(text)
        found = steps.search(where, found) if where else found
    except (ValueError, RecursionError, BadValue):
        return [({**topic, "payload": text[:TEXT]}, _("The message is no JSON."))]
    rows = found if isinstance(found, list) else [found]
    return [
        ({**topic, **row}, "")
        if isinstance(row, dict)
        else ({**topic, "payload": text[:TEXT]}, _("This is no object."))
        for row in rows
    ]
