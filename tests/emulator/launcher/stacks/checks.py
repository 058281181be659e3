"""What CloudFormation refuses before it starts anything."""

import re
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.exceptions import ValidationError

from ..errors import CloudFormationError
from .templates import Template, in_order, references

MAX_BODY = 51_200
MAX_RESOURCES = 500

# Made by CloudFormation itself; moto passes over them.
_BUILT_IN = {
    "AWS::CloudFormation::WaitCondition",
    "AWS::CloudFormation::WaitConditionHandle",
    "AWS::CloudFormation::CustomResource",
}
_IAM = {"AccessKey", "Group", "InstanceProfile", "ManagedPolicy", "Policy", "Role", "User"}
_IAM_NAMES = {"GroupName", "InstanceProfileName", "ManagedPolicyName", "RoleName", "UserName"}


def check(template: Template, capabilities: list[str], parameters: dict[str, str]) -> None:
    """Refuses a template, or values for its parameters, as CreateStack and UpdateStack do."""
    resources = template["Resources"]
    if len(resources) > MAX_RESOURCES:
        raise _refusal(f"Template format error: Number of resources, {len(resources)}, is greater than 500")
    _check_types(resources)
    _check_references(template)
    _check_capabilities(resources, capabilities)
    _check_parameters(template.get("Parameters") or {}, parameters)
    in_order(template)


def check_body(body: str | None) -> None:
    """Refuses a template that is too big to be sent."""
    if body and len(body.encode()) > MAX_BODY:
        raise _refusal(
            "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: "
            f"Member must have length less than or equal to {MAX_BODY}"
        )


def _refusal(message: str) -> ValidationError:
    return ValidationError(message=message)


def _check_types(resources: dict[str, Any]) -> None:
    known = parsing.get_model_map()
    types = {resource.get("Type", "") for resource in resources.values()}
    unknown = sorted(
        name
        for name in types
        if name not in known and name not in _BUILT_IN and not name.startswith("Custom::")
    )
    if unknown:
        raise _refusal(f"Template format error: Unrecognized resource types: [{', '.join(unknown)}]")


def _check_references(template: Template) -> None:
    known = {*template["Resources"], *(template.get("Parameters") or {})}
    asked = references(template["Resources"])
    # The variables of a Fn::Sub's own mapping are known to it alone.
    missing = sorted(
        name
        for name in asked
        if name not in known and not name.startswith("AWS::") and name not in _locals(template)
    )
    if missing:
        raise _refusal(
            f"Template format error: Unresolved resource dependencies [{', '.join(missing)}] in the Resources "
            "block of the template"
        )


def _locals(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_locals, value))
    if not isinstance(value, dict):
        return set()
    own = set()
    for key, inner in value.items():
        if key == "Fn::Sub" and isinstance(inner, list):
            own |= set(inner[1])
        own |= _locals(inner)
    return own


def _check_capabilities(resources: dict[str, Any], given: list[str]) -> None:
    iam = [r for r in resources.values() if r["Type"] in {f"AWS::IAM::{kind}" for kind in _IAM}]
    named = any(
        _IAM_NAMES & set(r.get("Properties") or {}) for r in iam if r["Type"] != "AWS::IAM::AccessKey"
    )
    needed = "CAPABILITY_NAMED_IAM" if named else "CAPABILITY_IAM"
    if iam and needed not in given and "CAPABILITY_NAMED_IAM" not in given:
        raise CloudFormationError("InsufficientCapabilitiesException", f"Requires capabilities : [{needed}]")


def _check_parameters(declared: dict[str, Any], given: dict[str, str]) -> None:
    unknown = sorted(set(given) - set(declared))
    if unknown:
        raise _refusal(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    missing = sorted(name for name, slot in declared.items() if "Default" not in slot and name not in given)
    if missing:
        raise _refusal(f"Parameters: [{', '.join(missing)}] must have values")
    for name, slot in declared.items():
        value = str(given.get(name, slot.get("Default")))
        allowed = slot.get("AllowedValues")
        if allowed and value not in map(str, allowed):
            raise _refusal(f"Parameter '{name}' must be one of AllowedValues")
        pattern = slot.get("AllowedPattern")
        if pattern and not re.fullmatch(pattern, value):
            rule = slot.get(
                "ConstraintDescription", f"Member must satisfy regular expression pattern: {pattern}"
            )
            raise _refusal(f"Parameter {name} failed to satisfy constraint: {rule}")
