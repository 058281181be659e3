"""KMS: keys that CloudFormation made.

Stock moto keeps their policy as a mapping, so that DescribeKey and most other calls about them answer 500, does not
know how to update them, cannot rename an alias, and takes an alias from one key for another without a word.
"""

import json
from typing import Any

from moto.kms.models import Alias, Key, KmsBackend, kms_backends

from .errors import KmsError
from .patch import replaces


@replaces(KmsBackend, "create_key")
def create_key(original: Any, self: KmsBackend, policy: Any, *args: Any, **kwargs: Any) -> Key:
    """Keeps the policy as text."""
    return original(self, policy if isinstance(policy, str) else json.dumps(policy), *args, **kwargs)


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
