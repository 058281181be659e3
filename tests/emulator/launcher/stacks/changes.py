"""What a change set would do, resource by resource, without doing any of it."""

import json
from typing import Any

from moto.cloudformation.models import Stack
from moto.cloudformation.parsing import ResourceMap

from . import resources, schemas
from .resources import Resolved
from .templates import in_order

Change = dict[str, Any]
"""A `ResourceChange`, in AWS's words."""

LATER = "{{changeSet:KNOWN_AFTER_APPLY}}"

_ATTRIBUTES = ("Properties", "Metadata", "CreationPolicy", "UpdatePolicy", "DeletionPolicy", "UpdateReplacePolicy")


class _Unmade:
    """A resource of which nothing is known before it is made."""

    physical_resource_id = LATER

    def get_cfn_attribute(self, _name: str) -> str:
        """Known later."""
        return LATER


def changes(stack: Stack, after: ResourceMap) -> list[Change]:
    """The changes that lead from what the stack has made to `after`, which is filled with what is known of it."""
    before, found = stack.resource_map, []
    wanted = [name for name in in_order(after._template) if resources.is_wanted(after, name)]
    for name in wanted:
        if name not in stack.applied:
            kind = after._resource_json_map[name]["Type"]
            after._parsed_resources[name] = _Unmade()
            found.append(_change("Add", name, kind))
            continue
        after._parsed_resources[name] = before._parsed_resources[name]
        change = _modification(stack, name, resources.resolve(after, name))
        if change:
            found.append(change)
            if change["Replacement"] == "True":
                after._parsed_resources[name] = _Unmade()
    for name in sorted(set(stack.applied) - set(wanted)):
        definition = stack.applied[name]
        removal = _change("Remove", name, definition["Type"], _physical_id(stack, name))
        found.append({**removal, "PolicyAction": "Retain" if _is_kept(definition, "DeletionPolicy") else "Delete"})
    return found


def _change(action: str, name: str, kind: str, physical_id: str | None = None) -> Change:
    change = {"Action": action, "LogicalResourceId": name, "ResourceType": kind, "Scope": [], "Details": []}
    return {**change, "PhysicalResourceId": physical_id} if physical_id else change


def _modification(stack: Stack, name: str, now: Resolved) -> Change | None:
    """How a resource changes that stays in the stack; None if it does not."""
    was, kind = stack.applied[name], now["Type"]
    details = []
    for attribute in _ATTRIBUTES:
        if was.get(attribute) == now.get(attribute):
            continue
        if attribute != "Properties":
            details.append(_detail(attribute, None, "Never", was.get(attribute), now.get(attribute)))
            continue
        old, new = was[attribute], now[attribute]
        for key in sorted(set(old) | set(new)):
            if old.get(key) != new.get(key):
                recreation = schemas.recreation(kind, stack.region_name, key)
                details.append(_detail(attribute, key, recreation, old.get(key), new.get(key)))
    if not details:
        return None
    replacement = _replacement(details)
    change = {
        **_change("Modify", name, kind, _physical_id(stack, name)),
        "Replacement": replacement,
        "Scope": sorted({detail["Target"]["Attribute"] for detail in details}),
        "Details": details,
    }
    if replacement == "True":
        kept = _is_kept(now, "UpdateReplacePolicy")
        change["PolicyAction"] = "ReplaceAndRetain" if kept else "ReplaceAndDelete"
    return change


def _detail(attribute: str, key: str | None, recreation: str, old: Any, new: Any) -> dict[str, Any]:
    """A value that differs. One that is known later may turn out to be the same."""
    after = _text(new)
    target = {
        "Attribute": attribute,
        "Name": key,
        "RequiresRecreation": recreation,
        "Path": f"/{attribute}/{key}" if key else f"/{attribute}",
        "BeforeValue": _text(old),
        "AfterValue": after,
        "AttributeChangeType": "Add" if old is None else "Remove" if new is None else "Modify",
    }
    known = after is None or LATER not in after
    return {
        "Target": {name: value for name, value in target.items() if value is not None},
        "Evaluation": "Static" if known else "Dynamic",
        "ChangeSource": "DirectModification",
    }


def _replacement(details: list[dict[str, Any]]) -> str:
    found = [(detail["Target"]["RequiresRecreation"], detail["Evaluation"]) for detail in details]
    if ("Always", "Static") in found:
        return "True"
    return "False" if {recreation for recreation, _ in found} == {"Never"} else "Conditional"


def _is_kept(definition: Resolved, policy: str) -> bool:
    return definition.get(policy) in ("Retain", "RetainExceptOnCreate")


def _physical_id(stack: Stack, name: str) -> str:
    return stack.resource_map._parsed_resources[name].physical_resource_id


def _text(value: Any) -> str | None:
    """As CloudFormation writes values: a text as it is, everything else as JSON."""
    return value if value is None or isinstance(value, str) else json.dumps(value)
