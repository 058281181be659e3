//! Adding an account to landing-zone.yaml, every other byte kept.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::insertion::{Insertion, Style};
use super::quote::quote;
use crate::document::{Diagnostic, Kind, Node, Source, parse};
use crate::model::{AccountName, BaselineName, Email, EnvironmentName, OuPath, WaveName};

/// An account to be added to the file.
#[derive(Clone, Debug)]
pub struct NewAccountEntry {
    /// Its name.
    pub name: AccountName,
    /// Its root user's e-mail address.
    pub email: Email,
    /// Its place in the tree.
    pub ou: OuPath,
    /// Its environment.
    pub environment: Option<EnvironmentName>,
    /// Its baseline.
    pub baseline: BaselineName,
    /// Its wave; the last one if none is given.
    pub wave: Option<WaveName>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

/// The text of landing-zone.yaml with one more account at the end of `accounts`.
///
/// Comments, order, indentation and line ends stay as they are, and the new item is written like the one before
/// it. The result is read again: if it does not say what the file said and the new account, that is an error,
/// and the file has to be edited by hand. Whether the account fits the other files, `load_with` tells.
pub fn add_account(source: &Source, entry: &NewAccountEntry) -> Result<String, Vec<Diagnostic>> {
    let before = parse(source)?;
    let insertion = Insertion::at_the_end(source.text(), &before, "accounts");
    let text = insertion.apply(source.text(), &entry.lines(insertion.style));
    let wanted = with_account(meaning(&before), entry);
    match parse(&Source::new(source.name(), &text)) {
        Ok(after) if meaning(&after) == wanted => Ok(text),
        Ok(_) | Err(_) => {
            let message = "the file is written in a way that avm cannot add an account to";
            let fault = Diagnostic::new(source, &before.span, "cannot-edit", message);
            let item = entry.lines(Style::Flow).concat();
            Err(vec![fault.help(format!("add it to accounts by hand: {item}"))])
        }
    }
}

impl NewAccountEntry {
    /// The item, without its dash and indentation.
    fn lines(&self, style: Style) -> Vec<String> {
        let quote = |text: &str| quote(text, style == Style::Flow);
        let fields = self.fields().into_iter();
        match style {
            Style::Flow => {
                let tags = self.tags.iter().map(|(k, v)| format!("{}: {}", quote(k), quote(v)));
                let tags = tags.collect::<Vec<_>>().join(", ");
                let tags = (!tags.is_empty()).then(|| format!("tags: {{{tags}}}"));
                let fields = fields.map(|(key, value)| format!("{key}: {}", quote(value)));
                vec![format!("{{{}}}", fields.chain(tags).collect::<Vec<_>>().join(", "))]
            }
            Style::Block => {
                let head = (!self.tags.is_empty()).then(|| "tags:".to_owned());
                let tags = self.tags.iter().map(|(k, v)| format!("  {}: {}", quote(k), quote(v)));
                let fields = fields.map(|(key, value)| format!("{key}: {}", quote(value)));
                fields.chain(head).chain(tags).collect()
            }
        }
    }

    fn fields(&self) -> Vec<(&'static str, &str)> {
        let fields = [
            ("name", Some(self.name.as_str())),
            ("email", Some(self.email.as_str())),
            ("ou", Some(self.ou.as_str())),
            ("environment", self.environment.as_ref().map(EnvironmentName::as_str)),
            ("baseline", Some(self.baseline.as_str())),
            ("wave", self.wave.as_ref().map(WaveName::as_str)),
        ];
        fields.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }
}

/// What a document says, without the places and the quotes.
fn meaning(node: &Node) -> Value {
    match &node.kind {
        Kind::Scalar { text, .. } => json!(text),
        Kind::Sequence(items) => items.iter().map(meaning).collect(),
        Kind::Mapping(entries) => entries
            .iter()
            .map(|(key, value)| (key.text().unwrap_or_default().to_owned(), meaning(value)))
            .collect(),
    }
}

/// What the document must say afterwards.
fn with_account(mut document: Value, entry: &NewAccountEntry) -> Value {
    let mut account: Value =
        entry.fields().into_iter().map(|(key, value)| (key.to_owned(), json!(value))).collect();
    if !entry.tags.is_empty() {
        account["tags"] = json!(entry.tags);
    }
    if let Some(Value::Array(accounts)) = document.get_mut("accounts") {
        accounts.push(account);
    } else if document.is_object() {
        document["accounts"] = json!([account]);
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desired::fixture::Fixture;
    use crate::desired::load_with;

    fn entry() -> NewAccountEntry {
        NewAccountEntry {
            name: "payments".parse().unwrap(),
            email: "aws+payments@example.com".parse().unwrap(),
            ou: "Workloads".parse().unwrap(),
            environment: None,
            baseline: "standard".parse().unwrap(),
            wave: None,
            tags: BTreeMap::new(),
        }
    }

    const FLOW: &str =
        "{name: payments, email: aws+payments@example.com, ou: Workloads, baseline: standard}";

    #[track_caller]
    fn assert_added(before: &str, after: &str) {
        let source = Source::new("landing-zone.yaml", before);
        assert_eq!(add_account(&source, &entry()).unwrap(), after);
    }

    #[test]
    fn an_item_goes_behind_the_last_one_and_before_the_comments_that_follow() {
        assert_added(
            "accounts:\n  - {name: a}  # first\n  # the end\nwaves: [x]\n",
            &format!("accounts:\n  - {{name: a}}  # first\n  - {FLOW}\n  # the end\nwaves: [x]\n"),
        );
    }

    #[test]
    fn an_item_is_written_in_block_style_where_the_last_one_is() {
        assert_added(
            "accounts:\n- name: a\n  tags:\n    owner: x\n\nwaves: [x]\n",
            "accounts:\n- name: a\n  tags:\n    owner: x\n- name: payments\n  email: aws+payments@example.com\n  ou: Workloads\n  baseline: standard\n\nwaves: [x]\n",
        );
    }

    #[test]
    fn line_ends_and_a_missing_last_one_stay_as_they_are() {
        assert_added(
            "waves: [x]\r\naccounts:\r\n  - {name: a}",
            &format!("waves: [x]\r\naccounts:\r\n  - {{name: a}}\r\n  - {FLOW}"),
        );
    }

    #[test]
    fn a_first_account_finds_its_place() {
        let block = format!("accounts:\n  - {FLOW}\n");
        assert_added("accounts: []\n", &block);
        assert_added("accounts:\n", &block);
        assert_added("accounts: [] # none\n", &format!("accounts: # none\n  - {FLOW}\n"));
        assert_added("waves: [x]\n", &format!("waves: [x]\n{block}"));
        assert_added("waves: [x]", &format!("waves: [x]\n{block}"));
        assert_added(
            "# a\naccounts: # none\nwaves: [x]\n",
            &format!("# a\naccounts: # none\n  - {FLOW}\nwaves: [x]\n"),
        );
    }

    #[test]
    fn a_list_in_brackets_grows_inside_of_them() {
        assert_added("accounts: [{name: a}]\n", &format!("accounts: [{{name: a}}, {FLOW}]\n"));
        assert_added(
            "accounts: [\n  {name: a}, # last\n]\n",
            &format!("accounts: [\n  {{name: a}},\n  {FLOW}, # last\n]\n"),
        );
    }

    #[test]
    fn quotes_are_set_where_yaml_needs_them_and_tags_follow_the_style() {
        let entry = NewAccountEntry {
            ou: "R, D/x: y".parse().unwrap(),
            environment: Some("on".parse().unwrap()),
            tags: [("cost center".into(), "0042".into()), ("#1".into(), "a\"b".into())].into(),
            ..entry()
        };
        let added =
            |before| add_account(&Source::new("landing-zone.yaml", before), &entry).unwrap();
        assert_eq!(
            added("accounts: []\n"),
            "accounts:\n  - {name: payments, email: aws+payments@example.com, ou: \"R, D/x: y\", \
             environment: \"on\", baseline: standard, tags: {\"#1\": a\"b, cost center: \"0042\"}}\n"
        );
        assert_eq!(
            added("accounts:\n  - name: a\n"),
            "accounts:\n  - name: a\n  - name: payments\n    email: aws+payments@example.com\n    \
             ou: \"R, D/x: y\"\n    environment: \"on\"\n    baseline: standard\n    tags:\n      \
             \"#1\": a\"b\n      cost center: \"0042\"\n"
        );
    }

    #[test]
    fn a_form_that_cannot_be_added_to_is_left_alone() {
        let source = Source::new("landing-zone.yaml", "{\"accounts\": [{\"name\": \"a\"}]}");
        let faults = add_account(&source, &entry()).unwrap_err();
        assert_eq!(faults[0].code, "cannot-edit");
    }

    #[test]
    fn a_file_that_says_more_about_the_organization_is_added_to_like_any_other() {
        let fixture = Fixture::organized();
        let before = fixture.load().landing_zone;
        let text = add_account(&before, &entry()).unwrap();
        assert_eq!(text, format!("{}  - {FLOW}\n", before.text()));
        let after = load_with(fixture.path(), &Source::new("landing-zone.yaml", &text));
        // The baseline takes a central key, and this account has no environment.
        let codes: Vec<_> = after.unwrap_err().iter().map(|fault| fault.code.clone()).collect();
        assert_eq!(codes, ["no-environment"]);
    }
}
