"""What the optional templates use: Service Catalog's products, subscriptions of topics, CloudFront's metrics.

moto has no principals, associations and constraints of Service Catalog, no models of anomaly detection and no monitoring
subscriptions. Those are accepted, so that the stacks around them can be made, and are nowhere to be seen afterwards.
"""

from moto.servicecatalog.models import servicecatalog_backends
from moto.sns.models import SNSBackend, sns_backends

from .define import Place, Properties, define


def _create_product(place: Place, properties: Properties, _: str) -> str:
    artifact, *_others = properties["ProvisioningArtifactParameters"]
    product = servicecatalog_backends[place.account][place.region].create_product(
        properties["Name"],
        properties["Owner"],
        properties.get("Description"),
        None,
        None,
        None,
        None,
        "CLOUD_FORMATION_TEMPLATE",
        properties.get("Tags", []),
        artifact,
    )
    return product.id


def _topics(place: Place) -> SNSBackend:
    return sns_backends[place.account][place.region]


define(
    "AWS::ServiceCatalog::CloudFormationProduct",
    _create_product,
    lambda place, _, name: servicecatalog_backends[place.account][place.region].delete_product(None, name),
)
define(
    "AWS::SNS::Subscription",
    lambda place, properties, _: (
        _topics(place).subscribe(properties["TopicArn"], properties["Endpoint"], properties["Protocol"]).arn
    ),
    lambda place, _, arn: _topics(place).unsubscribe(arn),
)
for accepted in (
    "AWS::CloudFront::MonitoringSubscription",
    "AWS::CloudWatch::AnomalyDetector",
    "AWS::ServiceCatalog::LaunchRoleConstraint",
    "AWS::ServiceCatalog::PortfolioPrincipalAssociation",
    "AWS::ServiceCatalog::PortfolioProductAssociation",
):
    define(accepted, lambda _place, _properties, made_up: made_up)
