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
}

/// The form of a list of faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ListFormat {
    /// For people, with the lines at fault
    #[default]
    Text,
    /// For programs: a list of file, line, column, code, message and help
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
}
