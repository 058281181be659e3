//! The options of each command, and examples for its help.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap_complete::Shell;

use super::report_file::ReportFile;
use super::words::{Format, ListFormat, PolicyFormat, PurposeName, SchemaName};
use crate::cli::selector::SelectorArguments;
use crate::desired::ChangeLimits;
use crate::execute::Limits;
use crate::model::{AccountName, BaselineName, Email, EnvironmentName, OuPath, SoakTime, WaveName};

pub(super) const INIT_EXAMPLES: &str = "\
Examples:
  avm init                    in this folder
  avm -C landing-zone init    in another one, which need not exist";

pub(super) const VALIDATE_EXAMPLES: &str = "\
Examples:
  avm validate
  avm validate --strict                       also holds the templates against rules for security
  avm validate --format json | jq -r '.[].message'
  avm validate --strict --format sarif > avm.sarif

--strict looks at every file of templates/ with the rules that come with avm and those of your own that stand in \
guard/*.guard, in the language of CloudFormation Guard. docs/strict.md lists them.";

/// Options of `avm validate`.
#[derive(Debug, Args)]
pub(in crate::cli) struct ValidateArguments {
    /// Hold every template against rules for security, and check its policies
    #[arg(long)]
    pub(in crate::cli) strict: bool,

    /// How to print the faults
    #[arg(long, value_enum, default_value_t)]
    pub(in crate::cli) format: ListFormat,
}

/// Whether CloudFormation itself is asked.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "CloudFormation's own answer")]
pub(in crate::cli) struct PreviewArguments {
    /// Ask CloudFormation what each stack of the plan comes to, with change sets that are made for the question and
    /// removed at once: so this writes, and needs more permissions than a plan
    #[arg(long)]
    pub(in crate::cli) change_sets: bool,

    /// With --change-sets: compare with what is really there, and tell what it would put back
    #[arg(long, requires = "change_sets")]
    pub(in crate::cli) revert_drift: bool,
}

pub(super) const PLAN_EXAMPLES: &str = "\
Examples:
  avm plan                                   everything
  avm plan --sandbox                         against the simulated AWS, without credentials
  avm plan --ou 'Workloads/**' --wave canary
  avm plan --account 'payments-*' --region eu-west-1
  avm plan --out plan.json                   then: avm update --plan plan.json
  avm plan --format markdown --detailed-exitcode
  avm plan --stack avm-config --change-sets  what CloudFormation itself would do

Patterns: * is any text, ? one character, {a,b} either. Within one option any pattern may match, and all \
options that are given must.";

/// Options of `avm plan`.
#[derive(Debug, Args)]
pub(in crate::cli) struct PlanArguments {
    /// Save the plan, for `avm update --plan FILE`
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) out: Option<PathBuf>,

    /// How to print the plan
    #[arg(long, value_enum, default_value_t)]
    pub(in crate::cli) format: Format,

    /// End with 2 instead of 0 if there is something to do, blocked, or not reachable
    #[arg(long)]
    pub(in crate::cli) detailed_exitcode: bool,

    /// Read every deployed template, and do not rely on the digest that travels with it
    #[arg(long)]
    pub(in crate::cli) deep: bool,

    // Flattened last: clap puts the options that follow under the heading of the flattened ones.
    #[command(flatten)]
    pub(in crate::cli) selector: SelectorArguments,
    #[command(flatten)]
    pub(in crate::cli) previews: PreviewArguments,
    #[command(flatten)]
    pub(in crate::cli) limits: LimitArguments,
}

pub(super) const SHOW_EXAMPLES: &str = "\
Examples:
  avm show plan.json                         what `avm plan --out plan.json` saved
  avm show plan.json -v                      every account, region and value
  avm show plan.json --format html > plan.html
  avm show report.json --format markdown     what `avm update --report report.json` saved
  avm plan --format json | avm show - --format junit

It looks at the file and at nothing else: neither at AWS nor at the folder.";

/// Options of `avm show`.
#[derive(Debug, Args)]
pub(in crate::cli) struct ShowArguments {
    /// A saved plan, or a saved report in JSON; - is standard input
    #[arg(value_name = "FILE")]
    pub(in crate::cli) file: PathBuf,

    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub(in crate::cli) format: Format,

    /// End with 2 instead of 0 if the plan has something to do, blocked, or not reachable, or the run did not do all
    #[arg(long)]
    pub(in crate::cli) detailed_exitcode: bool,
}

pub(super) const CREATE_EXAMPLES: &str = "\
Examples:
  avm create payments-uat                    as landing-zone.yaml declares it
  avm create payments-uat --dry-run          what `avm plan` would show
  avm create payments-dev --email aws+payments-dev@example.com \\
      --ou Workloads/Dev --environment dev --baseline standard --tag owner=payments

Running it again continues where an earlier run ended, and never makes a second account.";

/// Options of `avm create`.
#[derive(Debug, Args)]
pub(in crate::cli) struct CreateArguments {
    /// The account's name
    pub(in crate::cli) name: AccountName,

    /// Show what would be done, and do nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,

    /// With --dry-run: end with 2 instead of 0 if there is something to do, blocked, or not reachable
    #[arg(long, requires = "dry_run")]
    pub(in crate::cli) detailed_exitcode: bool,

    /// Do not ask
    #[arg(short, long)]
    pub(in crate::cli) yes: bool,

    /// How to print what was done, or with --dry-run the plan
    #[arg(long, value_enum, default_value_t)]
    pub(in crate::cli) format: Format,

    /// Save what was done, in the form of the file's ending: .json, .html, .md, .txt, or .xml for CI servers; may be
    /// repeated
    #[arg(long = "report", value_name = "FILE", conflicts_with = "dry_run")]
    pub(in crate::cli) reports: Vec<ReportFile>,

    /// Wait for another run that holds the lease of landing-zone.yaml, for at most 1s to 24h, instead of being refused
    #[arg(long, value_name = "TIME", value_parser = waiting, conflicts_with = "dry_run")]
    pub(in crate::cli) lease_wait: Option<Duration>,

    // Flattened last: clap puts the options that follow under the heading of the flattened ones.
    #[command(flatten)]
    pub(in crate::cli) entry: EntryArguments,
    #[command(flatten)]
    pub(in crate::cli) previews: PreviewArguments,
    #[command(flatten)]
    pub(in crate::cli) limits: LimitArguments,
}

/// What an account needs that landing-zone.yaml does not declare yet.
#[derive(Debug, Args)]
#[command(next_help_heading = "For an account that landing-zone.yaml does not declare yet")]
pub(in crate::cli) struct EntryArguments {
    /// Its root user's e-mail address; an account that has it already is adopted
    #[arg(long)]
    pub(in crate::cli) email: Option<Email>,

    /// Its organizational unit, such as Workloads/Dev
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) ou: Option<OuPath>,

    /// Its baseline
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) baseline: Option<BaselineName>,

    /// Its environment
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) environment: Option<EnvironmentName>,

    /// Its wave [default: the last one]
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) wave: Option<WaveName>,

    /// A tag; may be repeated
    #[arg(long = "tag", value_name = "KEY=VALUE", value_parser = tag)]
    pub(in crate::cli) tags: Vec<(String, String)>,
}

pub(super) const UPDATE_EXAMPLES: &str = "\
Examples:
  avm update                                 plan, show, ask, do
  avm update --wave canary --yes             without asking
  avm update --plan plan.json                what was reviewed, and nothing else
  avm update --yes --lease-wait 30m          after another run that holds the lease
  avm update --account payments-uat --dry-run
  avm update --stack avm-cloudtrail --report report.json --report report.html

A run that is interrupted or fails is continued by running it again.";

/// Options of `avm update`.
#[derive(Debug, Args)]
pub(in crate::cli) struct UpdateArguments {
    /// Do what a saved plan says, and refuse if anything has changed since
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) plan: Option<PathBuf>,

    /// Show what would be done, and do nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,

    /// With --dry-run: end with 2 instead of 0 if there is something to do, blocked, or not reachable
    #[arg(long, requires = "dry_run")]
    pub(in crate::cli) detailed_exitcode: bool,

    /// Do not ask
    #[arg(short, long)]
    pub(in crate::cli) yes: bool,

    /// How to print what was done, or with --dry-run the plan
    #[arg(long, value_enum, default_value_t)]
    pub(in crate::cli) format: Format,

    /// Save what was done, in the form of the file's ending: .json, .html, .md, .txt, or .xml for CI servers; may be
    /// repeated
    #[arg(long = "report", value_name = "FILE", conflicts_with = "dry_run")]
    pub(in crate::cli) reports: Vec<ReportFile>,

    /// Wait for another run that holds the lease of landing-zone.yaml, for at most 1s to 24h, instead of being refused
    #[arg(long, value_name = "TIME", value_parser = waiting, conflicts_with = "dry_run")]
    pub(in crate::cli) lease_wait: Option<Duration>,

    // Flattened last: clap puts the options that follow under the heading of the flattened ones.
    #[command(flatten)]
    pub(in crate::cli) selector: SelectorArguments,
    #[command(flatten)]
    pub(in crate::cli) previews: PreviewArguments,
    #[command(flatten)]
    pub(in crate::cli) limits: LimitArguments,
}

/// How much is done side by side, and how much at all.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub(in crate::cli) struct LimitArguments {
    /// Regions at work at the same time, over all accounts
    #[arg(long, value_name = "N", default_value_t = default_of(|limits| limits.lanes))]
    #[arg(value_parser = clap::value_parser!(u16).range(1..))]
    parallelism: u16,

    /// Calls at the same time while AWS is read
    #[arg(long, value_name = "N", default_value_t = default_of(|limits| limits.reads))]
    #[arg(value_parser = clap::value_parser!(u16).range(1..))]
    read_parallelism: u16,

    /// Refuse a plan with more changes [default: no limit, or what landing-zone.yaml says]
    #[arg(long, value_name = "N")]
    max_changes: Option<usize>,

    /// Refuse a plan that deletes or makes anew more things and resources
    #[arg(long, value_name = "N")]
    max_destroys: Option<usize>,
}

impl LimitArguments {
    /// The limits.
    pub(in crate::cli) fn limits(&self) -> Limits {
        Limits { reads: self.read_parallelism.into(), lanes: self.parallelism.into() }
    }

    /// How much the plan may change, where the files declare so much.
    pub(in crate::cli) fn of_changes(&self, declared: ChangeLimits) -> ChangeLimits {
        ChangeLimits {
            changes: self.max_changes.or(declared.changes),
            destroys: self.max_destroys.or(declared.destroys),
        }
    }
}

pub(super) const POLICY_EXAMPLES: &str = "\
Examples:
  avm policy plan                              all documents for `avm plan`
  avm policy apply --format text               what is allowed, and why
  avm policy plan --management > policy.json   one document, as IAM takes it:
  aws iam create-policy --policy-name avm-plan --policy-document file://policy.json
  avm policy apply --member | jq -c '.policies[] | .name, .document'

--management is about the role that avm starts with, --member about the one that it assumes in every other account. A \
role that needs more than one document gets a list of them, as without either option. Whenever the folder asks for \
something new, so may its policies: print them again.";

/// Options of `avm policy`.
#[derive(Debug, Args)]
pub(in crate::cli) struct PolicyArguments {
    /// What the role is to do
    #[arg(value_enum)]
    pub(in crate::cli) purpose: PurposeName,

    /// Only for the role of the management account
    #[arg(long, conflicts_with = "member")]
    pub(in crate::cli) management: bool,

    /// Only for the role in member accounts
    #[arg(long)]
    pub(in crate::cli) member: bool,

    /// How to print the policies
    #[arg(long, value_enum, default_value_t)]
    pub(in crate::cli) format: PolicyFormat,
}

pub(super) const SCHEMA_EXAMPLES: &str = "\
Examples:
  avm schema                  all of them, by name
  avm schema landing-zone > landing-zone.schema.json";

/// Options of `avm schema`.
#[derive(Debug, Args)]
pub(in crate::cli) struct SchemaArguments {
    /// The one to print
    #[arg(value_enum)]
    pub(in crate::cli) name: Option<SchemaName>,
}

pub(super) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  avm completions bash > ~/.local/share/bash-completion/completions/avm
  avm completions zsh > \"${fpath[1]}/_avm\"
  avm completions fish > ~/.config/fish/completions/avm.fish";

/// Options of `avm completions`.
#[derive(Debug, Args)]
pub(in crate::cli) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub(in crate::cli) shell: Shell,
}

fn default_of(limit: impl Fn(Limits) -> usize) -> u16 {
    u16::try_from(limit(Limits::default())).unwrap_or(u16::MAX)
}

fn waiting(word: &str) -> Result<Duration, String> {
    let time = word.parse::<SoakTime>().map(SoakTime::duration);
    time.map_err(|_| "expected 1s to 24h: a whole number and one of s, m, h".to_owned())
}

fn tag(word: &str) -> Result<(String, String), String> {
    match word.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        Some(_) | None => Err("expected KEY=VALUE".to_owned()),
    }
}
