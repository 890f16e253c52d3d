"""To a topic of a message broker; each message until the broker has it."""

import re
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any

from django.utils.translation import gettext as _
from paho.mqtt.client import MQTTMessageInfo
from paho.mqtt.enums import MQTTErrorCode

from exchange.connectors import places
from exchange.connectors.errors import Unreachable
from exchange.connectors.models import Source
from exchange.connectors.readers.mqtt import PAUSE, Line

from .base import Letter, Refused
from .sheets import as_json

PLACE = re.compile(r"\{([^{}]+)\}")
# Characters that mean something in a topic.
MARKS = re.compile(r"[+#/\s\0]")
# Messages that may be on their way at a time.
WINDOW = 100
FINE = {MQTTErrorCode.MQTT_ERR_SUCCESS, MQTTErrorCode.MQTT_ERR_AGAIN}


class MqttWriter:
    """Records as JSON with quality of service 1.

    `{column}` in the topic stands for the record's value.
    """

    whole = False
    removes = False

    def __init__(self, source: Source, definition: Mapping[str, Any]) -> None:
        self.pick: Mapping[str, Any] = definition["pick"]
        self.retain = bool(self.pick.get("retain"))
        self.line = Line(source)

    def check(self, columns: Sequence[str]) -> None:
        """A message takes any columns."""

    def write(self, letters: Sequence[Letter]) -> list[Refused]:
        refused: list[Refused] = []
        waiting: list[MQTTMessageInfo] = []
        for letter in letters:
            topic = self._topic(letter.record)
            if not topic:
                text = _("A value that the topic needs is missing.")
                refused.append(Refused(letter, text, code="required"))
                continue
            waiting.append(self._publish(topic, letter))
            if len(waiting) >= WINDOW:
                self._wait(waiting)
        self._wait(waiting)
        return refused

    def _topic(self, record: Mapping[str, Any]) -> str:
        """The topic of a record; empty where a part of it is missing."""
        named = PLACE.findall(self.pick["topic"])
        if any(record.get(name) in (None, "") for name in named):
            return ""
        return PLACE.sub(
            lambda found: MARKS.sub("_", str(record[found[1]])), self.pick["topic"]
        )

    def _publish(self, topic: str, letter: Letter) -> MQTTMessageInfo:
        body = as_json(letter.record).encode()
        return self.line.client.publish(topic, body, qos=1, retain=self.retain)

    def _wait(self, waiting: list[MQTTMessageInfo]) -> None:
        """Until the broker has acknowledged all of them."""
        end = monotonic() + places.SECONDS
        while not all(one.is_published() for one in waiting):
            code = self.line.client.loop(PAUSE)
            if code not in FINE or monotonic() > end:
                raise Unreachable(_("The connection to the broker was lost."))
        waiting.clear()

    def finish(self) -> None:
        """Each message was acknowledged."""

    def close(self) -> None:
        self.line.close()
