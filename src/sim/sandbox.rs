//! The simulated AWS in a file.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ports::SimulatedCloud;
use super::refusal::{Answer, Refusal};
use super::simulation::Simulation;
use super::world::World;
use crate::cloud::{CloudError, CloudProvider, Connection, ErrorKind, Result};
use crate::document::{FileError, read_file};

/// What passes between two commands, so that what takes AWS its time is over when somebody looks again.
const BETWEEN_COMMANDS: Duration = Duration::from_hours(1);

/// The version of the file's form that this program writes, and the only one that it reads.
const VERSION: u32 = 1;

/// The largest file: many times that of ten thousand accounts in seventeen regions.
const MAX_BYTES: u64 = 2_000_000_000;

/// A simulated AWS that lives in a file from run to run. It is saved whenever something has happened in it, and its
/// time goes on from there.
#[derive(Clone, Debug)]
pub struct Sandbox {
    /// The file. If it is not there, a connection begins with an organization that has nothing but its
    /// management account, and the first change makes the file.
    pub file: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Document<W> {
    version: u32,
    world: W,
}

/// The version alone: what follows it is of no known form until the version is.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

impl CloudProvider for Sandbox {
    type Cloud = SimulatedCloud;

    async fn connect(&self, connection: &Connection) -> Result<SimulatedCloud> {
        let world = open(&self.file, connection).map_err(error)?;
        Simulation::on(world, Some(self.file.clone())).connect(connection).await
    }
}

fn open(file: &Path, connection: &Connection) -> Answer<World> {
    match read_file(file, MAX_BYTES) {
        Ok(text) => {
            let mut world = read(&text)
                .map_err(|message| failure(file, ErrorKind::Refused, "SandboxForm", &message))?;
            world.clock = world.clock.after(BETWEEN_COMMANDS);
            pinned(world, connection).map_err(|message| {
                failure(file, ErrorKind::Credentials, "OtherOrganization", &message)
            })
        }
        Err(FileError::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(World::new(
            connection.organization.clone(),
            connection.management_account.clone(),
            connection.management_email.clone(),
        )),
        Err(error) => Err(failure(file, ErrorKind::Unavailable, "SandboxFile", &error.to_string())),
    }
}

fn read(text: &str) -> std::result::Result<World, String> {
    let damaged = |error: serde_json::Error| format!("the file is damaged: {error}");
    let Version { version } = serde_json::from_str(text).map_err(damaged)?;
    if version != VERSION {
        return Err(format!(
            "the file has version {version}, and this avm reads version {VERSION}"
        ));
    }
    serde_json::from_str::<Document<World>>(text).map(|document| document.world).map_err(damaged)
}

fn pinned(world: World, connection: &Connection) -> std::result::Result<World, String> {
    let Connection { organization, management_account, .. } = connection;
    if world.organization == *organization && world.management_account == *management_account {
        return Ok(world);
    }
    Err(format!(
        "the file simulates organization {} with management account {}, not {organization} with \
         {management_account}",
        world.organization, world.management_account
    ))
}

/// Saves the world: a new file in the place of the old one, or the old one unharmed.
pub(super) fn save(world: &World, file: &Path) -> Answer<()> {
    write(world, file).map_err(|error| out_of_reach(file, &error))
}

fn write(world: &World, file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut new = io::BufWriter::new(tempfile::NamedTempFile::new_in(folder)?);
    serde_json::to_writer_pretty(&mut new, &Document { version: VERSION, world })?;
    new.write_all(b"\n")?;
    new.into_inner()?.persist(file)?;
    Ok(())
}

fn out_of_reach(file: &Path, error: &io::Error) -> Refusal {
    failure(file, ErrorKind::Unavailable, "SandboxFile", &error.to_string())
}

fn failure(file: &Path, kind: ErrorKind, code: &'static str, message: &str) -> Refusal {
    Refusal::new(kind, code, format!("{}: {message}", file.display()))
}

/// What is wrong with the file is no answer of AWS.
pub(super) fn error(refusal: Refusal) -> CloudError {
    CloudError::new(refusal.kind, "sandbox", refusal.code, refusal.message)
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _, NewAccount, Protection, RequestState};
    use crate::model::{RegionSetting, SecurityService, SerialConsole};
    use crate::sim::world::OrganizationPolicy;

    fn connection(organization: &str) -> Connection {
        Connection {
            organization: organization.parse().unwrap(),
            management_account: "111111111111".parse().unwrap(),
            management_email: Some("root@example.com".parse().unwrap()),
            access_role: "OrganizationAccountAccessRole".parse().unwrap(),
            home: "eu-west-1".parse().unwrap(),
            run: "run1".into(),
            command: "plan",
            protection: Protection::default(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_sandbox_remembers_what_was_done_and_how_late_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let sandbox = Sandbox { file: folder.path().join("new/sandbox.json") };
        let first = sandbox.connect(&connection("o-exampleorg1")).await.unwrap();
        assert_eq!(first.accounts(None).await.unwrap().accounts[0].email, "root@example.com");
        assert!(!sandbox.file.exists(), "reading has made a file");
        advance(Duration::from_mins(1)).await;
        let account = NewAccount {
            name: "dev".parse().unwrap(),
            email: "dev@example.com".parse().unwrap(),
            role: "OrganizationAccountAccessRole".parse().unwrap(),
            tags: std::collections::BTreeMap::new(),
        };
        let request = first.create_account(&account).await.unwrap();
        let state = first.account_request(&request.id).await.unwrap().state;
        assert_eq!(state, RequestState::InProgress);
        drop(first);

        // What takes minutes is over when the next command begins.
        let second = sandbox.connect(&connection("o-exampleorg1")).await.unwrap();
        let state = second.account_request(&request.id).await.unwrap().state;
        let RequestState::Succeeded(id) = state else { panic!("no account: {state:?}") };
        advance(Duration::from_mins(1)).await;
        second.probe(&id).await.unwrap();
        drop(second);

        let third = sandbox.connect(&connection("o-exampleorg1")).await.unwrap();
        third.probe(&id).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_file_that_is_not_ours_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.json");
        let sandbox = Sandbox { file: file.clone() };
        let refusal = async |organization: &str| {
            sandbox.connect(&connection(organization)).await.unwrap_err().message
        };
        for (text, reason) in
            [("{\"version\": 1", "damaged"), ("{\"version\": 2, \"sea\": 1}", "version 2")]
        {
            fs::write(&file, text).unwrap();
            let message = refusal("o-exampleorg1").await;
            assert!(message.contains(reason), "{message}");
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
        }
        fs::remove_file(&file).unwrap();
        let aws = sandbox.connect(&connection("o-exampleorg1")).await.unwrap();
        let root = aws.organization().await.unwrap().root;
        aws.create_organizational_unit(&root, "Core").await.unwrap();
        let message = refusal("o-otherorg001").await;
        assert!(message.contains("o-exampleorg1"), "{message}");
    }

    #[test]
    fn a_world_reads_back_as_it_was() {
        let stack = crate::cloud::StackInput {
            name: "logs".parse().unwrap(),
            template: crate::cloud::TemplateLocation::Body(
                "Resources: {Group: {Type: AWS::Logs::LogGroup}}".into(),
            ),
            parameters: std::collections::BTreeMap::new(),
            capabilities: std::collections::BTreeSet::new(),
            token: "t1".into(),
        };
        let state = crate::cloud::StackState::UpdateInProgress;
        let console = RegionSetting::SerialConsole(SerialConsole::Disabled);
        let simulation = Simulation::new(crate::sim::SimulationSettings::default())
            .with_account("dev", "dev@example.com", "Workloads/UAT")
            .with_bucket("dev", "eu-west-1", "logs")
            .with_default_vpc_in_use("dev", "eu-west-1")
            .with_key("dev", "eu-west-1", "alias/uat/ec2", "Enabled", "SYMMETRIC_DEFAULT")
            .with_ebs_encryption("dev", "eu-west-1", "alias/uat/ec2")
            .with_unmanaged("dev", "eu-west-1", "AWS::IAM::Role", "config")
            .with_shared_key("dev", "eu-west-1", "alias/uat/ec2")
            .with_service_administrator("eu-west-1", SecurityService::GuardDuty, "dev")
            .with_organization_trail("dev", "eu-west-1", "all")
            .with_organization_policy("Workloads", OrganizationPolicy::Region(console))
            .with_region_on_its_way("dev", "af-south-1")
            .with_stack("dev", "eu-west-1", &stack, state)
            .with_failing_resource("Group", "no luck", 1);
        let world = simulation.world();
        let text = serde_json::to_string(&Document { version: VERSION, world: &*world }).unwrap();
        assert_eq!(read(&text).unwrap(), *world);
    }

    #[test]
    fn a_world_of_an_older_program_is_read() {
        let simulation = Simulation::new(crate::sim::SimulationSettings::default())
            .with_account("dev", "dev@example.com", "/")
            .with_key("dev", "eu-west-1", "alias/uat/ec2", "Enabled", "SYMMETRIC_DEFAULT");
        let world = simulation.world();
        let mut older = serde_json::to_value(&*world).unwrap();
        for setting in [
            "change-set",
            "region-opt-in",
            "image-block",
            "guardduty-members",
            "credential-life",
            "throttles",
        ] {
            older["settings"].as_object_mut().unwrap().remove(setting).unwrap();
        }
        let text = serde_json::json!({"version": VERSION, "world": older}).to_string();
        // What has been added since is left out while it is empty, so the rest is what it wrote.
        for added in ["administration", "missing-accounts", "opting-in", "owners", "shared"] {
            assert!(!text.contains(added), "{added} is written although there is none");
        }
        assert_eq!(read(&text).unwrap(), *world);
    }
}
