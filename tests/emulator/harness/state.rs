//! Everything that two runs to the same end have to agree on.

use super::member::Member;
use super::server::{MANAGEMENT_ACCOUNT, REGIONS};
use super::world::World;

impl World {
    /// The member accounts, one line for each fact, without ids: two accounts with one e-mail address end the test.
    #[track_caller]
    pub(crate) fn state(&self) -> Vec<String> {
        let mut facts = Vec::new();
        let mut accounts = self.aws.accounts();
        accounts.sort();
        for (email, id) in accounts.iter().filter(|(_, id)| id != MANAGEMENT_ACCOUNT) {
            let account = self.aws.member(email);
            facts.push(format!("{email} in {}, {:?}", self.aws.place(id), self.aws.tags(id)));
            facts.push(format!(
                "{email}: {:?}, minimum length {:?}, {}",
                account.s3_public_access_blocks(),
                account.password_policy().and_then(|policy| policy.minimum_password_length()),
                account.service_of_role("AWSServiceRoleForConfig"),
            ));
            for region in REGIONS {
                let told = account.region_facts(region).into_iter();
                facts.extend(told.map(|fact| format!("{email} {region}: {fact}")));
            }
        }
        facts
    }
}

impl Member<'_> {
    fn region_facts(&self, region: &str) -> Vec<String> {
        let mut facts: Vec<_> =
            self.stacks(region).iter().map(|(name, stack)| format!("{name} {stack:?}")).collect();
        facts.push(format!("left over: {:?}", self.unexecuted(region)));
        facts.push(format!("{} parts of a network", self.network(region).len()));
        facts.push(format!("{} keys", self.count_keys(region)));
        if let Some(key) = self.default_ebs_key(region) {
            let named = self.key(region, "alias/uat/ec2") == key;
            facts.push(format!("EBS encrypts with the environment's key: {named}"));
        }
        facts.push(format!("{:?}", self.ec2_settings(region)));
        facts
    }
}
