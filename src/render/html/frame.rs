//! What every page has: its policy, its looks, its script and its data.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::escape;

/// The looks and the script of a kind of page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assets {
    /// The style sheet.
    pub(super) style: &'static str,
    /// The script, a module.
    pub(super) script: &'static str,
}

/// The parts of a page that are not to be seen.
#[derive(Debug)]
pub(super) struct Frame {
    /// The document's title.
    pub(super) title: String,
    /// The content security policy: only this style and this script, and no request at all.
    pub(super) policy: String,
    /// The style sheet.
    pub(super) style: &'static str,
    /// The script.
    pub(super) script: &'static str,
    /// The data, made safe for a `script` element.
    pub(super) data: String,
}

impl Frame {
    /// The frame of a page with these assets and this data.
    pub(super) fn new(title: String, assets: Assets, data: &Value) -> Self {
        let Assets { style, script } = assets;
        let policy = format!(
            "default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; form-action 'none'",
            hash(script),
            hash(style)
        );
        Self { title, policy, style, script, data: escape::data(data) }
    }
}

/// A hash source of CSP.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_written_as_browsers_compare_it() {
        // The example of the specification, Content Security Policy Level 3, section 8.4.
        assert_eq!(
            hash("alert('Hello, world.');"),
            "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="
        );
    }
}
