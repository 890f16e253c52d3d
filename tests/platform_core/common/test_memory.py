"""What a process has loaded is left out of the collection of garbage."""

import gc

from platform_core.common import memory


def test_what_is_loaded_is_looked_at_no_more(monkeypatch):
    at_exit = []
    monkeypatch.setattr(memory.atexit, "register", at_exit.append)
    before = len(gc.get_objects())
    memory.settle()
    try:
        assert gc.get_freeze_count() > before / 2
        assert len(gc.get_objects()) < before / 2
    finally:
        for undo in at_exit:
            undo()
    assert gc.get_freeze_count() == 0
