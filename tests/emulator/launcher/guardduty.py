"""GuardDuty: one detector in a region, one administrator in the organization, and what that one does about accounts.

Stock moto makes as many detectors as it is asked for, lets any account appoint anybody, tells the administrator in
words that no client reads, and has no organization configuration. Unlike AWS, GuardDuty does not turn itself on in
the account that is appointed: AWS takes its time for it, and here that time never passes.
"""

import json
from typing import Any

from moto.guardduty import urls
from moto.guardduty.models import GuardDutyBackend, guardduty_backends
from moto.guardduty.responses import GuardDutyResponse

from . import administration, organizations
from .errors import GuardDutyError
from .patch import adds, replaces
from .settings import SETTINGS

SERVICE = "guardduty.amazonaws.com"
FEATURES = (
    "S3_DATA_EVENTS EKS_AUDIT_LOGS EBS_MALWARE_PROTECTION RDS_LOGIN_EVENTS LAMBDA_NETWORK_LOGS "
    "EKS_RUNTIME_MONITORING RUNTIME_MONITORING"
).split()
WORDS = ("ALL", "NEW", "NONE")

_appointed: dict[str, str] = {}
"""The administrator of each region."""
_configured: dict[str, dict[str, Any]] = {}
"""What the administrator of each region does about accounts."""


def _refusal(message: str) -> GuardDutyError:
    return GuardDutyError("BadRequestException", f"The request is rejected because {message}")


@replaces(GuardDutyBackend, "create_detector")
def create_detector(original: Any, self: GuardDutyBackend, *args: Any, **kwargs: Any) -> Any:
    """One per account and region."""
    if self.detectors:
        raise _refusal("a detector already exists for the current account.")
    return original(self, *args, **kwargs)


@replaces(GuardDutyBackend, "enable_organization_admin_account")
def enable_organization_admin_account(_original: Any, self: GuardDutyBackend, admin_account_id: str) -> None:
    """By the management account, of a member, and of no second one."""
    if self.account_id != SETTINGS.management_account:
        raise _refusal("the current account cannot call this API.")
    if not administration.is_member(admin_account_id):
        raise _refusal("an invalid or out-of-range value is specified as an input parameter.")
    if set(_appointed.values()) - {admin_account_id}:
        raise _refusal("another account is already enabled as GuardDuty delegated administrator.")
    if _appointed.get(self.region_name) == admin_account_id:
        raise _refusal("the account is already enabled as the GuardDuty delegated administrator.")
    administration.appoint(SERVICE, admin_account_id)
    _appointed[self.region_name] = admin_account_id


@replaces(GuardDutyBackend, "list_organization_admin_accounts")
def list_organization_admin_accounts(_original: Any, self: GuardDutyBackend) -> list[str]:
    """The region's."""
    return [_appointed[self.region_name]] if self.region_name in _appointed else []


@replaces(GuardDutyBackend, "get_administrator_account")
def get_administrator_account(_original: Any, self: GuardDutyBackend, detector_id: str) -> dict[str, Any]:
    """Of a member; whoever is none gets an empty answer."""
    self.get_detector(detector_id)
    if not self.admin_account_ids:
        return {}
    return {"administrator": {"accountId": self.admin_account_ids[0], "relationshipStatus": "Enabled"}}


def _as_administrator(response: GuardDutyResponse) -> str:
    """The region, if the request is its administrator's own."""
    backend, region = response.guardduty_backend, response.region
    backend.get_detector(response.path.split("/")[-2])
    if _appointed.get(region) != backend.account_id:
        raise GuardDutyError(
            "BadRequestException",
            "The request failed because you do not have required AWS Organization master permission.",
        )
    return region


@adds(GuardDutyResponse)
def describe_organization_configuration(self: GuardDutyResponse) -> str:
    """Every feature is told, also those that are off."""
    now = _configured.get(_as_administrator(self), {})
    features = now.get("features", {})
    members = now.get("members", "NONE")
    answer = {
        "autoEnable": members != "NONE",
        "memberAccountLimitReached": False,
        "autoEnableOrganizationMembers": members,
        "features": [{"name": name, "autoEnable": features.get(name, "NONE")} for name in FEATURES],
    }
    return json.dumps(answer)


@adds(GuardDutyResponse)
def update_organization_configuration(self: GuardDutyResponse) -> str:
    """Features that are not named stay as they are. `ALL` reaches the accounts that are there, at once."""
    region, members = _as_administrator(self), self._get_param("autoEnableOrganizationMembers")
    features = {feature["name"]: feature["autoEnable"] for feature in self._get_param("features") or []}
    if members not in WORDS or not set(features) <= set(FEATURES) or not set(features.values()) <= set(WORDS):
        raise _refusal("an invalid or out-of-range value is specified as an input parameter.")
    now = _configured.setdefault(region, {"features": {}})
    now["members"] = members
    now["features"].update(features)
    if members == "ALL":
        for account in administration.organization().accounts:
            _enroll(region, account.id)
    return "{}"


def _enroll(region: str, account: str) -> None:
    """Makes an account a member. The management account becomes one only if it has turned GuardDuty on itself."""
    backend, administrator = guardduty_backends[account][region], _appointed[region]
    if account == administrator or account == SETTINGS.management_account and not backend.detectors:
        return
    if not backend.detectors:
        features = [
            {"name": name, "status": "ENABLED"}
            for name, word in _configured[region]["features"].items()
            if word != "NONE"
        ]
        backend.create_detector(True, "SIX_HOURS", {}, {}, features)
    backend.admin_account_ids = [administrator]


@organizations.joining.append
def _joined(account: str) -> None:
    for region, configured in _configured.items():
        if configured["members"] != "NONE":
            _enroll(region, account)


urls.url_paths["{0}/detector/(?P<detector_id>[^/]+)/admin$"] = GuardDutyResponse.dispatch
