"""A stack's turn: an operation is begun at once, and its work is done when its time has come.

How long that is, `AVM_STACK_SECS` says. A rollback is a turn of its own and takes as long again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from moto.cloudformation.models import Stack

from .. import clock
from ..settings import SETTINGS
from .events import set_status


@dataclass
class Options:
    """How an operation was asked for."""

    token: str | None = None
    on_failure: str = "ROLLBACK"
    """`ROLLBACK`, `DELETE` or `DO_NOTHING`."""
    retain_except_on_create: bool = False
    retained: list[str] = field(default_factory=list)
    """The resources that DeleteStack shall leave, or a rollback."""

    @staticmethod
    def take() -> "Options":
        """The options of the request that is being answered; the next request starts without."""
        global _asked
        taken, _asked = _asked, Options()
        return taken

    def ask(self) -> None:
        """Puts the options there for the operation that is started next: moto has no way to hand them on."""
        global _asked
        _asked = self


_asked = Options()


def start(stack: Stack, status: str, asked: Options, work: Callable[[], None]) -> None:
    """Begins an operation; one that is under way on the stack is given up for it."""
    stack.token = asked.token  # type: ignore[attr-defined]
    set_status(stack, status, "User Initiated")
    follow(stack, work)


def follow(stack: Stack, work: Callable[[], None]) -> None:
    """Does the work in a while, unless another operation on the stack has begun by then."""
    turn = object()
    stack.turn = turn  # type: ignore[attr-defined]

    def when_due() -> None:
        if stack.turn is turn:  # type: ignore[attr-defined]
            work()

    clock.later(SETTINGS.stack_seconds, when_due)
