"""The whole federation on this machine, until Ctrl-C."""

import argparse
import os
import shutil
import signal
import sys
import time

from scripts.federation import PASSWORD, Facts, Federation
from scripts.supervisor import ROOT

HOME = ROOT / "var" / "demo"
PORT_BASE = int(os.environ.get("DEMO_PORT_BASE", "8100"))


def say(text: str) -> None:
    print(text, flush=True)


def announce(facts: Facts) -> None:
    """Print addresses and accounts."""
    for node in facts["nodes"]:
        say(f"\n{node['name']}  {node['url']}  ({node['code']})")
        for account in facts["accounts"]:
            if account["node"] == node["code"]:
                say(f"    {account['username']:<12} {account['title']}")
    cities = [node for node in facts["nodes"] if node["tier"] == "municipal"]
    say(f"\nCitizens report at {cities[0]['url']}/public/")
    say(f"Password of every account: {PASSWORD}")
    say("The federation runs. Ctrl-C stops it; a second start keeps its data.")


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def run(federation: Federation, until_ready: bool) -> None:
    """Start, announce, watch; stop in any case."""
    signal.signal(signal.SIGTERM, interrupt)
    begun = time.monotonic()
    try:
        announce(federation.start())
        say(f"Ready after {time.monotonic() - begun:.0f} s.")
        while not until_ready:
            time.sleep(2)
            federation.revive()
    except KeyboardInterrupt:
        say("\nStopping …")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        federation.stop()
        say("Stopped.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reset", action="store_true", help="forget all data first")
    parser.add_argument("--until-ready", action="store_true", help="start, then stop")
    options = parser.parse_args()
    if options.reset:
        shutil.rmtree(HOME, ignore_errors=True)
    if taken := Federation.taken(PORT_BASE):
        say(f"Port {taken[0]} is in use. Set DEMO_PORT_BASE to move the demo's ports.")
        sys.exit(1)
    run(Federation(HOME, PORT_BASE, say), options.until_ready)


if __name__ == "__main__":
    main()
