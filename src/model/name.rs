//! The names that the files of a landing zone use for their own things, and AWS's for its own.

use super::text::{checked_text, expect, made_of};

fn word(text: &str) -> Result<(), String> {
    expect(
        made_of(text, 1, 64, |c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
            && text.starts_with(|c: char| c.is_ascii_alphanumeric()),
        "expected up to 64 letters, digits, hyphens and underscores, a letter or digit first",
    )
}

checked_text! {
    /// A baseline's name, which is its file's name without the ending.
    BaselineName, "a baseline name", "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$", word
}

checked_text! {
    /// An environment's name: dev, uat, prod.
    EnvironmentName, "an environment name", "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$", word
}

checked_text! {
    /// A wave's name: accounts of a wave are rolled out side by side, waves one after the other.
    WaveName, "a wave name", "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$", word
}

checked_text! {
    /// An IAM role's name (organizations `RoleName`: `[\w+=,.@-]{1,64}`).
    RoleName, "a role name", r"^[\w+=,.@-]{1,64}$",
    |text| {
        expect(
            made_of(text, 1, 64, |c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)),
            "expected 1 to 64 letters, digits and _+=,.@-",
        )?;
        expect(!text.starts_with("AWSServiceRoleFor"), "AWS keeps AWSServiceRoleFor* for itself")
    }
}

checked_text! {
    /// A CloudFormation stack's name (`[a-zA-Z][-a-zA-Z0-9]*`, at most 128).
    StackName, "a stack name", "^[a-zA-Z][-a-zA-Z0-9]{0,127}$",
    |text| expect(
        made_of(text, 1, 128, |c| c.is_ascii_alphanumeric() || c == '-')
            && text.starts_with(|c: char| c.is_ascii_alphabetic()),
        "expected up to 128 letters, digits and hyphens, a letter first",
    )
}

checked_text! {
    /// A template's file name inside the folder `templates`.
    TemplateFile, "a template's file name", r"^[A-Za-z0-9][A-Za-z0-9._-]*\.(yaml|yml|json)$",
    |text| expect(
        made_of(text, 1, 128, |c| c.is_ascii_alphanumeric() || "._-".contains(c))
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && [".yaml", ".yml", ".json"].iter().any(|ending| text.ends_with(ending)),
        "expected a plain file name inside templates/ that ends in .yaml, .yml or .json",
    )
}

checked_text! {
    /// A VPC's id, as EC2 gives it.
    VpcId, "a VPC id", "^vpc-[0-9a-f]+$",
    |text| expect(
        text.strip_prefix("vpc-").is_some_and(|id| made_of(id, 1, 32, |c| c.is_ascii_hexdigit())),
        "expected vpc- and hexadecimal digits",
    )
}
