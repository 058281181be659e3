"""KMS: keys that CloudFormation made.

Stock moto keeps their policy as a mapping, so that DescribeKey and most other calls about them answer 500, does not
know how to update them, cannot rename an alias, and takes an alias from one key for another without a word. It
finds no key of another account.
"""

import json
from typing import Any

from moto.kms.models import Alias, Key, KmsBackend, kms_backends
from moto.kms.responses import KmsResponse

from .errors import KmsError
from .patch import replaces
from .settings import SETTINGS


@replaces(KmsBackend, "create_key")
def create_key(original: Any, self: KmsBackend, policy: Any, *args: Any, **kwargs: Any) -> Key:
    """Keeps the policy as text; a key without one gets moto's default."""
    return original(self, json.dumps(policy) if isinstance(policy, dict) else policy, *args, **kwargs)


def update_key(
    original_resource: Key,
    new_resource_name: str,
    cloudformation_json: dict[str, Any],
    account_id: str,
    region_name: str,
) -> Key:
    """Updates in place, as CloudFormation does for the properties that need no replacement."""
    properties = cloudformation_json["Properties"]
    key = original_resource
    key.policy = json.dumps(properties["KeyPolicy"])
    key.description = properties.get("Description", "")
    key.enabled = str(properties.get("Enabled", True)).lower() == "true"
    key.key_rotation_status = str(properties.get("EnableKeyRotation", False)).lower() == "true"
    tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}
    kms_backends[account_id][region_name].tag_resource(key.id, tags)
    return key


Key.update_from_cloudformation_json = staticmethod(update_key)  # type: ignore[assignment,method-assign]


@replaces(KmsBackend, "create_alias")
def create_alias(original: Any, self: KmsBackend, target_key_id: str, alias_name: str) -> Alias:
    """Refuses a name that is taken."""
    if any(alias_name in key.aliases for key in self.keys.values()):
        arn = f"arn:aws:kms:{self.region_name}:{self.account_id}:{alias_name}"
        raise KmsError("AlreadyExistsException", f"An alias with the name {arn} already exists")
    return original(self, target_key_id, alias_name)


@replaces(Alias, "update_from_cloudformation_json")
def update_alias(
    original: Any,
    original_resource: Alias,
    new_resource_name: str,
    cloudformation_json: dict[str, Any],
    account_id: str,
    region_name: str,
) -> Alias:
    """Another name is another alias: the new one is made before the old one goes."""
    wanted = cloudformation_json["Properties"]
    if wanted["AliasName"] == original_resource.alias_name:
        return original(original_resource, new_resource_name, cloudformation_json, account_id, region_name)
    backend = kms_backends[account_id][region_name]
    alias = backend.create_alias(target_key_id=wanted["TargetKeyId"], alias_name=wanted["AliasName"])
    backend.delete_alias(original_resource.alias_name)
    return alias


def find_key(account: str, region: str, reference: str) -> Key:
    """A key by id, alias or ARN; another account's by ARN, if its policy lets this account describe it."""
    parts = reference.split(":")
    owner = parts[4] if len(parts) > 5 else account
    key = kms_backends[owner][region].describe_key(reference)
    if owner != account and not _may_describe(account, json.loads(key.policy)):
        raise KmsError("AccessDeniedException", f"User of {account} is not authorized to perform: kms:DescribeKey")
    return key


def _may_describe(account: str, policy: dict[str, Any]) -> bool:
    """Whether a statement allows it outright: to the account, or to the whole organization.

    Of conditions only the organization is understood, so that any other one counts as not met.
    """
    organization = {"StringEquals": {"aws:PrincipalOrgID": SETTINGS.organization}}
    for statement in policy["Statement"]:
        actions, principals = statement["Action"], statement["Principal"].get("AWS", [])
        if "kms:DescribeKey" not in ([actions] if isinstance(actions, str) else actions):
            continue
        principals = [principals] if isinstance(principals, str) else principals
        condition = statement.get("Condition", {})
        if account in principals and not condition or "*" in principals and condition == organization:
            return statement["Effect"] == "Allow"
    return False


@replaces(KmsResponse, "describe_key")
def describe_key(original: Any, self: KmsResponse) -> str:
    """Another account's key too."""
    reference = self._get_param("KeyId")
    if reference.startswith("arn:") and reference.split(":")[4] != self.current_account:
        return json.dumps(find_key(self.current_account, self.region, reference).to_dict())
    return original(self)
