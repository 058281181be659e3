"""Change sets that take resources into a new stack which are there already.

Stock moto knows no import: it would make the resources again. A resource keeps its own values until an update gives
it another definition than it was imported with. Change sets of the other types are refused here.
"""

from dataclasses import dataclass
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import Stack
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.logs.models import logs_backends

from .. import cloudcontrol
from ..errors import CloudFormationError
from ..patch import replaces
from . import creation, requests, resources
from .checks import check
from .events import record, set_status
from .templates import in_order, parse
from .turns import Options, start
from .types.define import Place

Response = CloudFormationResponse


@dataclass
class ChangeSet:
    """An import that is asked for, and has happened or not."""

    name: str
    stack: Stack
    template: str
    parameters: dict[str, str]
    imports: dict[str, tuple[str, str]]
    """Type and primary identifier, by logical id."""
    status: str = "CREATE_COMPLETE"
    reason: str | None = None
    execution_status: str = "AVAILABLE"

    @property
    def id(self) -> str:
        """Its ARN."""
        return f"{self.stack.stack_id.replace(':stack/', ':changeSet/')}/{self.name}"


def _kept(response: Response) -> dict[tuple[str, str], ChangeSet]:
    return response.cloudformation_backend.__dict__.setdefault("launcher_change_sets", {})


def _asked_for(response: Response) -> ChangeSet:
    stack, name = response._get_param("StackName"), response._get_param("ChangeSetName")
    for change_set in _kept(response).values():
        if change_set.name == name and stack in (change_set.stack.name, change_set.stack.stack_id):
            return change_set
    raise CloudFormationError("ChangeSetNotFound", f"ChangeSet [{name}] does not exist")


@replaces(Response, "create_change_set")
def create_change_set(_original: Any, self: Response) -> ActionResult:
    """Makes the stack's shell, and finds out whether everything is there that is to be imported."""
    stack_name, name = self._get_param("StackName"), self._get_param("ChangeSetName")
    if self._get_param("ChangeSetType") != "IMPORT":
        raise ValidationError(message="the emulator has change sets of type IMPORT only")
    if (stack_name, name) in _kept(self):
        raise CloudFormationError("AlreadyExistsException", f"ChangeSet {name} already exists")
    text, parameters = requests._template(self), requests._parameters(self, {})
    check(parse(text), requests._capabilities(self), parameters)
    imports = _imports(parse(text), self._get_param("ResourcesToImport", []) or [])
    shell = _new_shell(self, stack_name, text, parameters)
    change_set = ChangeSet(name, shell, text, parameters, imports)
    if missing := [one for one in imports.values() if not _is_there(shell, *one)]:
        reasons = [f"{kind} with identifier {identifier} does not exist" for kind, identifier in missing]
        change_set.status, change_set.execution_status = "FAILED", "UNAVAILABLE"
        change_set.reason = "; ".join(reasons)
    _kept(self)[stack_name, name] = change_set
    return ActionResult({"Id": change_set.id, "StackId": shell.stack_id})


@replaces(Response, "describe_change_set")
def describe_change_set(_original: Any, self: Response) -> ActionResult:
    """How it stands, and what it does."""
    change_set = _asked_for(self)
    changes = [
        {"Action": "Import", "LogicalResourceId": name, "ResourceType": kind, "PhysicalResourceId": identifier}
        for name, (kind, identifier) in change_set.imports.items()
    ]
    return ActionResult(
        {
            "ChangeSetName": change_set.name,
            "ChangeSetId": change_set.id,
            "StackId": change_set.stack.stack_id,
            "StackName": change_set.stack.name,
            "Status": change_set.status,
            "StatusReason": change_set.reason,
            "ExecutionStatus": change_set.execution_status,
            # moto puts both into the shape of the answer.
            "Parameters": change_set.parameters,
            "Changes": changes,
        }
    )


@replaces(Response, "delete_change_set")
def delete_change_set(_original: Any, self: Response) -> EmptyResult:
    """Leaves the shell of the stack."""
    change_set = _asked_for(self)
    del _kept(self)[change_set.stack.name, change_set.name]
    return EmptyResult()


@replaces(Response, "execute_change_set")
def execute_change_set(_original: Any, self: Response) -> EmptyResult:
    """Starts the import, once."""
    change_set = _asked_for(self)
    if change_set.execution_status != "AVAILABLE":
        raise CloudFormationError(
            "InvalidChangeSetStatus",
            f"ChangeSet [{change_set.id}] cannot be executed in its current status of "
            f"[{change_set.execution_status}]",
        )
    change_set.execution_status = "EXECUTE_COMPLETE"
    stack = change_set.stack
    asked = Options(token=self._get_param("ClientRequestToken"))
    start(stack, "IMPORT_IN_PROGRESS", asked, lambda: _import(stack, change_set.imports))
    return EmptyResult()


def _imports(template: dict[str, Any], wanted: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
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


def _new_shell(response: Response, name: str, template: str, parameters: dict[str, str]) -> Stack:
    """A stack with nothing in it: a new one, or one that has never been more, with another template."""
    backend, stack_id = response.cloudformation_backend, None
    for known in list(backend.stacks.values()):
        if known.name == name and known.status != "REVIEW_IN_PROGRESS":
            raise ValidationError(message="the emulator imports into new stacks only")
        if known.name == name:
            stack_id = known.stack_id
    shell = creation.new_stack(backend, name, template, parameters, stack_id)
    set_status(shell, "REVIEW_IN_PROGRESS", "User Initiated")
    return shell


def _is_there(stack: Stack, kind: str, identifier: str) -> bool:
    return identifier in cloudcontrol.find(kind, stack.account_id, stack.region_name)


def _import(stack: Stack, imports: dict[str, tuple[str, str]]) -> None:
    for name in in_order(stack.template_dict):
        kind, identifier = imports[name]
        record(stack, name, kind, "IMPORT_IN_PROGRESS", physical_id=identifier)
        definition = resources.resolve(stack.resource_map, name)
        resource = _resource(stack, kind, identifier, definition["Properties"])
        resource.cf_resource_type, resource.logical_resource_id = kind, name
        stack.resource_map._parsed_resources[name] = resource
        stack.applied[name] = definition  # type: ignore[attr-defined]
        record(stack, name, kind, "IMPORT_COMPLETE", physical_id=identifier)
    set_status(stack, "IMPORT_COMPLETE")


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
