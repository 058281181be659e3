"""Security Hub: one hub in a region, one administrator in the organization, standards, the aggregator of findings, and
central configuration.

Stock moto has one administrator and one configuration for all regions at once, takes every account for a member, and
has none of the rest. What is here is kept and told again, and refused where it is twice; nothing is checked,
aggregated or enforced.
"""

import json
from typing import Any
from uuid import uuid4

from moto.securityhub import urls
from moto.securityhub.models import SecurityHubBackend, securityhub_backends
from moto.securityhub.responses import SecurityHubResponse

from . import administration
from .errors import SecurityHubError
from .patch import adds, replaces
from .settings import SETTINGS

Record = dict[str, Any]
SERVICE = "securityhub.amazonaws.com"

_organization: dict[str, Record] = {}
"""The organization's administrator and configuration in each region."""


@replaces(SecurityHubBackend, "enable_security_hub")
def enable_security_hub(original: Any, self: SecurityHubBackend, *args: Any, **kwargs: Any) -> Any:
    """One per account and region."""
    if self.enabled:
        raise SecurityHubError("ResourceConflictException", "Account is already subscribed to Security Hub")
    return original(self, *args, **kwargs)


@replaces(SecurityHubBackend, "_get_org_config")
def organization_configuration(_original: Any, self: SecurityHubBackend) -> Record:
    """The region's own."""
    return _organization.setdefault(
        self.region_name,
        {
            "admin_account_id": None,
            "auto_enable": False,
            "auto_enable_standards": "DEFAULT",
            "configuration": {"ConfigurationType": "LOCAL", "Status": "ENABLED", "StatusMessage": ""},
        },
    )


@replaces(SecurityHubBackend, "enable_organization_admin_account")
def enable_organization_admin_account(
    original: Any, self: SecurityHubBackend, admin_account_id: str
) -> None:
    """No second one, whatever the region."""
    appointed = {region["admin_account_id"] for region in _organization.values()} - {None}
    if appointed - {admin_account_id}:
        raise SecurityHubError(
            "ResourceConflictException",
            "Another account is already enabled as Security Hub delegated administrator for the organization",
        )
    original(self, admin_account_id)
    if admin_account_id != SETTINGS.management_account:
        administration.appoint(SERVICE, admin_account_id)


@replaces(SecurityHubBackend, "get_administrator_account")
def get_administrator_account(original: Any, self: SecurityHubBackend) -> Record:
    """Of a member; whoever is none gets an empty answer."""
    administrator = self._get_org_config()["admin_account_id"]
    members = securityhub_backends[administrator][self.region_name].members if administrator else {}
    return original(self) if self.account_id in members else {}


@adds(SecurityHubResponse)
def list_organization_admin_accounts(self: SecurityHubResponse) -> str:
    """The region's."""
    administrator = self.securityhub_backend._get_org_config()["admin_account_id"]
    accounts = [{"AccountId": administrator, "Status": "ENABLED"}] if administrator else []
    return json.dumps({"AdminAccounts": accounts})



def kept(backend: SecurityHubBackend, kind: str) -> dict[str, Record]:
    """What there is of a kind in an account and region, by its ARN or id."""
    return backend.__dict__.setdefault(f"launcher_{kind}", {})


def enable_standard(account: str, region: str, arn: str) -> str:
    """Subscribes to a standard; answers the subscription's ARN."""
    backend = securityhub_backends[account][region]
    if not backend.enabled:
        raise SecurityHubError("InvalidAccessException", "Account is not subscribed to AWS Security Hub")
    standard = arn.split(":standards/")[-1]
    subscription = f"arn:aws:securityhub:{region}:{account}:subscription/{standard}"
    kept(backend, "standards")[subscription] = {
        "StandardsSubscriptionArn": subscription,
        "StandardsArn": arn,
        "StandardsInput": {},
        "StandardsStatus": "READY",
    }
    return subscription


def create_aggregator(account: str, region: str, mode: str) -> str:
    """Makes the region the one where findings come together; answers the aggregator's ARN."""
    regions = securityhub_backends[account]
    if any(kept(backend, "aggregators") for backend in regions.values()):
        raise SecurityHubError("ResourceConflictException", "A finding aggregator exists already")
    arn = f"arn:aws:securityhub:{region}:{account}:finding-aggregator/{uuid4()}"
    kept(regions[region], "aggregators")[arn] = {"FindingAggregatorArn": arn, "RegionLinkingMode": mode}
    return arn


def create_policy(account: str, region: str, name: str, policy: Record) -> str:
    """Makes a policy of central configuration; answers its ARN."""
    backend = securityhub_backends[account][region]
    central = backend._get_org_config()["configuration"]["ConfigurationType"] == "CENTRAL"
    if not central or not kept(backend, "aggregators"):
        raise SecurityHubError("InvalidAccessException", "Central configuration is not on in this region")
    policy_id = str(uuid4())
    arn = f"arn:aws:securityhub:{region}:{account}:configuration-policy/{policy_id}"
    record = {"Arn": arn, "Id": policy_id, "Name": name, "ConfigurationPolicy": policy}
    kept(backend, "policies")[arn] = record
    return arn


def associate(account: str, region: str, policy_id: str, target_type: str, target: str) -> str:
    """Has a policy hold for a target; answers an identifier of the two."""
    record = {
        "ConfigurationPolicyId": policy_id,
        "TargetId": target,
        "TargetType": target_type,
        "AssociationType": "APPLIED",
        "AssociationStatus": "SUCCESS",
    }
    kept(securityhub_backends[account][region], "associations")[f"{account}/{target}"] = record
    return f"{account}/{target}"


def _all(response: SecurityHubResponse, kind: str) -> list[Record]:
    return list(kept(response.securityhub_backend, kind).values())


@adds(SecurityHubResponse)
def get_enabled_standards(self: SecurityHubResponse) -> str:
    """The standards."""
    return json.dumps({"StandardsSubscriptions": _all(self, "standards")})


@adds(SecurityHubResponse)
def list_finding_aggregators(self: SecurityHubResponse) -> str:
    """The aggregator, in its own region only."""
    arns = [{"FindingAggregatorArn": it["FindingAggregatorArn"]} for it in _all(self, "aggregators")]
    return json.dumps({"FindingAggregators": arns})


@adds(SecurityHubResponse)
def get_configuration_policy(self: SecurityHubResponse) -> str:
    """One policy, by ARN or id."""
    wanted = self.path.split("/configurationPolicy/get/")[-1]
    for policy in _all(self, "policies"):
        if wanted in (policy["Id"], policy["Arn"]):
            return json.dumps(policy)
    raise SecurityHubError("ResourceNotFoundException", f"There is no policy {wanted}")


@adds(SecurityHubResponse)
def list_configuration_policies(self: SecurityHubResponse) -> str:
    """All policies, without what they say."""
    brief = [{key: it[key] for key in ("Arn", "Id", "Name")} for it in _all(self, "policies")]
    return json.dumps({"ConfigurationPolicySummaries": brief})


@adds(SecurityHubResponse)
def list_configuration_policy_associations(self: SecurityHubResponse) -> str:
    """Whom policies hold for."""
    return json.dumps({"ConfigurationPolicyAssociationSummaries": _all(self, "associations")})


for _path in (
    "organization/admin",
    "standards/get",
    "findingAggregator/list",
    "configurationPolicy/get/(?P<policy>.+)",
    "configurationPolicy/list",
    "configurationPolicyAssociation/list",
):
    urls.url_paths["{0}/" + _path + "$"] = SecurityHubResponse.dispatch
