"""A change set, and the look that CloudFormation takes at it in its own time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from moto.cloudformation.models import Stack
from moto.cloudformation.models import cloudformation_backends as backends
from moto.core.utils import utcnow

from .. import clock
from ..errors import reason
from ..settings import SETTINGS
from . import imports, requests, updates, validation
from .changes import Change, changes
from .imports import Imports
from .templates import parse

NO_CHANGE = (
    "The submitted information didn't contain changes. Submit different information to create a change set."
)


@dataclass
class ChangeSet:
    """A change that is asked for, and has happened or not."""

    name: str
    kind: str
    """`CREATE`, `UPDATE` or `IMPORT`."""
    stack: Stack
    template: str
    parameters: dict[str, str]
    tags: dict[str, str] | None
    token: str | None
    imports: Imports
    takes_existing: bool
    """`ImportExistingResources`"""
    created: datetime = field(default_factory=utcnow)
    status: str = "CREATE_PENDING"
    reason: str | None = None
    execution_status: str = "UNAVAILABLE"
    changes: list[Change] = field(default_factory=list)
    findings: list[validation.Finding] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Its ARN."""
        return f"{self.stack.stack_id.replace(':stack/', ':changeSet/')}/{self.name}"

    def summary(self) -> dict[str, Any]:
        """As ListChangeSets tells it; DescribeChangeSet tells more."""
        return {
            "ChangeSetName": self.name,
            "ChangeSetId": self.id,
            "StackId": self.stack.stack_id,
            "StackName": self.stack.name,
            "Status": self.status,
            "StatusReason": self.reason,
            "ExecutionStatus": self.execution_status,
            "CreationTime": self.created,
        }


class Work:
    """CloudFormation's work on change sets: it can be held up for as long as a test wants them to be pending."""

    def __init__(self) -> None:
        self._held: list[Callable[[], None]] | None = None

    def hold(self) -> None:
        """From now on, all stay pending."""
        self._held = self._held or []

    def release(self) -> None:
        """All of them are looked at now."""
        held, self._held = self._held or [], None
        for work in held:
            work()

    def begin(self, change_set: ChangeSet) -> None:
        """One that is new is looked at in a while."""

        def when_due() -> None:
            if self._held is None:
                _look(change_set)
            else:
                self._held.append(lambda: _look(change_set))

        clock.later(SETTINGS.change_set_seconds, when_due)


WORK = Work()


def age(seconds: float) -> None:
    """Makes all change sets older than they are."""
    for regions in backends.values():
        for backend in regions.values():
            for stack in backend.stacks.values():
                for change_set in stack.change_sets.values():
                    change_set.created -= timedelta(seconds=seconds)


def _look(change_set: ChangeSet) -> None:
    """Finds out what it would do, and whether it could."""
    try:
        failure = _failure(change_set)
    except Exception as error:
        failure = reason(error)
    if failure:
        change_set.status, change_set.reason, change_set.changes = "FAILED", failure, []
    else:
        change_set.status, change_set.execution_status = "CREATE_COMPLETE", "AVAILABLE"


def _failure(change_set: ChangeSet) -> str | None:
    """Why it fails, if it does."""
    stack, template = change_set.stack, change_set.template
    if change_set.kind == "IMPORT":
        change_set.changes = [imports.change(name, *one) for name, one in change_set.imports.items()]
        return imports.missing(stack, change_set.imports)
    if change_set.kind == "UPDATE" and requests.is_same(
        stack, parse(template), change_set.parameters, change_set.tags
    ):
        return NO_CHANGE
    backend = backends[stack.account_id][stack.region_name]
    after = updates.after(backend, stack, template, change_set.parameters, change_set.tags)
    found = {change["LogicalResourceId"]: change for change in changes(stack, after)}
    if change_set.takes_existing:
        change_set.imports = imports.by_name(stack, after, list(found.values()))
        found |= {name: imports.change(name, *one) for name, one in change_set.imports.items()}
    change_set.changes = list(found.values())
    change_set.findings = validation.validate(stack, after, change_set.changes)
    return validation.REASON if change_set.findings else None
