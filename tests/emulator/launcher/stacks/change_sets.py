"""Change sets: what a stack would become, told before anybody decides.

Stock moto compares templates and not what they come to, tells neither replacements nor values, makes a change set while
it answers, and takes a change set of one stack for that of another.
"""

import re
from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult, EmptyResult

from ..errors import CloudFormationError
from ..patch import adds, replaces
from . import creation, imports, requests, updates
from .change_set import WORK, ChangeSet
from .changes import Change
from .checks import check
from .events import set_status
from .imports import Imports
from .templates import parse
from .turns import Options, start

Response = CloudFormationResponse


@replaces(Response, "create_change_set")
def create_change_set(_original: Any, self: Response) -> ActionResult:
    """Takes the wish, and makes the shell of a stack that is not there. Whether it will work is found out later."""
    name, kind = self._get_param("ChangeSetName"), self._get_param("ChangeSetType") or "UPDATE"
    token = self._get_param("ClientToken")
    if not re.fullmatch(r"[a-zA-Z][-a-zA-Z0-9]{0,127}", name):
        raise ValidationError(message=f"Value '{name}' at 'changeSetName' failed to satisfy constraint")
    takes_existing = self._get_bool_param("ImportExistingResources", False)
    if takes_existing and kind != "CREATE":
        raise ValidationError(message="the emulator imports into new stacks only")
    stack = _stack(self, kind)
    known = stack.change_sets.get(name) if stack else None
    if known and known.token != token:
        raise CloudFormationError("AlreadyExistsException", f"ChangeSet {name} already exists")
    if not known:
        template = requests.read_template(self)
        parameters = requests.read_parameters(self, stack.parameters if stack else {})
        check(parse(template), requests.read_capabilities(self), parameters)
        imported = _imports(self, template) if kind == "IMPORT" else {}
        stack = stack or _shell(self)
        tags = requests.read_tags(self)
        known = ChangeSet(name, kind, stack, template, parameters, tags, token, imported, takes_existing)
        stack.change_sets[name] = known
        WORK.begin(known)
    return ActionResult({"Id": known.id, "StackId": known.stack.stack_id})


@replaces(Response, "describe_change_set")
def describe_change_set(_original: Any, self: Response) -> ActionResult:
    """How it stands, and what it does; the values only if they are asked for."""
    change_set = _asked_for(self)
    told = change_set.changes
    if not self._get_bool_param("IncludePropertyValues", False):
        told = [_without_values(change) for change in told]
    # moto puts both into the shape of the answer.
    more = {"Parameters": change_set.parameters, "Changes": told}
    return ActionResult({**change_set.summary(), **more})


@replaces(Response, "list_change_sets")
def list_change_sets(_original: Any, self: Response) -> ActionResult:
    """Those of one stack."""
    stack = self.cloudformation_backend.get_stack(self._get_param("StackName"))
    return ActionResult({"Summaries": [change_set.summary() for change_set in stack.change_sets.values()]})


@adds(Response)
def describe_events(self: Response) -> ActionResult:
    """Of a change set only, and of these only what its validation found."""
    change_set = _asked_for(self)
    return ActionResult({"OperationEvents": [one.as_event(change_set.stack) for one in change_set.findings]})


@replaces(Response, "delete_change_set")
def delete_change_set(_original: Any, self: Response) -> EmptyResult:
    """Leaves the shell of the stack. One that is being made cannot be deleted."""
    change_set = _asked_for(self)
    if change_set.status == "CREATE_PENDING":
        raise _unfit(change_set, "deleted", change_set.status)
    del change_set.stack.change_sets[change_set.name]
    return EmptyResult()


@replaces(Response, "execute_change_set")
def execute_change_set(_original: Any, self: Response) -> EmptyResult:
    """Starts the change, once. All other change sets of the stack go."""
    change_set = _asked_for(self)
    if change_set.execution_status != "AVAILABLE":
        raise _unfit(change_set, "executed", change_set.execution_status)
    asked = Options(
        token=self._get_param("ClientRequestToken"),
        on_failure="DO_NOTHING" if self._get_bool_param("DisableRollback", False) else "ROLLBACK",
        retain_except_on_create=self._get_bool_param("RetainExceptOnCreate", False),
    )
    backend, stack = self.cloudformation_backend, change_set.stack
    if change_set.kind == "UPDATE":
        after = updates.after(backend, stack, change_set.template, change_set.parameters, change_set.tags)
        updates.begin(backend, stack, updates.Update(change_set.template, change_set.tags, after), asked)
    else:
        _fill_shell(backend, change_set, asked)
    change_set.execution_status = "EXECUTE_COMPLETE"
    change_set.stack.change_sets = {change_set.name: change_set}
    return EmptyResult()


def _stack(response: Response, kind: str) -> Stack | None:
    """The stack that is to be changed, or the shell of the one that is to be made; None if there is none yet."""
    name = response._get_param("StackName")
    there = [one for one in response.cloudformation_backend.stacks.values() if name in (one.name, one.stack_id)]
    stack = there[0] if there else None
    is_shell = stack is None or stack.status == "REVIEW_IN_PROGRESS"
    if kind == "UPDATE" and is_shell:
        raise ValidationError(message=f"Stack [{name}] does not exist")
    if kind == "UPDATE":
        requests.check_updatable(stack)
    elif kind == "IMPORT" and not is_shell:
        raise ValidationError(message="the emulator imports into new stacks only")
    elif not is_shell:
        raise ValidationError(message=f"Stack [{name}] already exists and cannot be created again with a changeSet.")
    return stack


def _imports(response: Response, template: str) -> Imports:
    return imports.read(parse(template), response._get_param("ResourcesToImport", []) or [])


def _shell(response: Response) -> Stack:
    """A stack with nothing in it, not even a template."""
    shell = creation.new_stack(response.cloudformation_backend, response._get_param("StackName"), {}, {})
    set_status(shell, "REVIEW_IN_PROGRESS", "User Initiated")
    return shell


def _fill_shell(backend: CloudFormationBackend, change_set: ChangeSet, asked: Options) -> None:
    """Has a stack made in the place of its shell."""
    shell = change_set.stack
    stack = creation.new_stack(
        backend,
        shell.name,
        change_set.template,
        change_set.parameters,
        shell.stack_id,
        tags=change_set.tags,
        enable_termination_protection=shell.enable_termination_protection,
    )
    stack.events, change_set.stack = shell.events, stack
    if change_set.kind == "IMPORT":
        start(stack, "IMPORT_IN_PROGRESS", asked, lambda: imports.carry_out(stack, change_set.imports))
    else:
        creation.begin(backend, stack, asked, change_set.imports)


def _asked_for(response: Response) -> ChangeSet:
    stack, name = response._get_param("StackName"), response._get_param("ChangeSetName")
    found = response.cloudformation_backend.get_stack(stack).change_sets.get(name)
    if not found:
        raise CloudFormationError("ChangeSetNotFound", f"ChangeSet [{name}] does not exist")
    return found


def _unfit(change_set: ChangeSet, verb: str, status: str) -> CloudFormationError:
    message = f"ChangeSet [{change_set.id}] cannot be {verb} in its current status of [{status}]"
    return CloudFormationError("InvalidChangeSetStatus", message)


def _without_values(change: Change) -> Change:
    if not change.get("Details"):
        return change
    hidden = ("Path", "BeforeValue", "AfterValue")
    details = [
        {**detail, "Target": {name: value for name, value in detail["Target"].items() if name not in hidden}}
        for detail in change["Details"]
    ]
    return {**change, "Details": details}
