"""The operations of CloudFormation's API, as far as moto lacks them or is too kind."""

from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.cloudformation.responses import CloudFormationResponse, StackResourceDTO
from moto.core.responses import ActionResult

from ..errors import CloudFormationError
from ..patch import adds, replaces
from .checks import check, check_body
from .templates import meaning, parse
from .turns import Options

Response = CloudFormationResponse


@replaces(Response, "create_stack")
def create_stack(original: Any, self: Response) -> ActionResult:
    """Checks, then starts; the same token again answers the same stack."""
    name, token = self._get_param("StackName"), self._get_param("ClientRequestToken")
    if done := _done_before(self, "CreateStack", name, token):
        return ActionResult({"StackId": done})
    check(parse(read_template(self)), read_capabilities(self), read_parameters(self, {}))
    on_failure = self._get_param("OnFailure") or "ROLLBACK"
    Options(
        token=token,
        on_failure="DO_NOTHING" if self._get_bool_param("DisableRollback", False) else on_failure,
        retain_except_on_create=self._get_bool_param("RetainExceptOnCreate", False),
    ).ask()
    answer = original(self)
    _remember(self, "CreateStack", name, token)
    return answer


@replaces(Response, "update_stack")
def update_stack(original: Any, self: Response) -> ActionResult:
    """Refuses a stack that is busy or stuck, and an update that changes nothing."""
    name, token = self._get_param("StackName"), self._get_param("ClientRequestToken")
    stack = self.cloudformation_backend.get_stack(name)
    if done := _done_before(self, "UpdateStack", name, token):
        return ActionResult({"StackId": done})
    check_updatable(stack)
    previous = self._get_bool_param("UsePreviousTemplate", False)
    template = parse(stack.template if previous else read_template(self))
    given = read_parameters(self, stack.parameters)
    check(template, read_capabilities(self), given)
    if is_same(stack, template, given, read_tags(self)):
        raise ValidationError(message="No updates are to be performed.")
    Options(token=token).ask()
    answer = original(self)
    _remember(self, "UpdateStack", name, token)
    return answer


@replaces(Response, "_validate_different_update")
def validate_different_update(_original: Any, self: Response, *_: Any) -> None:
    """Done above, and whether or not parameters are given."""


@replaces(Response, "delete_stack")
def delete_stack(original: Any, self: Response) -> Any:
    """Refuses a stack that is protected."""
    name = self._get_param("StackName")
    for stack in self.cloudformation_backend.stacks.values():
        if name in (stack.name, stack.stack_id) and stack.enable_termination_protection:
            raise ValidationError(
                message=f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
            )
    Options(
        token=self._get_param("ClientRequestToken"), retained=self._get_param("RetainResources", []) or []
    ).ask()
    return original(self)


@replaces(Response, "describe_stack_resources")
def describe_stack_resources(original: Any, self: Response) -> ActionResult:
    """By a physical id too: all resources of the stack that has it."""
    wanted = self._get_param("PhysicalResourceId")
    if not wanted:
        return original(self)
    for stack in self.cloudformation_backend.stacks.values():
        # Not moto's own list of them, which makes what is not made yet.
        made = stack.resource_map._parsed_resources.values()
        if any(getattr(resource, "physical_resource_id", None) == wanted for resource in made):
            return ActionResult({"StackResources": [StackResourceDTO(stack, resource) for resource in made]})
    raise ValidationError(message=f"Stack for {wanted} does not exist")


@adds(Response)
def update_termination_protection(self: Response) -> ActionResult:
    """Turns termination protection on or off."""
    stack = self.cloudformation_backend.get_stack(self._get_param("StackName"))
    stack.enable_termination_protection = self._get_bool_param("EnableTerminationProtection", False)
    return ActionResult({"StackId": stack.stack_id})


@replaces(CloudFormationBackend, "validate_template")
def validate_template(_original: Any, _self: CloudFormationBackend, text: str) -> list[Any]:
    """Reads the template; moto runs cfn-lint, which takes seconds and takes warnings for errors."""
    parse(text)
    return []


def _parameter_list(stack: Stack) -> list[dict[str, str]]:
    """A stack's parameters as text, the secret ones masked."""
    declared = stack.resource_map._template.get("Parameters") or {}
    listed = []
    for key, value in stack.resource_map.resolved_parameters.items():
        text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
        secret = str(declared.get(key, {}).get("NoEcho", False)).lower() == "true"
        listed.append({"ParameterKey": key, "ParameterValue": "****" if secret else text})
    return listed


Stack.parameter_list = property(_parameter_list)  # type: ignore[method-assign,assignment]


def check_updatable(stack: Stack) -> None:
    """Refuses a stack that is busy or stuck."""
    stuck = {
        "CREATE_FAILED",
        "DELETE_FAILED",
        "ROLLBACK_COMPLETE",
        "ROLLBACK_FAILED",
        "UPDATE_ROLLBACK_FAILED",
    }
    if stack.status in stuck or stack.status.endswith("IN_PROGRESS"):
        raise ValidationError(
            message=f"Stack:{stack.stack_id} is in {stack.status} state and can not be updated."
        )


def read_template(response: Response) -> str:
    """The template that a request brings, or the one that it points to."""
    url, body = response._get_param("TemplateURL"), response._get_param("TemplateBody")
    check_body(body)
    if not url and not body:
        raise ValidationError(message="Either Template URL or Template Body must be specified.")
    return response._get_stack_from_s3_url(url) if url else body


def read_capabilities(response: Response) -> list[str]:
    """What a request acknowledges."""
    return response._get_param("Capabilities", []) or []


def read_tags(response: Response) -> dict[str, str] | None:
    """The tags that a request gives; None if it leaves them as they are."""
    return {tag["Key"]: tag["Value"] for tag in response._get_param("Tags", []) or []} or None


def read_parameters(response: Response, previous: dict[str, str]) -> dict[str, str]:
    """The values that a request gives, or leaves as they are."""
    values = {}
    for parameter in response._get_param("Parameters", []) or []:
        key = parameter["ParameterKey"]
        values[key] = (
            previous[key] if parameter.get("UsePreviousValue") else parameter.get("ParameterValue", "")
        )
    return values


def is_same(
    stack: Stack, template: dict[str, Any], given: dict[str, str], tags: dict[str, str] | None
) -> bool:
    """Whether nothing would be updated."""

    def text(value: Any) -> str:
        return ",".join(map(str, value)) if isinstance(value, list) else str(value)

    declared = template.get("Parameters") or {}
    wanted = {key: text(given.get(key, slot.get("Default"))) for key, slot in declared.items()}
    has = {key: text(value) for key, value in stack.resource_map.resolved_parameters.items()}
    if tags is not None and tags != stack.tags:
        return False
    return wanted == has and meaning(template) == meaning(stack.template_dict)


def _tokens(response: Response) -> dict[str, tuple[str, str, str]]:
    return response.cloudformation_backend.__dict__.setdefault("launcher_tokens", {})


def _remember(response: Response, operation: str, name: str, token: str | None) -> None:
    if token:
        stack = response.cloudformation_backend.get_stack(name)
        _tokens(response)[token] = (operation, name, stack.stack_id)


def _done_before(response: Response, operation: str, name: str, token: str | None) -> str | None:
    """The stack that this very request was already made for. The token for something else is refused."""
    known = _tokens(response).get(token or "")
    if not known:
        return None
    if known[:2] != (operation, name) or known[2] not in response.cloudformation_backend.stacks:
        raise CloudFormationError(
            "TokenAlreadyExistsException", f"A client request token already exists: {token}"
        )
    return known[2]
