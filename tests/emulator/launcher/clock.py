"""What happens later: accounts that become usable, stacks that finish.

Nothing runs in the background. What is due is done at the beginning of the next request, so that two runs of a
test differ in time only and never in order.
"""

import heapq
import itertools
import time
from collections.abc import Callable

_agenda: list[tuple[float, int, Callable[[], None]]] = []
_order = itertools.count()


def later(seconds: float, action: Callable[[], None]) -> None:
    """Does `action` once `seconds` have passed."""
    heapq.heappush(_agenda, (time.monotonic() + seconds, next(_order), action))


def run_due() -> None:
    """Does what is due by now, also what becomes due while doing it."""
    while _agenda and _agenda[0][0] <= time.monotonic():
        heapq.heappop(_agenda)[2]()
