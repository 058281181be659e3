"""Account management: the regions of an account, which stock moto does not know."""

from typing import Any

from moto.account import urls
from moto.account.responses import AccountResponse
from moto.core.responses import ActionResult, EmptyResult

from .patch import adds
from .settings import OPT_IN_REGIONS, SETTINGS

_enabled: dict[str, set[str]] = {}


def opted_in(account: str) -> set[str]:
    """The opt-in regions that were enabled in the account."""
    return _enabled.setdefault(account, set())


def _account(response: AccountResponse) -> str:
    return response._get_param("AccountId") or response.current_account


def _status(account: str, region: str) -> str:
    if region in SETTINGS.regions:
        return "ENABLED_BY_DEFAULT"
    return "ENABLED" if region in opted_in(account) else "DISABLED"


@adds(AccountResponse)
def list_regions(self: AccountResponse) -> ActionResult:
    """Every region, or those with a status that is asked for."""
    account, wanted = _account(self), self._get_param("RegionOptStatusContains")
    regions: list[dict[str, Any]] = [
        {"RegionName": region, "RegionOptStatus": _status(account, region)}
        for region in sorted([*SETTINGS.regions, *OPT_IN_REGIONS])
    ]
    return ActionResult({"Regions": [r for r in regions if not wanted or r["RegionOptStatus"] in wanted]})


@adds(AccountResponse)
def get_region_opt_status(self: AccountResponse) -> ActionResult:
    """One region's status."""
    region = self._get_param("RegionName")
    return ActionResult({"RegionName": region, "RegionOptStatus": _status(_account(self), region)})


@adds(AccountResponse)
def enable_region(self: AccountResponse) -> EmptyResult:
    """Enables an opt-in region. AWS takes minutes to hours for it; this does not."""
    opted_in(_account(self)).add(self._get_param("RegionName"))
    return EmptyResult()


@adds(AccountResponse)
def disable_region(self: AccountResponse) -> EmptyResult:
    """Disables an opt-in region."""
    opted_in(_account(self)).discard(self._get_param("RegionName"))
    return EmptyResult()


for path in ("listRegions", "getRegionOptStatus", "enableRegion", "disableRegion"):
    urls.url_paths["{0}/" + path + "$"] = AccountResponse.dispatch
