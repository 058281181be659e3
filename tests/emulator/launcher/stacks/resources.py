"""One resource of a stack: made, changed, deleted. moto does it; here it is watched."""

import copy
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.models import Stack
from moto.cloudformation.parsing import ResourceMap

from ..errors import reason
from ..patch import replaces
from .events import record

Resolved = dict[str, Any]
"""A resource's definition with values for all references and functions."""


@replaces(parsing, "clean_json")
def clean_json(original: Any, value: Any, resources: ResourceMap) -> Any:
    """Drops `AWS::NoValue` from lists too; moto leaves a hole, which a policy's statements cannot have."""
    resolved = original(value, resources)
    return [item for item in resolved if item is not None] if isinstance(value, list) else resolved


class ResourceFailed(Exception):
    """A resource could not be made, changed or deleted; its event says why."""

    def __init__(self, logical_id: str) -> None:
        super().__init__(logical_id)
        self.logical_id = logical_id


def is_wanted(resources: ResourceMap, name: str) -> bool:
    """Whether the resource's condition holds."""
    condition = resources._resource_json_map[name].get("Condition")
    return not condition or bool(resources.lazy_condition_map[condition])


def resolve(resources: ResourceMap, name: str) -> Resolved:
    """The resource with every reference and function replaced by its value."""
    definition = copy.deepcopy(resources._resource_json_map[name])
    definition.setdefault("Properties", {})
    return copy.deepcopy(parsing.clean_json(definition, resources))


def make(stack: Stack, resources: ResourceMap, name: str) -> Resolved:
    """Makes a resource, and answers what it was made from."""
    kind = resources._resource_json_map[name]["Type"]
    record(stack, name, kind, "CREATE_IN_PROGRESS")
    try:
        made = resources[name]
        definition = resolve(resources, name)
    except Exception as error:
        record(stack, name, kind, "CREATE_FAILED", reason(error))
        raise ResourceFailed(name) from error
    record(stack, name, kind, "CREATE_COMPLETE", physical_id=_physical_id(made))
    return definition


def change(stack: Stack, resources: ResourceMap, name: str, definition: Resolved) -> None:
    """Changes a resource to another definition, in place or by a new one."""
    kind = definition["Type"]
    old = resources._parsed_resources[name]
    record(stack, name, kind, "UPDATE_IN_PROGRESS", physical_id=_physical_id(old))
    model = parsing.resource_class_from_type(kind)
    try:
        if model is None or hasattr(model.update_from_cloudformation_json, "__isabstractmethod__"):
            raise NotImplementedError(f"the emulator cannot update a resource of type {kind}")
        new = model.update_from_cloudformation_json(
            original_resource=old,
            new_resource_name=_name(stack, resources, name, definition),
            cloudformation_json=copy.deepcopy(definition),
            account_id=stack.account_id,
            region_name=stack.region_name,
        )
    except Exception as error:
        record(stack, name, kind, "UPDATE_FAILED", reason(error), _physical_id(old))
        raise ResourceFailed(name) from error
    # Some of moto's models answer None when they found nothing to change.
    new = new or old
    new.cf_resource_type, new.logical_resource_id = kind, name
    resources._parsed_resources[name] = new
    record(stack, name, kind, "UPDATE_COMPLETE", physical_id=_physical_id(new))


def delete(stack: Stack, resources: ResourceMap, name: str, definition: Resolved) -> None:
    """Deletes a resource."""
    kind = definition["Type"]
    resource = resources._parsed_resources[name]
    record(stack, name, kind, "DELETE_IN_PROGRESS", physical_id=_physical_id(resource))
    try:
        resources._delete_resource(resource, definition)
    except Exception as error:
        record(stack, name, kind, "DELETE_FAILED", reason(error), _physical_id(resource))
        raise ResourceFailed(name) from error
    del resources._parsed_resources[name]
    record(stack, name, kind, "DELETE_COMPLETE", physical_id=_physical_id(resource))


def keep(stack: Stack, resources: ResourceMap, name: str, definition: Resolved) -> None:
    """Lets go of a resource without deleting it."""
    resource = resources._parsed_resources.pop(name)
    record(stack, name, definition["Type"], "DELETE_SKIPPED", physical_id=_physical_id(resource))


def _physical_id(resource: Any) -> str:
    return getattr(resource, "physical_resource_id", None) or ""


def _name(stack: Stack, resources: ResourceMap, name: str, definition: Resolved) -> str:
    """The name that the template gives, or the one that the resource has."""
    given = parsing.resource_name_property_from_type(definition["Type"])
    if given and given in definition["Properties"]:
        return definition["Properties"][given]
    return _physical_id(resources._parsed_resources[name]) or f"{stack.name}-{name}"
