"""Organizations: services that may work in all accounts, and the accounts that administer them.

Stock moto knows too few services, registers an administrator before the service is trusted, and gives a service as
many administrators as it is asked for. It has no effective policies.
"""

from typing import Any

from moto.organizations.models import (
    FakeDelegatedAdministrator,
    FakeServiceAccess,
    OrganizationsBackend,
    organizations_backends,
)
from moto.organizations.responses import OrganizationsResponse

from .errors import OrganizationsError
from .patch import adds, replaces
from .settings import SETTINGS

# How many administrators a service may have ("AWS services that you can use with AWS Organizations").
ADMINISTRATORS = {
    "access-analyzer.amazonaws.com": 1,
    "cloudtrail.amazonaws.com": 3,
    "config-multiaccountsetup.amazonaws.com": 3,
    "config.amazonaws.com": 3,
    "guardduty.amazonaws.com": 1,
    "malware-protection.guardduty.amazonaws.com": 1,
    "securityhub.amazonaws.com": 1,
}

FakeServiceAccess.TRUSTED_SERVICES.append("malware-protection.guardduty.amazonaws.com")
FakeDelegatedAdministrator.SUPPORTED_SERVICES = list(ADMINISTRATORS)


def organization() -> OrganizationsBackend:
    """The organization, as its management account has it."""
    return organizations_backends[SETTINGS.management_account]["aws"]


def is_member(account: str) -> bool:
    """Whether the account is in the organization."""
    return any(known.id == account for known in organization().accounts)


def appoint(service: str, account: str) -> None:
    """What the services' own calls do in Organizations, when an administrator is appointed by them."""
    organization().enable_aws_service_access(ServicePrincipal=service)
    if account not in _registered(service):
        organization().register_delegated_administrator(AccountId=account, ServicePrincipal=service)


def _registered(service: str) -> list[str]:
    return [known.account.id for known in organization().admins if service in known.services]


@replaces(OrganizationsBackend, "register_delegated_administrator")
def register_delegated_administrator(original: Any, self: OrganizationsBackend, **wish: Any) -> None:
    """Refuses a service that is not trusted, and one administrator too many."""
    service, registered = wish["ServicePrincipal"], _registered(wish["ServicePrincipal"])
    if service not in {known["ServicePrincipal"] for known in self.services}:
        raise OrganizationsError(
            "ConstraintViolationException",
            "SERVICE_ACCESS_NOT_ENABLED: You attempted to register a delegated administrator before you enabled "
            "service access.",
        )
    if wish["AccountId"] not in registered and len(registered) >= ADMINISTRATORS.get(service, 0):
        raise OrganizationsError(
            "ConstraintViolationException",
            "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED: You attempted to register more delegated "
            "administrators than allowed for the service principal.",
        )
    original(self, **wish)


@adds(OrganizationsResponse)
def describe_effective_policy(self: OrganizationsResponse) -> str:
    """None: no policy of any type that is merged is ever attached here."""
    kind = self._get_param("PolicyType")
    raise OrganizationsError("EffectivePolicyNotFoundException", f"There is no effective policy of type {kind}")
