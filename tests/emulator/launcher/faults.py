"""Answers that never arrive: the call is done, and its caller does not get to know."""

from dataclasses import dataclass, field

from .calls import Call

ANY_MUTATING = "*"


@dataclass
class Fault:
    """What happens to the answer of the nth call of an operation from now on."""

    operation: str
    """The operation's name, or `*` for every operation that changes something."""
    nth: int
    hold: bool
    """Whether the caller is left waiting; otherwise its connection is dropped at once."""

    def meets(self, call: Call) -> bool:
        """Whether this is the call; counts the ones before it."""
        if self.operation != call.operation and not (self.operation == ANY_MUTATING and call.mutating):
            return False
        self.nth -= 1
        return self.nth == 0


@dataclass
class Faults:
    """The faults that are still to come, and the calls that are being held."""

    ahead: list[Fault] = field(default_factory=list)
    held: list[Call] = field(default_factory=list)

    def take(self, call: Call) -> Fault | None:
        """The fault that this call meets, if any; each happens once."""
        for fault in list(self.ahead):
            if fault.meets(call):
                self.ahead.remove(fault)
                return fault
        return None
