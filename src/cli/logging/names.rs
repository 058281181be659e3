//! What spans are called where somebody looks at them.

/// The name of a span of the kind `kind`; `word` gives the value of one of its fields, or nothing.
pub(super) fn name(kind: &str, mut word: impl FnMut(&str) -> String) -> String {
    match kind {
        "call" => format!("{}:{}", word("service"), word("operation")),
        "step" => word("step"),
        "run" => format!("avm {}", word("command")),
        "wave" => format!("wave {}", word("wave")),
        "account" => format!("account {}", word("account")),
        other => other.to_owned(),
    }
}
