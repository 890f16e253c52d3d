"""kill -9 of any part at any stage: both ends equal, nothing done by hand.  [D2]

FAULT_SEEDS seeds are played, beginning with FAULT_FIRST; each is a test of its own
and is repeated by `FAULT_FIRST=<seed> FAULT_SEEDS=1 make faults`.
"""

import os
from collections import defaultdict
from statistics import median

import pytest

from . import seeds

pytestmark = pytest.mark.journey
FIRST = int(os.environ.get("FAULT_FIRST", "0"))
# Without a wish, places spread over all stages; with one, every kind in turn.
FEW = (2, 5, 7, 10, 13, 16, 18, 21, 24, 27)
COUNT = int(os.environ.get("FAULT_SEEDS", "0"))
SEEDS = range(FIRST, FIRST + COUNT) if COUNT else FEW


@pytest.fixture(scope="module")
def played(request):
    """What the seeds came to; printed as a table at the end."""
    made: list[seeds.Outcome] = []
    yield made
    if COUNT:
        capture = request.config.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled():
            request.config.get_terminal_writer().write(table(made))


def table(outcomes: list[seeds.Outcome]) -> str:
    """Outcomes by kind: how often, how long until drained, what went wrong."""
    kinds: dict[str, list[seeds.Outcome]] = defaultdict(list)
    for outcome in outcomes:
        kinds[outcome.kind].append(outcome)
    lines = [
        f"\n\n{'killed':<40}{'seeds':>6}{'drained after':>18}{'lost':>6}{'twice':>6}"
    ]
    for kind in (*seeds.KINDS, "all"):
        found = outcomes if kind == "all" else kinds[kind]
        if found:
            times = [one.drained_after for one in found]
            span = f"{median(times):.0f} … {max(times):.0f} s"
            lost, twice = (sum(getattr(o, n) for o in found) for n in ("lost", "twice"))
            lines.append(f"{kind:<40}{len(found):>6}{span:>18}{lost:>6}{twice:>6}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", SEEDS)
def test_both_ends_agree_after_a_kill(pair, played, seed):
    outcome = seeds.run(pair, seed)
    played.append(outcome)
    again = f"again: FAULT_FIRST={seed} FAULT_SEEDS=1 make faults\n{outcome}"
    assert outcome.struck, again
    assert outcome.lost == 0, again
    assert outcome.twice == 0, again
    assert outcome.equal, again
