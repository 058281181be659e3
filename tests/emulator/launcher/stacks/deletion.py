"""Deleting a stack, and what a stack has made."""

from typing import Any

from moto.cloudformation.models import CloudFormationBackend, Stack

from ..patch import replaces
from . import resources
from .events import set_status
from .resources import ResourceFailed
from .templates import in_order
from .turns import Options, start


@replaces(CloudFormationBackend, "delete_stack")
def delete_stack(_original: Any, self: CloudFormationBackend, name_or_stack_id: str) -> None:
    """Starts the deletion of a stack; a stack that is not there is none to delete."""
    asked = Options.take()
    for stack in list(self.stacks.values()):
        if name_or_stack_id in (stack.name, stack.stack_id):
            start(stack, "DELETE_IN_PROGRESS", asked, lambda stack=stack: finish(self, stack, asked))


def finish(backend: CloudFormationBackend, stack: Stack, asked: Options) -> None:
    """Deletes the resources, and then forgets the stack but for its id."""
    try:
        remove_all(stack, creating=False, asked=asked)
    except ResourceFailed as failure:
        set_status(
            stack, "DELETE_FAILED", f"The following resource(s) failed to delete: [{failure.logical_id}]."
        )
        return
    set_status(stack, "DELETE_COMPLETE")
    for name in [
        name for name, export in backend.exports.items() if export.exporting_stack_id == stack.stack_id
    ]:
        del backend.exports[name]
    backend.deleted_stacks[stack.stack_id] = backend.stacks.pop(stack.stack_id)


def remove_all(stack: Stack, creating: bool, asked: Options) -> None:
    """Deletes in reverse order what the stack has made, but for what shall be kept."""
    order = in_order(stack.template_dict) if stack.applied else []
    for name in reversed(order):
        if name not in stack.applied:
            continue
        definition = stack.applied[name]
        policy = definition.get("DeletionPolicy", "Delete")
        made_in_vain = creating and (asked.retain_except_on_create or policy == "RetainExceptOnCreate")
        kept = policy in ("Retain", "RetainExceptOnCreate") and not made_in_vain
        if kept or name in asked.retained:
            resources.keep(stack, stack.resource_map, name, definition)
        else:
            resources.delete(stack, stack.resource_map, name, definition)
        del stack.applied[name]
