"""What the environment says."""

import os
from dataclasses import dataclass

# The regions that an account has from birth. AWS adds new ones as opt-in only.
DEFAULT_REGIONS = (
    "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 "
    "eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2"
).split()

# Regions that an account has to ask for.
OPT_IN_REGIONS = (
    "af-south-1 ap-east-1 ap-south-2 ap-southeast-3 ap-southeast-4 ca-west-1 eu-central-2 eu-south-1 "
    "eu-south-2 il-central-1 me-central-1 me-south-1"
).split()


@dataclass(frozen=True)
class Settings:
    """Everything that can be set from outside."""

    management_account: str
    """`MOTO_ACCOUNT_ID`: the account that credentials belong to unless AssumeRole gave them out."""
    management_email: str
    """`AVM_MANAGEMENT_EMAIL`: that account's e-mail address."""
    organization: str
    """`AVM_ORGANIZATION_ID`: the organization that exists from the start."""
    regions: list[str]
    """`AVM_REGIONS`: the regions that every account has, separated by commas."""
    account_seconds: float
    """`AVM_ACCOUNT_SECS`: how long CreateAccount stays IN_PROGRESS."""
    role_seconds: float
    """`AVM_ROLE_SECS`: how long after that AssumeRole still answers AccessDenied."""
    stack_seconds: float
    """`AVM_STACK_SECS`: how long each operation of a stack stays IN_PROGRESS."""
    change_set_seconds: float
    """`AVM_CHANGE_SET_SECS`: how long each change set stays CREATE_PENDING."""
    paths: bool
    """`AVM_ACCOUNT_PATHS`: whether ListAccounts and DescribeAccount tell `Paths`."""
    empty_pages: bool
    """`AVM_EMPTY_PAGES`: whether lists of Organizations begin with an empty page and a NextToken."""


def _flag(name: str, default: str) -> bool:
    return os.environ.get(name, default) == "1"


# moto answers every request for MOTO_ACCOUNT_ID as long as the variable is set, whatever the credentials, so that
# no member account could be reached: it is taken out of the environment here.
SETTINGS = Settings(
    management_account=os.environ.pop("MOTO_ACCOUNT_ID", "123456789012"),
    management_email=os.environ.get("AVM_MANAGEMENT_EMAIL", "aws@example.com"),
    organization=os.environ.get("AVM_ORGANIZATION_ID", "o-exampleorg1"),
    regions=os.environ.get("AVM_REGIONS", ",".join(DEFAULT_REGIONS)).split(","),
    account_seconds=float(os.environ.get("AVM_ACCOUNT_SECS", "0")),
    role_seconds=float(os.environ.get("AVM_ROLE_SECS", "0")),
    stack_seconds=float(os.environ.get("AVM_STACK_SECS", "0")),
    change_set_seconds=float(os.environ.get("AVM_CHANGE_SET_SECS", "0")),
    paths=_flag("AVM_ACCOUNT_PATHS", "1"),
    empty_pages=_flag("AVM_EMPTY_PAGES", "0"),
)

# Loading the catalogue of machine images makes each account x region 25 times slower and ten times bigger.
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
