"""What CloudFormation finds in a change set before anything is deployed, and tells in its events only."""

from dataclasses import dataclass
from typing import Any

from moto.cloudformation.models import Stack
from moto.cloudformation.parsing import ResourceMap

from . import resources, schemas
from .changes import Change
from .imports import in_the_way

REASON = "Validation failure detected. Call DescribeEvents with this change set for the causes."


@dataclass
class Finding:
    """Why a change set fails."""

    validation: str
    """`PROPERTY_VALIDATION` or `NAME_CONFLICT_VALIDATION`."""
    logical_id: str
    kind: str
    path: str
    reason: str

    def as_event(self, stack: Stack) -> dict[str, Any]:
        """As DescribeEvents tells it."""
        return {
            "EventType": "VALIDATION_ERROR",
            "StackId": stack.stack_id,
            "LogicalResourceId": self.logical_id,
            "ResourceType": self.kind,
            "ValidationName": self.validation,
            "ValidationFailureMode": "FAIL",
            "ValidationStatus": "FAILED",
            "ValidationStatusReason": self.reason,
            "ValidationPath": self.path,
        }


def validate(stack: Stack, after: ResourceMap, changes: list[Change]) -> list[Finding]:
    """Properties that a type does not have, and names that something else has already."""
    found = []
    for change in changes:
        if change["Action"] == "Remove":
            continue
        name, kind = change["LogicalResourceId"], change["ResourceType"]
        schema = schemas.schema(kind, stack.region_name)
        properties = resources.resolve(after, name)["Properties"]
        place = f"/Resources/{name}/Properties"
        if schema.get("additionalProperties") is False:
            for key in sorted(set(properties) - set(schema["properties"])):
                reason = f"#: extraneous key [{key}] is not permitted"
                found.append(Finding("PROPERTY_VALIDATION", name, kind, f"{place}/{key}", reason))
        if change["Action"] == "Add" and (taken := in_the_way(stack, after, change)):
            key, value = taken
            reason = f"Resource of type '{kind}' with identifier '{value}' already exists."
            found.append(Finding("NAME_CONFLICT_VALIDATION", name, kind, f"{place}/{key}", reason))
    return found
