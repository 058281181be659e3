"""Central buckets, trails, and what AWS Config records."""

import json

from .aws import HOME, REGIONS, Account, Emulator

POLICY_LIMIT = 20_480


def check(emulator: Emulator, archive: Account, security: Account, workload: Account) -> None:
    """From the buckets to those that deliver to them."""
    management, organization = emulator.management, emulator.organization
    logs = archive.deploy(
        "log-buckets.yaml", OrganizationId=organization, ManagementAccount=management.id
    )
    assert "OrganizationTrailDelivers" in _statements(archive, logs["TrailBucket"])
    assert "OrganizationTrailDelivers" not in _statements(archive, logs["ConfigBucket"])
    alone = archive.deploy(
        "log-buckets.yaml", "us-east-1", OrganizationId=organization, TrailObjectLockMode="COMPLIANCE"
    )
    assert "OrganizationTrailDelivers" not in _statements(archive, alone["TrailBucket"])

    place = {"Bucket": logs["TrailBucket"], "KmsKeyArn": logs["LogKeyArn"]}
    workload.deploy("cloudtrail.yaml", **place)
    _check_trail(workload, of_organization=False)
    management.deploy("organization-trail.yaml", OrganizationId=organization, **place)
    _check_trail(management, of_organization=True)

    place = {"HomeRegion": HOME, "Bucket": logs["ConfigBucket"], "KmsKeyArn": logs["LogKeyArn"]}
    for region in REGIONS:
        workload.deploy("config.yaml", region, **place)
        config = workload("config", region)
        (recorder,) = config.describe_configuration_recorders()["ConfigurationRecorders"]
        (status,) = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
        assert recorder["recordingGroup"]["includeGlobalResourceTypes"] == (region == HOME)
        assert recorder["roleARN"].endswith("/AWSServiceRoleForConfig")
        assert status["recording"]
    outputs = security.deploy("config-aggregator.yaml")
    (aggregator,) = security("config").describe_configuration_aggregators()["ConfigurationAggregators"]
    assert aggregator["ConfigurationAggregatorArn"] == outputs["AggregatorArn"]
    assert aggregator["OrganizationAggregationSource"]["AllAwsRegions"]


def _statements(archive: Account, bucket: str) -> set[str]:
    text = archive("s3").get_bucket_policy(Bucket=bucket)["Policy"]
    assert len(text) < POLICY_LIMIT
    return {statement["Sid"] for statement in json.loads(text)["Statement"]}


def _check_trail(account: Account, of_organization: bool) -> None:
    cloudtrail = account("cloudtrail")
    (trail,) = cloudtrail.describe_trails()["trailList"]
    assert trail["IsOrganizationTrail"] == of_organization
    assert trail["IsMultiRegionTrail"] and trail["LogFileValidationEnabled"] and trail["KmsKeyId"]
    assert trail["CloudWatchLogsLogGroupArn"] and trail["CloudWatchLogsRoleArn"]
    assert cloudtrail.get_trail_status(Name=trail["Name"])["IsLogging"]
