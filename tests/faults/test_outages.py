"""The receiver is away while records come in a burst; then all of it arrives.  [D1]

The clock of both platforms is put forward, so that an hour takes no hour. Without
FAULT_SEEDS the hour is left out.
"""

import os
import time

import pytest

from . import seeds

pytestmark = pytest.mark.journey
A_SECOND = 1_500 // 60
LONG = "FAULT_SEEDS" in os.environ
SPANS = (10, 300, 3_600) if LONG else (10, 120)
PATIENCE = 15 * seeds.PATIENCE


@pytest.mark.parametrize("seconds", SPANS)
def test_a_burst_while_the_receiver_is_away(pair, seconds, request):
    pair.drain(seeds.PATIENCE)
    before = len(pair.sender.call("books"))
    pair.receiver.take_away()
    pair.sender.spawn("burst", seconds, A_SECOND)
    assert pair.wait(lambda: not pair.sender.alive("burst"), PATIENCE, haste=1)
    assert pair.sender.call("waiting") > 0
    pair.receiver.come_back()
    begun = time.monotonic()
    drained = pair.drain(PATIENCE, haste=1)
    outcome = seeds.compared(pair, 0, struck=True, begun=begun, drained=drained)
    written = outcome.entries - before
    assert written == seconds * A_SECOND
    assert (outcome.lost, outcome.twice, outcome.equal) == (0, 0, True)
    if LONG:
        rate = written / outcome.drained_after
        line = (
            f"\naway {seconds} s: {written} records, drained by itself "
            f"{outcome.drained_after:.0f} s later, {rate:.0f} a second\n"
        )
        capture = request.config.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled():
            request.config.get_terminal_writer().write(line)
