"""Organizations: accounts take time, e-mail addresses are unique, units too, and lists have gaps.

Stock moto makes an account at once, takes any e-mail address twice, moves an account from wherever it is, and never
sends `Paths` or an empty page.
"""

import json
import re
import time
from collections.abc import Callable
from typing import Any

import moto.iam.models as iam
from moto.core.utils import unix_time, utcnow
from moto.iam.models import iam_backends
from moto.organizations import models, responses, utils
from moto.organizations.models import FakeAccount, OrganizationsBackend, organizations_backends

from .errors import OrganizationsError
from .patch import replaces
from .settings import SETTINGS

# Requests for accounts fall back to the management account, not to moto's default.
iam.DEFAULT_ACCOUNT_ID = SETTINGS.management_account

EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+")
EVERYTHING = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)


joining: list[Callable[[str], None]] = []
"""What other services do about an account that joins."""


def create() -> None:
    """Makes the organization, which is older than any test."""
    backend = organizations_backends[SETTINGS.management_account]["aws"]
    utils.MASTER_ACCOUNT_EMAIL = SETTINGS.management_email
    utils.make_random_org_id = lambda: SETTINGS.organization
    backend.create_organization(region="us-east-1", FeatureSet="ALL")
    backend.accounts[0].name = "management"


def find(account: str) -> FakeAccount | None:
    """An account of the organization."""
    backend = organizations_backends[SETTINGS.management_account]["aws"]
    return next((known for known in backend.accounts if known.id == account), None)


def can_be_entered(account: FakeAccount) -> bool:
    """Whether its role can be assumed: not in its first moments, and not once it is closed."""
    age = time.monotonic() - getattr(account, "born", float("-inf"))
    return account.status == "ACTIVE" and age >= SETTINGS.account_seconds + SETTINGS.role_seconds


def _exists(account: FakeAccount) -> bool:
    """Whether ListAccounts knows it: not before its request has succeeded."""
    return time.monotonic() - getattr(account, "born", float("-inf")) >= SETTINGS.account_seconds


class FailedRequest:
    """A request that came to nothing. AWS remembers it, and no account."""

    def __init__(self, name: str, reason: str) -> None:
        self.create_account_status_id = utils.make_random_create_account_status_id()
        self.create_account_status = {
            "CreateAccountStatus": {
                "Id": self.create_account_status_id,
                "AccountName": name,
                "State": "FAILED",
                "FailureReason": reason,
                "RequestedTimestamp": unix_time(utcnow()),
                "CompletedTimestamp": unix_time(utcnow()),
            }
        }


def _failed(backend: OrganizationsBackend) -> list[FailedRequest]:
    return backend.__dict__.setdefault("failed_requests", [])


@replaces(OrganizationsBackend, "create_account")
def create_account(original: Any, self: OrganizationsBackend, **wish: Any) -> dict[str, Any]:
    """Makes the account, or remembers why not: the call itself succeeds in both cases."""
    email = wish["Email"]
    refusal = None
    if not 6 <= len(email) <= 64 or not EMAIL.fullmatch(email):
        refusal = "INVALID_EMAIL"
    elif any(known.email.lower() == email.lower() for known in self.accounts):
        refusal = "EMAIL_ALREADY_EXISTS"
    if refusal:
        request = FailedRequest(wish["AccountName"], refusal)
        _failed(self).append(request)
        pending = dict(request.create_account_status["CreateAccountStatus"], State="IN_PROGRESS")
        del pending["FailureReason"], pending["CompletedTimestamp"]
        return {"CreateAccountStatus": pending}
    if not re.fullmatch(r"[ -~]{1,50}", wish["AccountName"]):
        raise OrganizationsError(
            "InvalidInputException", "You provided an account name that is not 1-50 printable characters."
        )
    original(self, **wish)
    account = self.accounts[-1]
    account.born = time.monotonic()
    # The role that AWS makes is an administrator; moto's has no policy.
    role = wish.get("RoleName") or "OrganizationAccountAccessRole"
    iam_backends[account.id]["aws"].put_role_policy(role, "AdministratorAccess", EVERYTHING)
    for join in joining:
        join(account.id)
    return account.create_account_status


def _request_status(account: FakeAccount) -> dict[str, Any]:
    status = _succeeded.fget(account)  # type: ignore[misc]
    if not _exists(account):
        request = status["CreateAccountStatus"]
        request["State"] = "IN_PROGRESS"
        del request["AccountId"], request["CompletedTimestamp"]
    return status


_succeeded = FakeAccount.create_account_status
FakeAccount.create_account_status = property(_request_status)  # type: ignore[method-assign,assignment]


@replaces(OrganizationsBackend, "describe_create_account_status")
def describe_create_account_status(original: Any, self: OrganizationsBackend, **wish: Any) -> Any:
    """Knows requests that failed."""
    for request in _failed(self):
        if request.create_account_status_id == wish["CreateAccountRequestId"]:
            return request.create_account_status
    return original(self, **wish)


@replaces(OrganizationsBackend, "list_create_account_status")
def list_create_account_status(original: Any, self: OrganizationsBackend, **wish: Any) -> Any:
    """Lists requests that failed, and leaves out the management account, which nobody requested."""
    states = wish.get("States") or ["IN_PROGRESS", "SUCCEEDED", "FAILED"]
    requested = [known for known in self.accounts if known.id != SETTINGS.management_account]
    statuses = [
        request.create_account_status["CreateAccountStatus"] for request in [*requested, *_failed(self)]
    ]
    return {"CreateAccountStatuses": [status for status in statuses if status["State"] in states]}


@replaces(FakeAccount, "describe")
def describe(original: Any, self: FakeAccount) -> dict[str, Any]:
    """Tells the account's path in the tree."""
    account = original(self)
    if SETTINGS.paths:
        account["Paths"] = [f"{self.organization_id}/{_path(self.parent_id)}{self.id}/"]
    return account


def _path(node: str) -> str:
    backend = organizations_backends[SETTINGS.management_account]["aws"]
    unit = next(unit for unit in backend.ou if unit.id == node)
    above = _path(unit.parent_id) if unit.parent_id else ""
    return f"{above}{unit.id}/"


@replaces(OrganizationsBackend, "describe_account")
def describe_account(original: Any, self: OrganizationsBackend, **wish: Any) -> Any:
    """Does not know an account that is still being made."""
    account = find(wish["AccountId"])
    if account and not _exists(account):
        raise models.AccountNotFoundException
    return original(self, **wish)


@replaces(OrganizationsBackend, "create_organizational_unit")
def create_organizational_unit(original: Any, self: OrganizationsBackend, **wish: Any) -> Any:
    """Refuses a name that a sibling has, and a sixth level."""
    self.validate_parent_id(wish["ParentId"])
    if any(unit.name == wish["Name"] and unit.parent_id == wish["ParentId"] for unit in self.ou):
        raise models.DuplicateOrganizationalUnitException
    if _path(wish["ParentId"]).count("ou-") >= 5:
        raise OrganizationsError(
            "ConstraintViolationException", "OU_DEPTH_LIMIT_EXCEEDED: at most five levels below the root."
        )
    return original(self, **wish)


@replaces(OrganizationsBackend, "move_account")
def move_account(original: Any, self: OrganizationsBackend, **wish: Any) -> Any:
    """Refuses to move an account from where it is not, or to where it is."""
    account = self.get_account_by_id(wish["AccountId"])
    if not any(unit.id == wish["DestinationParentId"] for unit in self.ou):
        raise OrganizationsError(
            "DestinationParentNotFoundException", "We can't find the destination container."
        )
    if account.parent_id == wish["DestinationParentId"]:
        raise OrganizationsError("DuplicateAccountException", "That account is already present there.")
    if account.parent_id != wish["SourceParentId"]:
        raise OrganizationsError(
            "SourceParentNotFoundException", "We can't find a source root or OU with the ParentId."
        )
    return original(self, **wish)


def _with_gaps(name: str, key: str) -> None:
    """Makes a list begin with an empty page and a token, which AWS does now and then."""
    token = "before-the-first"

    @replaces(responses.OrganizationsResponse, name)
    def listing(original: Any, self: responses.OrganizationsResponse) -> str:
        given = self._get_param("NextToken")
        if SETTINGS.empty_pages and not given:
            return json.dumps({key: [], "NextToken": token})
        if given == token:
            parameters = {k: v for k, v in self.request_params.items() if k != "NextToken"}
            self.body = json.dumps(parameters)
        return original(self)


_with_gaps("list_accounts", "Accounts")
_with_gaps("list_accounts_for_parent", "Accounts")
_with_gaps("list_organizational_units_for_parent", "OrganizationalUnits")
_with_gaps("list_create_account_status", "CreateAccountStatuses")


@replaces(OrganizationsBackend, "list_accounts")
def list_accounts(original: Any, self: OrganizationsBackend, *args: Any, **wish: Any) -> Any:
    """Leaves out accounts that are still being made."""
    return _visible(original, self, *args, **wish)


@replaces(OrganizationsBackend, "list_accounts_for_parent")
def list_accounts_for_parent(original: Any, self: OrganizationsBackend, *args: Any, **wish: Any) -> Any:
    """Leaves out accounts that are still being made."""
    return _visible(original, self, *args, **wish)


def _visible(original: Any, self: OrganizationsBackend, *args: Any, **wish: Any) -> Any:
    everything = self.accounts
    self.accounts = [account for account in everything if _exists(account)]
    try:
        return original(self, *args, **wish)
    finally:
        self.accounts = everything
