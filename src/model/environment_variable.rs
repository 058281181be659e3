//! The name of a variable of the environment.

use super::text::{checked_text, expect, made_of};

checked_text! {
    /// The name of a variable in the environment of whoever runs avm (POSIX "Name": letters, digits and underscores, no
    /// digit first).
    EnvironmentVariable, "the name of an environment variable", "^[A-Za-z_][A-Za-z0-9_]{0,127}$",
    |text| expect(
        made_of(text, 1, 128, |c| c.is_ascii_alphanumeric() || c == '_')
            && !text.starts_with(|c: char| c.is_ascii_digit()),
        "expected up to 128 letters, digits and underscores, no digit first",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_a_variable_is_not_taken_for_its_name() {
        for name in ["DB_PASSWORD", "_x", "a1"] {
            assert_eq!(name.parse::<EnvironmentVariable>().unwrap().as_str(), name);
        }
        for name in ["", "1A", "$DB_PASSWORD", "a-b", "s3cret!", "a=b"] {
            assert!(name.parse::<EnvironmentVariable>().is_err(), "{name}");
        }
    }
}
