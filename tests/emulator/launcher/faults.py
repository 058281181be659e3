"""Calls that go wrong: answers that never arrive, calls that never get here, and refusals at a chosen moment.

What any fault proxy can do is the proxy's (`proxy.py`). Here is what takes knowledge of the order of calls.
"""

from dataclasses import dataclass, field
from typing import Any

from .calls import Call

ANY = "any"
ANY_MUTATING = "*"


@dataclass
class Fault:
    """What happens to the nth call of an operation from now on."""

    operation: str
    """The operation's name, `*` for every operation that changes something, or `any`."""
    nth: int = 1
    hold: bool = False
    """Whether the caller is left waiting; otherwise its connection is dropped at once."""
    before: bool = False
    """Whether the call is not even carried out."""
    after: str | None = None
    """The operation after whose next success the calls are counted, those of the same account and region."""
    refusal: dict[str, Any] | None = None
    """What is answered instead: `status`, `code`, `message`."""

    def meets(self, call: Call) -> bool:
        """Whether this is the call; counts the ones before it."""
        if self.after or not self._is_about(call):
            return False
        self.nth -= 1
        return self.nth == 0

    def _is_about(self, call: Call) -> bool:
        if self.operation == ANY_MUTATING:
            return call.mutating
        return self.operation in (ANY, call.operation)


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

    def has_succeeded(self, call: Call) -> None:
        """Arms what waits for this call."""
        for fault in self.ahead:
            if fault.after == call.operation:
                fault.after = None
