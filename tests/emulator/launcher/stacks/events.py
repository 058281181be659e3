"""Stack events: every state of the stack and of each resource, with reasons and the operation's token."""

from typing import Any

from moto.cloudformation.models import Event, Stack

from ..patch import replaces


def set_status(stack: Stack, status: str, reason: str | None = None) -> None:
    """The stack goes on to a state."""
    stack.status = status
    stack.stack_status_reason = reason  # type: ignore[attr-defined]
    record(stack, stack.name, "AWS::CloudFormation::Stack", status, reason, stack.stack_id)


def record(
    stack: Stack,
    logical_id: str,
    type_name: str,
    status: str,
    reason: str | None = None,
    physical_id: str = "",
) -> None:
    """Something of the stack goes on to a state."""
    event = Event(
        stack_id=stack.stack_id,
        stack_name=stack.name,
        logical_resource_id=logical_id,
        physical_resource_id=physical_id,
        resource_type=type_name,
        resource_status=status,
        resource_status_reason=reason,
        resource_properties=None,
    )
    event.client_request_token = getattr(stack, "token", None)
    stack.events.append(event)


@replaces(Stack, "_add_stack_event")
def add_stack_event(
    _original: Any, self: Stack, resource_status: str, resource_status_reason: str | None = None, **_: Any
) -> None:
    """moto's own events, with the operation's token."""
    record(
        self,
        self.name,
        "AWS::CloudFormation::Stack",
        resource_status,
        resource_status_reason,
        self.stack_id,
    )
