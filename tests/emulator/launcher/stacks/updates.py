"""Updating a stack, and going back when that fails.

An update is a second set of resources that begins with those that are there. Nothing of the stack itself changes
before all of it has succeeded.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.cloudformation.parsing import OutputMap, ResourceMap

from ..patch import replaces
from . import resources
from .events import set_status
from .outputs import export, read
from .resources import Resolved, ResourceFailed
from .templates import in_order, parse
from .turns import Options, follow, start


@dataclass
class Update:
    """An update under way, and the way back."""

    template: str
    tags: dict[str, str] | None
    after: ResourceMap
    undo: list[Callable[[], None]] = field(default_factory=list)


@replaces(CloudFormationBackend, "update_stack")
def update_stack(
    _original: Any,
    self: CloudFormationBackend,
    name: str,
    template: str,
    role_arn: str | None,
    parameters: list[dict[str, Any]],
    tags: dict[str, str] | None,
) -> Stack:
    """Starts the update of a stack."""
    stack = self.get_stack(name)
    values = self._resolve_update_parameters(instance=stack, incoming_params=parameters)
    begin(self, stack, Update(template, tags, after(self, stack, template, values, tags)), Options.take())
    # They were made for the stack as it was.
    for change_set in stack.change_sets.values():
        change_set.execution_status = "OBSOLETE"
    return stack


def after(
    backend: CloudFormationBackend,
    stack: Stack,
    template: str,
    values: dict[str, str],
    tags: dict[str, str] | None,
) -> ResourceMap:
    """The stack's resources as another template has them. Nothing of them is made yet."""
    resource_map = ResourceMap(
        stack.stack_id,
        stack.name,
        values,
        tags or stack.tags,
        account_id=stack.account_id,
        region_name=stack.region_name,
        template=parse(template),
        cross_stack_resources=backend.exports,
    )
    resource_map.load()
    return resource_map


def begin(backend: CloudFormationBackend, stack: Stack, update: Update, asked: Options) -> None:
    """Starts an update."""
    start(stack, "UPDATE_IN_PROGRESS", asked, lambda: _update(backend, stack, update))


def _update(backend: CloudFormationBackend, stack: Stack, update: Update) -> None:
    before, after = stack.resource_map, update.after
    for name in stack.applied:
        if name in after._resource_json_map:
            after._parsed_resources[name] = before._parsed_resources[name]
    wanted = [name for name in in_order(after._template) if resources.is_wanted(after, name)]
    applied = dict(stack.applied)
    try:
        for name in wanted:
            _bring_about(stack, update, applied, name)
        outputs = OutputMap(after, after._template, stack.stack_id)
        read(stack, outputs)
    except ResourceFailed as failure:
        reason = f"The following resource(s) failed to update: [{failure.logical_id}]. "
        set_status(stack, "UPDATE_ROLLBACK_IN_PROGRESS", reason)
        follow(stack, lambda: _roll_back_update(stack, update, reason))
        return
    gone = [
        name for name in reversed(in_order(stack.template_dict)) if name in applied and name not in wanted
    ]
    for name in gone:
        after._parsed_resources.pop(name, None)
        definition = applied.pop(name)
        discard = resources.keep if definition.get("DeletionPolicy") == "Retain" else resources.delete
        discard(stack, before, name, definition)
    stack.template, stack.template_dict = update.template, after._template
    stack.description = after._template.get("Description")
    stack.resource_map, stack.applied = after, applied
    stack.parameters = after.input_parameters
    stack.tags = update.tags if update.tags is not None else stack.tags
    stack.output_map = outputs
    export(backend, stack)
    set_status(stack, "UPDATE_COMPLETE")


def _bring_about(stack: Stack, update: Update, applied: dict[str, Resolved], name: str) -> None:
    """Makes or changes one resource, and notes how that is undone."""
    after = update.after
    if name not in applied:
        definition = resources.make(stack, after, name)
        update.undo.append(lambda: resources.delete(stack, after, name, definition))
    else:
        old, definition = applied[name], resources.resolve(after, name)
        if definition == old:
            return
        resources.change(stack, after, name, definition)
        update.undo.append(lambda: resources.change(stack, after, name, old))
    applied[name] = definition


def _roll_back_update(stack: Stack, update: Update, reason: str) -> None:
    try:
        for step in reversed(update.undo):
            step()
    except ResourceFailed:
        set_status(stack, "UPDATE_ROLLBACK_FAILED", reason)
        return
    for name in stack.applied:
        kept = update.after._parsed_resources.get(name)
        if kept is not None:
            stack.resource_map._parsed_resources[name] = kept
    set_status(stack, "UPDATE_ROLLBACK_COMPLETE", reason)
