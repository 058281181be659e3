"""Taking resources into a new stack which are there already: by their identifiers, or found by their names.

Stock moto knows no import: it would make the resources again. A resource keeps its own values until an update gives
it another definition than it was imported with.
"""

from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import Stack
from moto.cloudformation.parsing import ResourceMap
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.logs.models import logs_backends

from .. import cloudcontrol
from . import resources, schemas
from .changes import LATER, Change
from .events import record, set_status
from .resources import Resolved
from .templates import Template, in_order
from .types.define import Place

Imports = dict[str, tuple[str, str]]
"""Type and primary identifier, by logical id."""


def read(template: Template, wanted: list[dict[str, Any]]) -> Imports:
    """What is to be imported, as AWS wants it for a new stack: all of its resources, and such as outlive it."""
    imports = {
        one["LogicalResourceId"]: (one["ResourceType"], "|".join(one["ResourceIdentifier"].values()))
        for one in wanted
    }
    definitions = template["Resources"]
    if missing := sorted(set(definitions) - set(imports)):
        raise ValidationError(message=f"Resources {missing} is missing from ResourceToImport list")
    if mortal := sorted(name for name in imports if "DeletionPolicy" not in definitions.get(name, {})):
        raise ValidationError(
            message=f"Following resources to import {mortal} must have DeletionPolicy attribute specified in the "
            "template."
        )
    return imports


def missing(stack: Stack, imports: Imports) -> str | None:
    """Why the import would fail; None if everything is there."""
    account, region = stack.account_id, stack.region_name
    gone = [one for one in imports.values() if one[1] not in cloudcontrol.find(one[0], account, region)]
    return "; ".join(f"{kind} with identifier {name} does not exist" for kind, name in gone) or None


def change(name: str, kind: str, identifier: str) -> Change:
    """As a change set tells it."""
    return {"Action": "Import", "LogicalResourceId": name, "ResourceType": kind, "PhysicalResourceId": identifier}


def in_the_way(stack: Stack, after: ResourceMap, added: Change) -> tuple[str, str] | None:
    """The property that names a resource, and its value, if there is another one of that name already."""
    name, kind = added["LogicalResourceId"], added["ResourceType"]
    identifier = schemas.schema(kind, stack.region_name).get("primaryIdentifier", [])
    key = "".join(identifier).removeprefix("/properties/")
    value = resources.resolve(after, name)["Properties"].get(key)
    if value is None or LATER in value:
        return None
    try:
        taken = value in cloudcontrol.find(kind, stack.account_id, stack.region_name)
    except cloudcontrol.Refused:
        # A type that nobody can look for here.
        return None
    return (key, value) if taken else None


def by_name(stack: Stack, after: ResourceMap, found: list[Change]) -> Imports:
    """What `ImportExistingResources` finds: it works no name out, and takes only what outlives its stack."""
    imports = {}
    for added in found:
        taken = in_the_way(stack, after, added) if added["Action"] == "Add" else None
        definition = after._resource_json_map[added["LogicalResourceId"]]
        if taken and "DeletionPolicy" in definition and definition["Properties"][taken[0]] == taken[1]:
            imports[added["LogicalResourceId"]] = (added["ResourceType"], taken[1])
    return imports


def carry_out(stack: Stack, imports: Imports) -> None:
    """Makes the resources the stack's."""
    for name in in_order(stack.template_dict):
        stack.applied[name] = take_over(stack, name, *imports[name])
    set_status(stack, "IMPORT_COMPLETE")


def take_over(stack: Stack, name: str, kind: str, identifier: str) -> Resolved:
    """Makes one resource the stack's, and answers the definition that it is taken to have."""
    record(stack, name, kind, "IMPORT_IN_PROGRESS", physical_id=identifier)
    definition = resources.resolve(stack.resource_map, name)
    resource = _resource(stack, kind, identifier, definition["Properties"])
    resource.cf_resource_type, resource.logical_resource_id = kind, name
    stack.resource_map._parsed_resources[name] = resource
    record(stack, name, kind, "IMPORT_COMPLETE", physical_id=identifier)
    return definition


def _resource(stack: Stack, kind: str, identifier: str, properties: dict[str, Any]) -> Any:
    """The resource itself, as moto's CloudFormation handles it."""
    account, region = stack.account_id, stack.region_name
    if kind == "AWS::KMS::Key":
        return kms_backends[account][region].keys[identifier]
    if kind == "AWS::KMS::Alias":
        keys = kms_backends[account][region].keys.values()
        return next(key.aliases[identifier] for key in keys if identifier in key.aliases)
    if kind == "AWS::IAM::Role":
        return iam_backends[account]["aws"].get_role(identifier)
    if kind == "AWS::Logs::LogGroup":
        return logs_backends[account][region].groups[identifier]
    # All others are this launcher's types.
    return parsing.resource_class_from_type(kind)(Place(account, region), identifier, properties)
