"""Cloud Control, of which stock moto has nothing: what moto's own back ends hold, by CloudFormation's types.

It reads; it makes and changes nothing. A type that is not among those below does not exist here.
"""

import json
from collections.abc import Callable
from typing import Any

from moto.cloudtrail.models import cloudtrail_backends
from moto.config.models import config_backends
from moto.guardduty.models import guardduty_backends
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.logs.models import logs_backends
from moto.securityhub.models import securityhub_backends

from .calls import Call
from .securityhub import kept

SERVICE = "cloudcontrolapi"

Resources = dict[str, dict[str, Any]]
"""Properties by primary identifier."""
Answer = tuple[str, list[tuple[str, str]], bytes]


class Refused(Exception):
    """What Cloud Control refuses, by its name for it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def answer(call: Call, body: bytes) -> Answer:
    """The whole answer to a request: status line, headers, content."""
    try:
        return _reply("200 OK", _do(call, json.loads(body)))
    except Refused as refused:
        error = {"__type": f"com.amazonaws.cloudapiservice#{refused.code}", "Message": str(refused)}
        return _reply("400 Bad Request", error)


def find(kind: str, account: str, region: str) -> Resources:
    """What there is of a type."""
    if kind not in _TYPES:
        raise Refused("TypeNotFoundException", f"The type {kind} cannot be found")
    return _TYPES[kind](account, region)


def _do(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    kind = request["TypeName"]
    found = find(kind, call.account, call.region)
    if call.operation == "ListResources":
        described = [_describe(identifier, found[identifier]) for identifier in found]
        return {"TypeName": kind, "ResourceDescriptions": described}
    if call.operation == "GetResource":
        identifier = request["Identifier"]
        if identifier not in found:
            message = f"AWS::CloudControl::Resource of type '{kind}' with identifier '{identifier}' was not found"
            raise Refused("ResourceNotFoundException", message)
        return {"TypeName": kind, "ResourceDescription": _describe(identifier, found[identifier])}
    raise Refused("UnsupportedActionException", f"the emulator has no {call.operation}")


def _describe(identifier: str, properties: dict[str, Any]) -> dict[str, str]:
    return {"Identifier": identifier, "Properties": json.dumps(properties)}


def _reply(status: str, content: dict[str, Any]) -> Answer:
    return status, [("Content-Type", "application/x-amz-json-1.0")], json.dumps(content).encode()


def _trails(account: str, region: str) -> Resources:
    return {
        name: {
            "TrailName": name,
            "Arn": trail.arn,
            "IsMultiRegionTrail": bool(trail.is_multi_region),
            "IsOrganizationTrail": bool(trail.is_org_trail),
        }
        for name, trail in cloudtrail_backends[account][region].trails.items()
    }


def _detectors(account: str, region: str) -> Resources:
    detectors = guardduty_backends[account][region].detectors
    return {name: {"Id": name, "Enable": detector.enabled} for name, detector in detectors.items()}


def _hubs(account: str, region: str) -> Resources:
    if not securityhub_backends[account][region].enabled:
        # What Security Hub says instead of having none, in Cloud Control's words for whatever a handler says.
        raise Refused("GeneralServiceException", f"Account {account} is not subscribed to AWS Security Hub")
    arn = f"arn:aws:securityhub:{region}:{account}:hub/default"
    return {arn: {"ARN": arn}}


def _standards(account: str, region: str) -> Resources:
    _hubs(account, region)
    standards = kept(securityhub_backends[account][region], "standards")
    return {
        arn: {"StandardsSubscriptionArn": arn, "StandardsArn": record["StandardsArn"]}
        for arn, record in standards.items()
    }


def _recorders(account: str, region: str) -> Resources:
    return {name: {"Name": name} for name in config_backends[account][region].recorders}


def _channels(account: str, region: str) -> Resources:
    return {name: {"Name": name} for name in config_backends[account][region].delivery_channels}


def _roles(account: str, _: str) -> Resources:
    roles = iam_backends[account]["aws"].roles.values()
    return {role.name: {"RoleName": role.name, "Arn": role.arn, "Path": role.path} for role in roles}


def _keys(account: str, region: str) -> Resources:
    keys = kms_backends[account][region].keys.values()
    return {key.id: {"KeyId": key.id, "Arn": key.arn} for key in keys}


def _aliases(account: str, region: str) -> Resources:
    return {
        alias: {"AliasName": alias, "TargetKeyId": key.id}
        for key in kms_backends[account][region].keys.values()
        for alias in key.aliases
    }


def _log_groups(account: str, region: str) -> Resources:
    groups = logs_backends[account][region].groups
    return {name: {"LogGroupName": name, "Arn": group.arn} for name, group in groups.items()}


_TYPES: dict[str, Callable[[str, str], Resources]] = {
    "AWS::CloudTrail::Trail": _trails,
    "AWS::Config::ConfigurationRecorder": _recorders,
    "AWS::Config::DeliveryChannel": _channels,
    "AWS::GuardDuty::Detector": _detectors,
    "AWS::IAM::Role": _roles,
    "AWS::KMS::Alias": _aliases,
    "AWS::KMS::Key": _keys,
    "AWS::Logs::LogGroup": _log_groups,
    "AWS::SecurityHub::Hub": _hubs,
    "AWS::SecurityHub::Standard": _standards,
}
