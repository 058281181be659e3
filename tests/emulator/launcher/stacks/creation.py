"""Creating a stack, and rolling back what cannot be created."""

from typing import Any

from moto.cloudformation.exceptions import AlreadyExistsException
from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.cloudformation.utils import generate_stack_id

from ..patch import replaces
from . import deletion, imports, resources
from .events import record, set_status
from .imports import Imports
from .outputs import export, read
from .resources import ResourceFailed
from .templates import in_order
from .turns import Options, follow, start


@replaces(CloudFormationBackend, "create_stack")
def create_stack(
    _original: Any,
    self: CloudFormationBackend,
    name: str,
    template: str,
    parameters: dict[str, Any],
    **given: Any,
) -> Stack:
    """Starts the creation of a stack."""
    if any(stack.name == name for stack in self.stacks.values()):
        raise AlreadyExistsException(f"Stack [{name}] already exists")
    stack = new_stack(self, name, template, parameters, **given)
    begin(self, stack, Options.take())
    return stack


def begin(backend: CloudFormationBackend, stack: Stack, asked: Options, imported: Imports | None = None) -> None:
    """Starts to make everything that is in the stack's template, and to take over what is imported."""
    # What a stack has not made it does not delete when it fails.
    asked.retained = list(imported or {})
    start(stack, "CREATE_IN_PROGRESS", asked, lambda: _create(backend, stack, asked, imported or {}))


def new_stack(
    backend: CloudFormationBackend,
    name: str,
    template: str | dict[str, Any],
    parameters: dict[str, Any],
    stack_id: str | None = None,
    **given: Any,
) -> Stack:
    """A stack of which nothing is made yet; one with that id gives way to it. An empty mapping is no template."""
    stack = Stack(
        stack_id=stack_id or generate_stack_id(name, backend.region_name, backend.account_id),
        name=name,
        template=template,
        parameters=parameters,
        account_id=backend.account_id,
        region_name=backend.region_name,
        cross_stack_resources=backend.exports,
        **given,
    )
    stack.applied, stack.change_sets = {}, {}  # type: ignore[attr-defined]
    backend.stacks[stack.stack_id] = stack
    return stack


def _create(backend: CloudFormationBackend, stack: Stack, asked: Options, imported: Imports) -> None:
    wanted = [name for name in in_order(stack.template_dict) if resources.is_wanted(stack.resource_map, name)]
    try:
        for name in wanted:
            stack.applied[name] = (
                imports.take_over(stack, name, *imported[name])
                if name in imported
                else resources.make(stack, stack.resource_map, name)
            )
        read(stack, stack.output_map)
    except ResourceFailed as failure:
        _cancel(stack, wanted, failure.logical_id)
        _give_up_creation(backend, stack, failure, asked)
    else:
        export(backend, stack)
        set_status(stack, "CREATE_COMPLETE")


def _cancel(stack: Stack, wanted: list[str], failed: str) -> None:
    """What would have come next is reported as failed too, with a reason that explains nothing."""
    rest = wanted[wanted.index(failed) + 1 :] if failed in wanted else []
    for name in rest[:1]:
        kind = stack.template_dict["Resources"][name]["Type"]
        record(stack, name, kind, "CREATE_FAILED", "Resource creation cancelled")


def _give_up_creation(
    backend: CloudFormationBackend, stack: Stack, failure: ResourceFailed, asked: Options
) -> None:
    reason = f"The following resource(s) failed to create: [{failure.logical_id}]. "
    if asked.on_failure == "DO_NOTHING":
        set_status(stack, "CREATE_FAILED", reason)
    elif asked.on_failure == "DELETE":
        set_status(stack, "DELETE_IN_PROGRESS", reason + "Delete requested by user.")
        follow(stack, lambda: deletion.finish(backend, stack, asked))
    else:
        set_status(stack, "ROLLBACK_IN_PROGRESS", reason + "Rollback requested by user.")
        follow(stack, lambda: _roll_back_creation(stack, asked))


def _roll_back_creation(stack: Stack, asked: Options) -> None:
    try:
        deletion.remove_all(stack, creating=True, asked=asked)
    except ResourceFailed as failure:
        set_status(
            stack, "ROLLBACK_FAILED", f"The following resource(s) failed to delete: [{failure.logical_id}]."
        )
    else:
        set_status(stack, "ROLLBACK_COMPLETE")
