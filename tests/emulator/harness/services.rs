//! What the baseline's stacks have made, as the services themselves tell it.

use super::member::Member;

const CLOUDTRAIL: &str = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101";
const CONFIG: &str = "StarlingDoveService";

impl Member<'_> {
    /// Whether the account has one trail in the region, for all regions, and it records.
    pub(crate) fn trail_records(&self, region: &str) -> bool {
        let trails = self.ask("cloudtrail", region, &format!("{CLOUDTRAIL}.DescribeTrails"), "{}");
        let [trail] = trails["trailList"].as_array().unwrap().as_slice() else { return false };
        let name = format!(r#"{{"Name": {}}}"#, trail["Name"]);
        let status = self.ask("cloudtrail", region, &format!("{CLOUDTRAIL}.GetTrailStatus"), &name);
        trail["IsMultiRegionTrail"] == true && status["IsLogging"] == true
    }

    /// Whether the region has a configuration recorder, and it is on.
    pub(crate) fn recorder_is_on(&self, region: &str) -> bool {
        let target = format!("{CONFIG}.DescribeConfigurationRecorderStatus");
        let answer = self.ask("config", region, &target, "{}");
        answer["ConfigurationRecordersStatus"][0]["recording"] == true
    }

    /// The number of GuardDuty detectors in the region.
    pub(crate) fn detectors(&self, region: &str) -> usize {
        let answer = self.get("guardduty", region, "/detector");
        answer["detectorIds"].as_array().unwrap().len()
    }
}
