"""A platform by somebody who has read docs/exchange-protocol.md and nothing else.

It shares no code with ours: `tests/architecture/test_foreign.py` sees to that. Its
tests let it join the demo's province over HTTP.
"""
