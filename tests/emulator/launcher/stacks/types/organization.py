"""What an administrator's account has for the organization."""

from typing import Any

from moto.config.models import config_backends
from moto.guardduty.models import guardduty_backends
from moto.securityhub.models import securityhub_backends

from ... import analyzers, securityhub
from ...spelling import lower_first
from .define import Place, Properties, define, flag


def _create_aggregator(place: Place, properties: Properties, made_up: str) -> str:
    source = properties["OrganizationAggregationSource"]
    name = properties.get("ConfigurationAggregatorName", made_up)
    config_backends[place.account][place.region].put_configuration_aggregator(
        {
            "ConfigurationAggregatorName": name,
            "OrganizationAggregationSource": {**source, "AllAwsRegions": flag(source.get("AllAwsRegions"))},
        }
    )
    return name


def _aggregator_arn(place: Place, name: str) -> str:
    aggregators = config_backends[place.account][place.region].config_aggregators
    return aggregators[name].configuration_aggregator_arn


def _accept_invitation(place: Place, properties: Properties, _: str) -> str:
    """moto knows no invitations; it tells the account's administrator."""
    backend = guardduty_backends[place.account][place.region]
    backend.get_detector(properties["DetectorId"])
    backend.admin_account_ids.append(properties["MasterId"])
    return properties["MasterId"]


def _leave_administrator(place: Place, _: Properties, administrator: str) -> None:
    guardduty_backends[place.account][place.region].admin_account_ids.remove(administrator)


def _configure_security_hub(place: Place, properties: Properties, _: str) -> str:
    securityhub_backends[place.account][place.region].update_organization_configuration(
        flag(properties["AutoEnable"]),
        properties.get("AutoEnableStandards"),
        {"ConfigurationType": properties.get("ConfigurationType", "LOCAL"), "Status": "ENABLED"},
    )
    return f"{place.account}/{place.region}/securityhub-organization-configuration"


def _create_policy(place: Place, properties: Properties, _: str) -> str:
    policy: Any = properties["ConfigurationPolicy"]
    hub = policy["SecurityHub"]
    policy = {"SecurityHub": {**hub, "ServiceEnabled": flag(hub.get("ServiceEnabled"))}}
    return securityhub.create_policy(place.account, place.region, properties["Name"], policy)


def _forget(kind: str) -> Any:
    def delete(place: Place, _: Properties, physical_id: str) -> None:
        securityhub.kept(securityhub_backends[place.account][place.region], kind).pop(physical_id, None)

    return delete


def _create_analyzer(place: Place, properties: Properties, made_up: str) -> str:
    configuration = lower_first(properties.get("AnalyzerConfiguration", {}))
    if unused := configuration.get("unusedAccessConfiguration"):
        configuration = {"unusedAccess": {"unusedAccessAge": int(unused["unusedAccessAge"])}}
    name = properties.get("AnalyzerName", made_up)
    return analyzers.create(place.account, place.region, name, properties["Type"], configuration)


define(
    "AWS::Config::ConfigurationAggregator",
    _create_aggregator,
    lambda place, _, name: config_backends[place.account][place.region].delete_configuration_aggregator(name),
    name_property="ConfigurationAggregatorName",
    attributes={"ConfigurationAggregatorArn": _aggregator_arn},
)
define("AWS::GuardDuty::Master", _accept_invitation, _leave_administrator)
define("AWS::SecurityHub::OrganizationConfiguration", _configure_security_hub)
define(
    "AWS::SecurityHub::Standard",
    lambda place, properties, _: securityhub.enable_standard(
        place.account, place.region, properties["StandardsArn"]
    ),
    _forget("standards"),
)
define(
    "AWS::SecurityHub::FindingAggregator",
    lambda place, properties, _: securityhub.create_aggregator(
        place.account, place.region, properties["RegionLinkingMode"]
    ),
    _forget("aggregators"),
    attributes={"FindingAggregatorArn": lambda _, arn: arn},
)
define(
    "AWS::SecurityHub::ConfigurationPolicy",
    _create_policy,
    _forget("policies"),
    attributes={"Arn": lambda _, arn: arn, "Id": lambda _, arn: arn.rsplit("/", 1)[-1]},
)
define(
    "AWS::SecurityHub::PolicyAssociation",
    lambda place, properties, _: securityhub.associate(
        place.account,
        place.region,
        properties["ConfigurationPolicyId"],
        properties["TargetType"],
        properties["TargetId"],
    ),
    _forget("associations"),
)
define(
    "AWS::AccessAnalyzer::Analyzer",
    _create_analyzer,
    lambda place, _, arn: analyzers.delete(place.account, place.region, arn),
    name_property="AnalyzerName",
    attributes={"Arn": lambda _, arn: arn},
)
