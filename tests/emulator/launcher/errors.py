"""AWS's errors, as the services' own protocols carry them."""

from moto.core.exceptions import ServiceException


def error_class(service: str) -> type[ServiceException]:
    """A class of errors for a service: moto finds the wire protocol from the name of the class's module."""
    return type("LauncherError", (ServiceException,), {"__module__": f"moto.{service}.exceptions"})


CloudFormationError = error_class("cloudformation")
GuardDutyError = error_class("guardduty")
KmsError = error_class("kms")
OrganizationsError = error_class("organizations")
SecurityHubError = error_class("securityhub")
StsError = error_class("sts")


def reason(error: Exception) -> str:
    """What an error of any of moto's families says, without markup."""
    return getattr(error, "message", None) or str(error) or type(error).__name__
