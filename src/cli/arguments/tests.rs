use clap::CommandFactory as _;

use super::*;

fn words(line: &str) -> Result<Arguments, clap::Error> {
    read(&line.split_whitespace().map(Into::into).collect::<Vec<_>>())
}

fn refused(line: &str) -> String {
    words(line).unwrap_err().to_string().lines().next().unwrap_or_default().to_owned()
}

#[test]
fn the_command_line_contradicts_itself_nowhere() {
    Arguments::command().debug_assert();
}

#[test]
fn every_option_and_command_has_its_line_of_help() {
    fn check(command: &clap::Command, path: &str) {
        let path = format!("{path} {}", command.get_name());
        assert!(command.get_about().is_some(), "{path} has no help");
        for argument in command.get_arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(!help.is_empty(), "{path}: {} has no help", argument.get_id());
            assert!(!help.ends_with('.'), "{path}: {} ends in a full stop", argument.get_id());
        }
        for inner in command.get_subcommands() {
            assert!(
                inner.get_after_help().is_some(),
                "{path} {} has no examples",
                inner.get_name()
            );
            check(inner, &path);
        }
    }
    check(&Arguments::command(), "");
}

#[test]
fn the_help_of_the_program() {
    insta::assert_snapshot!(Arguments::command().render_long_help());
}

#[test]
fn the_help_of_plan() {
    let mut command = Arguments::command();
    let plan = command.find_subcommand_mut("plan").unwrap();
    insta::assert_snapshot!(plan.render_help());
}

#[test]
fn a_word_after_sandbox_is_a_command_and_no_file() {
    let arguments = words("avm --sandbox plan").unwrap();
    assert_eq!(arguments.sandbox_file(), Some("./.avm/sandbox.json".into()));
    let arguments = words("avm plan --sandbox=mine.json -C zone").unwrap();
    assert_eq!(arguments.sandbox_file(), Some("mine.json".into()));
    let arguments = words("avm create payments --sandbox -C zone").unwrap();
    assert_eq!(arguments.sandbox_file(), Some("zone/.avm/sandbox.json".into()));
    assert_eq!(words("avm plan").unwrap().sandbox_file(), None);
}

#[test]
fn names_are_checked_before_anything_is_done() {
    assert_eq!(
        refused("avm create payments --email nobody"),
        "error: invalid value 'nobody' for '--email <EMAIL>': \"nobody\" is not an e-mail address: it has no @"
    );
    assert_eq!(
        refused("avm create payments --tag owner"),
        "error: invalid value 'owner' for '--tag <KEY=VALUE>': expected KEY=VALUE"
    );
    assert!(refused("avm plan --parallelism 0").contains("0 is not in 1..=65535"));
}

#[test]
fn a_saved_plan_has_its_own_selection() {
    assert_eq!(
        refused("avm update --plan p.json --account a --account b --exclude-ou c"),
        "error: the argument '--plan <FILE>' cannot be used with '--account <PATTERN>', '--exclude-ou <PATTERN>': a saved plan has its selection"
    );
    assert!(words("avm update --plan p.json --yes").is_ok());
}

#[test]
fn a_file_after_sandbox_is_told_where_it_belongs() {
    for line in ["avm --sandbox other plan", "avm plan --sandbox other"] {
        let message = words(line).unwrap_err().to_string();
        assert!(message.contains("--sandbox=other"), "{message}");
    }
    assert!(!words("avm other").unwrap_err().to_string().contains("--sandbox"));
}

#[test]
fn colours_of_usage_errors_are_those_that_were_asked_for() {
    let coloured = |line: &str| {
        let words: Vec<_> = line.split_whitespace().map(Into::into).collect();
        color(&words)
    };
    assert_eq!(coloured("avm plan --color never --nonsense"), clap::ColorChoice::Never);
    assert_eq!(coloured("avm plan --color=always --nonsense"), clap::ColorChoice::Always);
    assert_eq!(coloured("avm plan --color=pink"), clap::ColorChoice::Auto);
}

#[test]
fn only_selectors_and_limits_have_headings_of_their_own() {
    let command = Arguments::command();
    for name in ["plan", "create", "update"] {
        let command = command.find_subcommand(name).unwrap();
        let expected = ["out", "format", "deep", "detailed_exitcode", "dry_run", "yes", "report"];
        for argument in command.get_arguments() {
            if expected.contains(&argument.get_id().as_str()) || argument.get_id() == "plan" {
                assert_eq!(argument.get_help_heading(), None, "{name} {argument}");
            }
        }
    }
}

#[test]
fn usage_errors_end_with_one_and_help_with_zero() {
    let parse = |line: &str| parse(line.split_whitespace().map(Into::into)).map(drop);
    assert_eq!(parse("avm nonsense"), Err(Exit::Failure));
    assert_eq!(parse("avm plan --nonsense"), Err(Exit::Failure));
    assert_eq!(parse("avm"), Err(Exit::Failure));
    assert_eq!(parse("avm --version"), Err(Exit::Done));
    assert_eq!(parse("avm plan --help"), Err(Exit::Done));
}

#[test]
fn exit_codes_are_the_documented_ones() {
    for (exit, code) in [(Exit::Done, 0), (Exit::Failure, 1), (Exit::Changes, 2)] {
        assert_eq!(exit.code(), code);
        assert!(AFTER_HELP.contains(&format!("\n  {code}  ")));
    }
}
