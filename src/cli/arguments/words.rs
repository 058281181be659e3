//! Values of options that are one of a few words.

use clap::ValueEnum;

/// The form of what a command prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
    /// For a comment on a pull request
    Markdown,
    /// A page for a browser, complete in itself
    Html,
    /// For the test view of a CI server: an account's region is a test case
    Junit,
}

/// The form of a list of faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ListFormat {
    /// For people, with the lines at fault
    #[default]
    Text,
    /// For programs: a list of file, line, column, code, message and help
    Json,
    /// For code scanning: SARIF 2.1.0
    Sarif,
}

/// The form of policies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum PolicyFormat {
    /// For IAM
    #[default]
    Json,
    /// For people, with the reasons
    Text,
}

/// What a role is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum PurposeName {
    /// Look: `avm plan`
    Plan,
    /// Look, and make change sets: `avm plan --change-sets`
    Preview,
    /// Change: `avm create` and `avm update`
    Apply,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum LogFormat {
    /// For people
    #[default]
    Text,
    /// For programs: an object for each line
    Json,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ColorWhen {
    /// On a terminal, unless the environment says otherwise
    #[default]
    Auto,
    /// Also in a file or pipe
    Always,
    /// Not at all
    Never,
}

/// A form that has a JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SchemaName {
    /// The file landing-zone.yaml
    LandingZone,
    /// A file of baselines/
    Baseline,
    /// A plan, as `avm plan --out` saves it
    Plan,
    /// The report of a run, as `--report FILE.json` saves it
    Report,
}
