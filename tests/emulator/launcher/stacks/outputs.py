"""A stack's outputs: not before there are any, and exported if they ask for it."""

from typing import Any

from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.cloudformation.parsing import OutputMap

from ..errors import reason
from .events import record
from .resources import ResourceFailed


def read(stack: Stack, outputs: OutputMap) -> None:
    """Fails the operation if an output has no value."""
    try:
        for _ in outputs.values():
            pass
    except Exception as error:
        record(stack, stack.name, "AWS::CloudFormation::Stack", "CREATE_FAILED", reason(error))
        raise ResourceFailed(stack.name) from error


def export(backend: CloudFormationBackend, stack: Stack) -> None:
    """Makes exported outputs known to other stacks."""
    for export in stack.exports:
        backend.exports[export.name] = export


def _visible_outputs(stack: Stack) -> Any:
    """No outputs before there are any: moto would make the resources that they refer to."""
    never_finished = stack.status.startswith(
        ("CREATE_IN", "CREATE_FAILED", "ROLLBACK_", "REVIEW_", "IMPORT_IN", "DELETE_")
    )
    return None if never_finished else _outputs.fget(stack)  # type: ignore[misc]


_outputs = Stack.outputs
Stack.outputs = property(_visible_outputs)  # type: ignore[method-assign,assignment]
