"""The emulated AWS as an account sees it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

HOME = "eu-west-1"
REGIONS = (HOME, "us-east-1")
TEMPLATES = Path(__file__).parents[3] / "templates"

deployed: set[str] = set()
"""The templates that some account has been given."""


class Emulator:
    """A running emulator; it ends with this process."""

    def __init__(self) -> None:
        environment = os.environ | {"AVM_REGIONS": ",".join(REGIONS)}
        command = [sys.executable, "-m", "launcher", "--port", "0"]
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        self.address = self.process.stdout.readline().split()[-1]
        keys = {"aws_access_key_id": "AKIAEMULATOR00000000", "aws_secret_access_key": "secret"}
        self.management = Account(self.address, keys)
        self.organization: str = self.management("organizations").describe_organization()["Organization"]["Id"]

    def account(self, name: str) -> "Account":
        """A new account, entered by its access role."""
        made = self.management("organizations").create_account(AccountName=name, Email=f"{name}@example.com")
        number = made["CreateAccountStatus"]["AccountId"]
        role = f"arn:aws:iam::{number}:role/OrganizationAccountAccessRole"
        session = self.management("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        keys = {
            "aws_access_key_id": session["AccessKeyId"],
            "aws_secret_access_key": session["SecretAccessKey"],
            "aws_session_token": session["SessionToken"],
        }
        return Account(self.address, keys)


class Account:
    """An account, with credentials for it."""

    def __init__(self, address: str, keys: dict[str, str]) -> None:
        self.address, self.keys = address, keys
        self.id: str = self("sts").get_caller_identity()["Account"]

    def __call__(self, service: str, region: str = HOME) -> Any:
        """A client of a service."""
        config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
        address = f"http://{self.address}"
        return boto3.client(service, region_name=region, endpoint_url=address, config=config, **self.keys)

    def deploy(self, template: str, region: str = HOME, name: str = "", **parameters: str) -> dict[str, str]:
        """Creates a stack, sees that nothing is left to update, and answers the stack's outputs."""
        deployed.add(template)
        stacks, name = self("cloudformation", region), name or Path(template).stem
        request = _request(name, (TEMPLATES / template).read_text(), parameters)
        stacks.create_stack(**request)
        stack = stacks.describe_stacks(StackName=name)["Stacks"][0]
        if stack["StackStatus"] != "CREATE_COMPLETE":
            events = stacks.describe_stack_events(StackName=name)["StackEvents"]
            raise AssertionError([event.get("ResourceStatusReason") for event in events])
        try:
            stacks.update_stack(**request)
        except ClientError as error:
            assert "No updates are to be performed" in str(error), error
        else:
            raise AssertionError(f"{name}: a second run would change something")
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}

    def update(self, template: str, region: str = HOME, **parameters: str) -> None:
        """Updates a stack to other parameters."""
        stacks, name = self("cloudformation", region), Path(template).stem
        stacks.update_stack(**_request(name, (TEMPLATES / template).read_text(), parameters))
        status = stacks.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        assert status == "UPDATE_COMPLETE", status


def _request(name: str, body: str, parameters: dict[str, str]) -> dict[str, Any]:
    return {
        "StackName": name,
        "TemplateBody": body,
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
    }
