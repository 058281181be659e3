"""Stacks on the emulator, made and looked at by boto3."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from template import TEMPLATES

_LAUNCHER = Path(__file__).resolve().parents[1] / "emulator"


class Emulator:
    """An emulator of its own, for as long as a test lasts."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "launcher", "--port", "0"]
        self.process = subprocess.Popen(
            command, cwd=_LAUNCHER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.address = self.process.stdout.readline().split()[-1]

    def close(self) -> None:
        """Ends it."""
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def client(self, service: str, region: str = "us-east-1") -> Any:
        """A client of boto3."""
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=f"http://{self.address}",
            aws_access_key_id="AKIAEMULATOR00000000",
            aws_secret_access_key="secret",
            config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    def deploy(
        self, template: str, parameters: dict[str, str], region: str = "us-east-1", name: str = "stack"
    ) -> dict[str, str]:
        """Makes or updates a stack from a shipped template; answers its outputs."""
        stacks = self.client("cloudformation", region)
        known = {stack["StackName"] for stack in stacks.describe_stacks()["Stacks"]}
        act = stacks.update_stack if name in known else stacks.create_stack
        act(
            StackName=name,
            TemplateBody=(TEMPLATES / template).read_text(),
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
            ],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        while (stack := stacks.describe_stacks(StackName=name)["Stacks"][0])["StackStatus"].endswith(
            "_IN_PROGRESS"
        ):
            time.sleep(0.05)
        if stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            events = stacks.describe_stack_events(StackName=name)["StackEvents"]
            reasons = [
                f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
                for event in events
                if event["ResourceStatus"].endswith("FAILED") and "ResourceStatusReason" in event
            ]
            raise RuntimeError(f"{template}: {stack['StackStatus']}: {reasons}")
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}

    def resources(self, region: str = "us-east-1", name: str = "stack") -> dict[str, str]:
        """Physical ids by logical ids."""
        pages = self.client("cloudformation", region).get_paginator("list_stack_resources")
        return {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for page in pages.paginate(StackName=name)
            for resource in page["StackResourceSummaries"]
        }
