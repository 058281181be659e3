"""GuardDuty, Security Hub, Access Analyzer."""

from .aws import HOME, REGIONS, Account, Emulator


def check(emulator: Emulator, security: Account, workload: Account) -> None:
    """The administrator, a member, and what the administrator has for the organization."""
    _check_guardduty(security, workload)
    _check_standards(security, workload)
    emulator.management("securityhub").enable_organization_admin_account(AdminAccountId=security.id)
    _check_administration(security)
    for region in REGIONS:
        security.deploy("access-analyzer.yaml", region, HomeRegion=HOME, UnusedAccess="ENABLED")
        analyzers = security("accessanalyzer", region).list_analyzers()["analyzers"]
        wanted = {"ORGANIZATION"} | ({"ORGANIZATION_UNUSED_ACCESS"} if region == HOME else set())
        assert {analyzer["type"] for analyzer in analyzers} == wanted


def _check_guardduty(security: Account, workload: Account) -> None:
    for account in (security, workload):
        outputs = account.deploy("guardduty.yaml", AdministratorAccountId=security.id)
        guardduty, detector = account("guardduty"), outputs["DetectorId"]
        assert outputs["AccountId"] == account.id
        features = guardduty.get_detector(DetectorId=detector)["Features"]
        on = {feature["Name"] for feature in features if feature["Status"] == "ENABLED"}
        assert on == {"EBS_MALWARE_PROTECTION"}, on
        answer = guardduty.get_administrator_account(DetectorId=detector)
        administrator = answer.get("Administrator", {}).get("AccountId")
        assert administrator == (None if account is security else security.id)


def _check_standards(security: Account, workload: Account) -> None:
    security.deploy("security-hub.yaml")
    workload.deploy("security-hub.yaml", Cis="DISABLED", Nist80053="ENABLED", PciDss="ENABLED")
    assert _standards(security) == [
        "aws-foundational-security-best-practices/v/1.0.0",
        "cis-aws-foundations-benchmark/v/5.0.0",
    ]
    assert _standards(workload) == [
        "aws-foundational-security-best-practices/v/1.0.0",
        "nist-800-53/v/5.0.0",
        "pci-dss/v/4.0.1",
    ]


def _standards(account: Account) -> list[str]:
    standards = account("securityhub").get_enabled_standards()["StandardsSubscriptions"]
    start = f"arn:aws:securityhub:{HOME}::standards/"
    return sorted(standard["StandardsArn"].removeprefix(start) for standard in standards)


def _check_administration(security: Account) -> None:
    hub = security("securityhub")
    outputs = security.deploy("security-hub-aggregator.yaml")
    assert hub.list_finding_aggregators()["FindingAggregators"] == [outputs]
    organization = "security-hub-organization.yaml"
    security.deploy(organization, AutoEnable="true")
    answer = hub.describe_organization_configuration()
    assert answer["AutoEnable"] and answer["AutoEnableStandards"] == "NONE"
    assert answer["OrganizationConfiguration"]["ConfigurationType"] == "LOCAL"

    security.update(
        organization,
        ConfigurationType="CENTRAL",
        CentralTarget="r-ab12",
        AutoEnable="true",
        DisabledControls="IAM.6,S3.7",
    )
    answer = hub.describe_organization_configuration()
    assert not answer["AutoEnable"]
    assert answer["OrganizationConfiguration"]["ConfigurationType"] == "CENTRAL"
    (policy,) = hub.list_configuration_policies()["ConfigurationPolicySummaries"]
    said = hub.get_configuration_policy(Identifier=policy["Id"])["ConfigurationPolicy"]["SecurityHub"]
    assert said["ServiceEnabled"] and len(said["EnabledStandardIdentifiers"]) == 2
    disabled = said["SecurityControlsConfiguration"]["DisabledSecurityControlIdentifiers"]
    assert disabled == ["IAM.6", "S3.7"]
    (held,) = hub.list_configuration_policy_associations()["ConfigurationPolicyAssociationSummaries"]
    assert (held["TargetType"], held["TargetId"]) == ("ROOT", "r-ab12")
