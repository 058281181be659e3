//! The e-mail address of an account's root user.

use super::text::checked_text;

checked_text! {
    /// A root user's e-mail address, by the rules of organizations `CreateAccountRequest.Email`.
    ///
    /// It identifies the account: every AWS account of the world has its own. Two spellings that differ in
    /// letter case only are the same address to avm; see [`Email::key`].
    Email, "an e-mail address", r"^[^\s@]+@[A-Za-z0-9.-]+\.[A-Za-z0-9.-]+$", check
}

impl Email {
    /// The address in lower case: the key under which accounts are looked up.
    pub fn key(&self) -> String {
        self.as_str().to_ascii_lowercase()
    }
}

fn check(text: &str) -> Result<(), String> {
    if !text.is_ascii() {
        return Err("AWS takes 7-bit ASCII only".into());
    }
    if !(6..=64).contains(&text.len()) {
        return Err(format!("AWS takes 6 to 64 characters, this has {}", text.len()));
    }
    let Some((local, domain)) = text.split_once('@') else {
        return Err("it has no @".into());
    };
    if domain.contains('@') {
        return Err("it has more than one @".into());
    }
    if local.is_empty() || local.starts_with('.') {
        return Err("the part before the @ is empty or starts with a dot".into());
    }
    let refused = |c: char| {
        c.is_ascii_whitespace() || c.is_ascii_control() || "\"'()<>[]:;,\\|%&".contains(c)
    };
    if let Some(c) = local.chars().find(|c| refused(*c)) {
        return Err(format!("AWS refuses {c:?} before the @"));
    }
    let domain_character = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    if !domain.chars().all(domain_character) {
        return Err("the domain may hold letters, digits, dots and hyphens only".into());
    }
    if !domain.contains('.') || domain.starts_with('.') || domain.ends_with('.') {
        return Err("the domain needs a dot inside".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plus_addressing_is_fine_and_case_does_not_count() {
        let one: Email = "AWS+Payments@Example.com".parse().unwrap();
        assert_eq!(one.key(), "aws+payments@example.com");
    }

    #[test]
    fn what_aws_refuses_is_refused() {
        for bad in [
            "a@b.c",
            "notanemail",
            "a@b@example.com",
            ".a@example.com",
            "a b@example.com",
            "a@example",
            "ä@example.com",
            "a%b@example.com",
        ] {
            assert!(bad.parse::<Email>().is_err(), "{bad} was accepted");
        }
    }
}
