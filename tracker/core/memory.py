"""How a serving process treats its memory."""

import gc

FEW = 100_000  # objects that may come to be before the collector looks for what is left over


def settle() -> None:
    """To be called once everything is loaded: what is there stays, and isn't looked at again.

    A page makes tens of thousands of objects that are freed without the collector; looking for
    the few others after every seven hundred costs a twentieth of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(FEW, 20, 50)
