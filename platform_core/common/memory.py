"""What a process that serves for long does with its memory."""

import atexit
import gc


def settle() -> None:
    """Leave what was loaded at the start out of every later collection of garbage.

    Those half a million objects stay for good; looking at them again and again is a
    tenth of the time of a request that makes many objects.
    """
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)
