"""CloudTrail, GuardDuty, Security Hub, Service Catalog."""

from moto.cloudtrail.models import cloudtrail_backends
from moto.guardduty.models import guardduty_backends
from moto.securityhub.models import securityhub_backends
from moto.servicecatalog.models import servicecatalog_backends

from ...spelling import lower_first
from .define import Place, Properties, define, flag


def _tags(properties: Properties) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}


def _create_trail(place: Place, properties: Properties, made_up: str) -> str:
    name = properties.get("TrailName", made_up)
    trails = cloudtrail_backends[place.account][place.region]
    trails.create_trail(
        name,
        properties["S3BucketName"],
        properties.get("S3KeyPrefix"),
        properties.get("SnsTopicName"),
        flag(properties.get("IncludeGlobalServiceEvents"), default=True),
        flag(properties.get("IsMultiRegionTrail")),
        flag(properties.get("EnableLogFileValidation")),
        flag(properties.get("IsOrganizationTrail")),
        properties.get("CloudWatchLogsLogGroupArn"),
        properties.get("CloudWatchLogsRoleArn"),
        properties.get("KMSKeyId"),
        properties.get("Tags", []),
    )
    if flag(properties["IsLogging"]):
        trails.start_logging(name)
    return name


def _create_detector(place: Place, properties: Properties, _: str) -> str:
    return guardduty_backends[place.account][place.region].create_detector(
        flag(properties["Enable"]),
        properties.get("FindingPublishingFrequency", "SIX_HOURS"),
        lower_first(properties.get("DataSources", {})),
        _tags(properties),
        lower_first(properties.get("Features", [])),
    )


def _create_hub(place: Place, properties: Properties, _: str) -> str:
    securityhub_backends[place.account][place.region].enable_security_hub(
        flag(properties.get("EnableDefaultStandards"), default=True), properties.get("Tags", {})
    )
    return f"arn:aws:securityhub:{place.region}:{place.account}:hub/default"


def _create_portfolio(place: Place, properties: Properties, made_up: str) -> str:
    portfolio, _ = servicecatalog_backends[place.account][place.region].create_portfolio(
        None,
        properties["DisplayName"],
        properties.get("Description"),
        properties["ProviderName"],
        properties.get("Tags", []),
        made_up,
    )
    return portfolio["Id"]


define(
    "AWS::CloudTrail::Trail",
    _create_trail,
    lambda place, _, name: cloudtrail_backends[place.account][place.region].delete_trail(name),
    name_property="TrailName",
    attributes={"Arn": lambda place, name: f"arn:aws:cloudtrail:{place.region}:{place.account}:trail/{name}"},
)
define(
    "AWS::GuardDuty::Detector",
    _create_detector,
    lambda place, _, name: guardduty_backends[place.account][place.region].delete_detector(name),
    attributes={"Id": lambda _, name: name},
)
define(
    "AWS::SecurityHub::Hub",
    _create_hub,
    lambda place, *_: securityhub_backends[place.account][place.region].disable_security_hub(),
    attributes={"ARN": lambda _, arn: arn},
)
define(
    "AWS::ServiceCatalog::Portfolio",
    _create_portfolio,
    lambda place, _, name: servicecatalog_backends[place.account][place.region].delete_portfolio(None, name),
)
