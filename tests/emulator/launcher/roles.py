"""IAM: roles that CloudFormation made.

Stock moto tells their inline policies as Python writes mappings, attaches none of their managed policies, and forgets
all of it in updates.
"""

import json
from typing import Any

from moto.iam.models import IAMBackend, Role, iam_backends

from .patch import replaces

Properties = dict[str, Any]


def _settle(role: Role, properties: Properties, backend: IAMBackend) -> Role:
    """Gives the role what its definition says."""
    role.assume_role_policy_document = json.dumps(properties["AssumeRolePolicyDocument"])
    role.max_session_duration = int(properties.get("MaxSessionDuration", 3600))
    role.policies = {
        policy["PolicyName"]: json.dumps(policy["PolicyDocument"]) for policy in properties.get("Policies", [])
    }
    _detach(role)
    for arn in properties.get("ManagedPolicyArns", []):
        # AWS's own policies are not loaded: they would be ten times everything else.
        if arn in {policy.arn for policy in backend.managed_policies.values()}:
            backend.attach_role_policy(arn, role.name)
    return role


def _detach(role: Role) -> None:
    for policy in list(role.managed_policies.values()):
        policy.detach_from(role)


@replaces(Role, "create_from_cloudformation_json")
def create(
    original: Any,
    resource_name: str,
    cloudformation_json: dict[str, Any],
    account_id: str,
    region_name: str,
    **rest: Any,
) -> Role:
    """With its policies."""
    role = original(resource_name, cloudformation_json, account_id, region_name, **rest)
    return _settle(role, cloudformation_json["Properties"], iam_backends[account_id]["aws"])


@replaces(Role, "update_from_cloudformation_json")
def update(
    original: Any,
    original_resource: Role,
    new_resource_name: str,
    cloudformation_json: dict[str, Any],
    account_id: str,
    region_name: str,
) -> Role:
    """In place; a role cannot be renamed."""
    properties = cloudformation_json["Properties"]
    if properties.get("RoleName", original_resource.name) != original_resource.name:
        raise NotImplementedError("the emulator cannot rename a role")
    original_resource.description = properties.get("Description", "")
    return _settle(original_resource, properties, iam_backends[account_id]["aws"])


@replaces(Role, "delete_from_cloudformation_json")
def delete(
    original: Any,
    resource_name: str,
    cloudformation_json: dict[str, Any],
    account_id: str,
    region_name: str,
) -> None:
    """Lets go of managed policies first, without which IAM refuses."""
    for role in iam_backends[account_id]["aws"].roles.values():
        if role.name == resource_name:
            _detach(role)
    original(resource_name, cloudformation_json, account_id, region_name)
