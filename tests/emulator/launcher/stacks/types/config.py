"""AWS Config: recorder, delivery channel, rules.

CloudFormation makes the recorder and the channel in one stack in any order and starts the recorder as soon as both
are there. Stopping and deleting go the other way round.
"""

import json
from contextlib import suppress
from typing import Any

from moto.config.models import ConfigBackend, config_backends

from ...spelling import lower_first
from .define import Place, Properties, define, flag


def _backend(place: Place) -> ConfigBackend:
    return config_backends[place.account][place.region]


def _start_what_is_complete(place: Place) -> None:
    backend = _backend(place)
    if backend.delivery_channels:
        for name in list(backend.recorders):
            backend.start_configuration_recorder(name)


def _create_recorder(place: Place, properties: Properties, _: str) -> str:
    name = properties.get("Name", "default")
    recorder: dict[str, Any] = {"name": name, "roleARN": properties["RoleARN"]}
    if group := properties.get("RecordingGroup"):
        recorder["recordingGroup"] = {
            key: flag(value) if key in ("allSupported", "includeGlobalResourceTypes") else value
            for key, value in lower_first(group).items()
            if key in ("allSupported", "includeGlobalResourceTypes", "resourceTypes")
        }
    _backend(place).put_configuration_recorder(recorder)
    _start_what_is_complete(place)
    return name


def _delete_recorder(place: Place, _: Properties, name: str) -> None:
    backend = _backend(place)
    backend.stop_configuration_recorder(name)
    backend.delete_configuration_recorder(name)


def _create_channel(place: Place, properties: Properties, _: str) -> str:
    spelling = {
        "Name": "name",
        "S3BucketName": "s3BucketName",
        "S3KeyPrefix": "s3KeyPrefix",
        "S3KmsKeyArn": "s3KmsKeyArn",
        "SnsTopicARN": "snsTopicARN",
        "ConfigSnapshotDeliveryProperties": "configSnapshotDeliveryProperties",
    }
    channel = {spelling[key]: lower_first(value) for key, value in properties.items() if key in spelling}
    channel.setdefault("name", "default")
    _backend(place).put_delivery_channel(channel)
    _start_what_is_complete(place)
    return channel["name"]


def _delete_channel(place: Place, _: Properties, name: str) -> None:
    backend = _backend(place)
    for recorder in list(backend.recorders):
        with suppress(Exception):
            backend.stop_configuration_recorder(recorder)
    backend.delete_delivery_channel(name)


def _create_rule(place: Place, properties: Properties, made_up: str) -> str:
    known = ("Description", "Scope", "Source", "MaximumExecutionFrequency")
    rule = {key: value for key, value in properties.items() if key in known}
    rule["ConfigRuleName"] = properties.get("ConfigRuleName", made_up)
    if inputs := properties.get("InputParameters"):
        rule["InputParameters"] = inputs if isinstance(inputs, str) else json.dumps(inputs)
    _backend(place).put_config_rule(rule)
    return rule["ConfigRuleName"]


define("AWS::Config::ConfigurationRecorder", _create_recorder, _delete_recorder)
define("AWS::Config::DeliveryChannel", _create_channel, _delete_channel)
define(
    "AWS::Config::ConfigRule",
    _create_rule,
    lambda place, _, name: _backend(place).delete_config_rule(name),
    name_property="ConfigRuleName",
    attributes={"Arn": lambda place, name: _backend(place).config_rules[name].config_rule_arn},
)
