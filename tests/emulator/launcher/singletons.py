"""What a region has once: a GuardDuty detector, a Security Hub. Stock moto makes as many as it is asked for."""

from typing import Any

from moto.guardduty.models import GuardDutyBackend
from moto.securityhub.models import SecurityHubBackend

from .errors import GuardDutyError, SecurityHubError
from .patch import replaces


@replaces(GuardDutyBackend, "create_detector")
def create_detector(original: Any, self: GuardDutyBackend, *args: Any, **kwargs: Any) -> Any:
    """One per account and region."""
    if self.detectors:
        raise GuardDutyError(
            "BadRequestException",
            "The request is rejected because a detector already exists for the current account.",
        )
    return original(self, *args, **kwargs)


@replaces(SecurityHubBackend, "enable_security_hub")
def enable_security_hub(original: Any, self: SecurityHubBackend, *args: Any, **kwargs: Any) -> Any:
    """One per account and region."""
    if self.enabled:
        raise SecurityHubError("ResourceConflictException", "Account is already subscribed to Security Hub")
    return original(self, *args, **kwargs)
