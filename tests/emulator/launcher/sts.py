"""STS: a role has to exist, its account has to be usable, and session names follow AWS's rules.

Stock moto lets anybody assume anything anywhere.
"""

import re
from typing import Any

from moto.core.exceptions import AccessDeniedError
from moto.iam.models import iam_backends
from moto.sts.models import STSBackend

from .errors import StsError
from .organizations import can_be_entered, find
from .patch import replaces


@replaces(STSBackend, "assume_role")
def assume_role(
    original: Any,
    self: STSBackend,
    region_name: str,
    role_session_name: str,
    role_arn: str,
    policy: str,
    duration: int,
    external_id: str,
) -> Any:
    """Refuses as AWS does; a role that is not there and one that is not there yet look the same."""
    if not re.fullmatch(r"[\w+=,.@-]{2,64}", role_session_name, re.ASCII):
        raise StsError(
            "ValidationError",
            f"1 validation error detected: Value '{role_session_name}' at 'roleSessionName' failed to satisfy "
            "constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
        )
    role = _role(role_arn)
    if not role:
        # moto's own class, because STS's model does not name the error and its status would be 400.
        raise AccessDeniedError("the caller", f"sts:AssumeRole on resource: {role_arn}")
    if duration and int(duration) > int(role.max_session_duration or 3600):
        raise StsError(
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        )
    return original(self, region_name, role_session_name, role_arn, policy, duration, external_id)


def _role(arn: str) -> Any:
    parts = re.fullmatch(r"arn:aws:iam::(\d{12}):role/(?:.*/)?([^/]+)", arn)
    if not parts:
        return None
    account, name = parts.groups()
    member = find(account)
    if member and not can_be_entered(member):
        return None
    roles = iam_backends[account]["aws"].roles.values()
    return next((role for role in roles if role.name == name), None)
