"""EC2's settings of an account in a region, and the regions themselves.

Stock moto can set the default EBS key and not read it, knows no instance-metadata defaults and no blocks of public
access, and answers all regions of all partitions.
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response

from .accounts import opted_in
from .keys import find_key
from .patch import adds, replaces
from .settings import OPT_IN_REGIONS, SETTINGS

AWS_EBS_KEY = "alias/aws/ebs"


def _own(response: EC2Response) -> dict[str, Any]:
    """What this module remembers of the account in the region."""
    return response.ec2_backend.__dict__.setdefault("launcher_settings", {})


@replaces(EC2Backend, "modify_ebs_default_kms_key_id")
def modify_ebs_default_kms_key_id(original: Any, self: EC2Backend, kms_key_id: str) -> Any:
    """Refuses a key that is not there or not usable.

    AWS validates later, "the action can appear to complete, but eventually fails". At once is the stricter of
    the two for a client that looks first.
    """
    try:
        key = find_key(self.account_id, self.region_name, kms_key_id)
    except Exception:
        raise EC2ClientError(
            "InvalidParameterValue", f"The KMS key {kms_key_id} does not exist or is not accessible"
        ) from None
    if key.key_state != "Enabled" or key.key_spec != "SYMMETRIC_DEFAULT":
        raise EC2ClientError("InvalidParameterValue", f"The KMS key {kms_key_id} cannot be used")
    # moto's own looks among the account's keys only.
    self.default_kms_key_id = key.arn
    return key.arn


@adds(EC2Response)
def get_ebs_default_kms_key_id(self: EC2Response) -> ActionResult:
    """The key's ARN, or AWS's own key."""
    key = getattr(self.ec2_backend, "default_kms_key_id", None)
    return ActionResult({"KmsKeyId": key or AWS_EBS_KEY})


@adds(EC2Response)
def reset_ebs_default_kms_key_id(self: EC2Response) -> ActionResult:
    """Back to AWS's own key."""
    self.ec2_backend.default_kms_key_id = None
    return ActionResult({"KmsKeyId": AWS_EBS_KEY})


@adds(EC2Response)
def modify_instance_metadata_defaults(self: EC2Response) -> ActionResult:
    """Sets defaults; `no-preference` and -1 unset them."""
    defaults = _own(self).setdefault("instance-metadata", {})
    for key in ("HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint", "InstanceMetadataTags"):
        value = self._get_param(key)
        if value in ("no-preference", "-1", -1):
            defaults.pop(key, None)
        elif value not in (None, ""):
            defaults[key] = value
    return ActionResult({"Return": True})


@adds(EC2Response)
def get_instance_metadata_defaults(self: EC2Response) -> ActionResult:
    """What is set."""
    return ActionResult({"AccountLevel": _own(self).get("instance-metadata", {})})


@adds(EC2Response)
def enable_snapshot_block_public_access(self: EC2Response) -> ActionResult:
    """Blocks all sharing of snapshots, or new sharing."""
    _own(self)["snapshots"] = self._get_param("State")
    return ActionResult({"State": _own(self)["snapshots"]})


@adds(EC2Response)
def disable_snapshot_block_public_access(self: EC2Response) -> ActionResult:
    """Unblocks the sharing of snapshots."""
    _own(self)["snapshots"] = "unblocked"
    return ActionResult({"State": "unblocked"})


@adds(EC2Response)
def get_snapshot_block_public_access_state(self: EC2Response) -> ActionResult:
    """How snapshots may be shared."""
    return ActionResult({"State": _own(self).get("snapshots", "unblocked")})


@adds(EC2Response)
def enable_image_block_public_access(self: EC2Response) -> ActionResult:
    """Blocks new sharing of images."""
    _own(self)["images"] = self._get_param("ImageBlockPublicAccessState")
    return ActionResult({"ImageBlockPublicAccessState": _own(self)["images"]})


@adds(EC2Response)
def disable_image_block_public_access(self: EC2Response) -> ActionResult:
    """Unblocks the sharing of images."""
    _own(self)["images"] = "unblocked"
    return ActionResult({"ImageBlockPublicAccessState": "unblocked"})


@adds(EC2Response)
def get_image_block_public_access_state(self: EC2Response) -> ActionResult:
    """How images may be shared."""
    return ActionResult({"ImageBlockPublicAccessState": _own(self).get("images", "unblocked")})


def _serial_console(response: EC2Response) -> ActionResult:
    return ActionResult({"SerialConsoleAccessEnabled": _own(response).get("serial-console", False)})


@adds(EC2Response)
def enable_serial_console_access(self: EC2Response) -> ActionResult:
    """Lets people of the account connect to serial consoles."""
    _own(self)["serial-console"] = True
    return _serial_console(self)


@adds(EC2Response)
def disable_serial_console_access(self: EC2Response) -> ActionResult:
    """Lets nobody connect to serial consoles."""
    _own(self)["serial-console"] = False
    return _serial_console(self)


@adds(EC2Response)
def get_serial_console_access_status(self: EC2Response) -> ActionResult:
    """Whether anybody can; as long as nothing is set, nobody."""
    return _serial_console(self)


@replaces(EC2Response, "describe_regions")
def describe_regions(_original: Any, self: EC2Response) -> ActionResult:
    """The regions that are enabled in the account; with AllRegions, the others too."""
    asked = self._get_param("RegionNames", []) or []
    everything = self._get_bool_param("AllRegions", False)
    unknown = sorted(set(asked) - {*SETTINGS.regions, *OPT_IN_REGIONS})
    if unknown:
        raise EC2ClientError("InvalidParameterValue", f"Invalid region provided: {unknown}")
    regions = []
    for region in [*SETTINGS.regions, *OPT_IN_REGIONS]:
        status = "opt-in-not-required"
        if region in OPT_IN_REGIONS:
            status = "opted-in" if region in opted_in(self.current_account) else "not-opted-in"
        if (not asked or region in asked) and (everything or status != "not-opted-in"):
            endpoint = f"ec2.{region}.amazonaws.com"
            regions.append({"RegionName": region, "Endpoint": endpoint, "OptInStatus": status})
    return ActionResult({"Regions": regions})
