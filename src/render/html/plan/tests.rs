use base64::Engine as _;
use sha2::Digest as _;

use super::*;
use crate::model::AccountName;
use crate::plan::{Answer, Plan, Preview, Step};
use crate::render::fixtures;

fn page(of: Plan) -> String {
    plan(&fixtures::document(of))
}

/// The content of the elements that begin and end so.
fn between<'a>(page: &'a str, begin: &str, end: &str) -> Vec<&'a str> {
    page.split(begin).skip(1).map(|rest| rest.split(end).next().unwrap()).collect()
}

fn data(page: &str) -> serde_json::Value {
    let found = between(page, "<script type=\"application/json\" id=\"data\">", "</script>");
    let [data] = found.as_slice() else { panic!("one block of data") };
    serde_json::from_str(data).unwrap()
}

/// A plan with this text wherever a plan has text of others.
fn hostile(text: &str) -> Plan {
    let mut plan = fixtures::trouble();
    let name: AccountName = "hostile".parse().unwrap();
    for wave in &mut plan.waves {
        let Some(account) = wave.accounts.values().next().cloned() else { continue };
        let mut account = account;
        account.notes = vec![text.to_owned()];
        account.steps = vec![Step::TagAccount {
            set: [(text.to_owned(), text.to_owned())].into(),
            before: [(text.to_owned(), text.to_owned())].into(),
        }];
        wave.accounts.insert(name.clone(), account);
    }
    plan
}

#[test]
fn names_and_values_of_others_cannot_break_out() {
    let plain = page(hostile("plain"));
    for text in
        ["</script><script>alert(1)</script>", "<!--<script>", "\"' onload=x", "<img src=x>"]
    {
        let page = page(hostile(text));
        for begin in ["<script", "</script", "<!--", "<img", "<b>"] {
            let times = |page: &str| page.matches(begin).count();
            assert_eq!(times(&page), times(&plain), "{begin} with {text}");
        }
        let texts = data(&page)["texts"].to_string();
        assert!(texts.contains(&serde_json::to_string(text).unwrap().trim_matches('"').to_owned()));
    }
    assert!(!page(hostile("abc\u{202e}\u{2028}")).contains(['\u{202e}', '\u{2028}']));
}

#[test]
fn the_policy_allows_this_style_and_this_script_and_no_request() {
    let page = page(fixtures::vending());
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\">")[0];
    let policy = policy.replace("&#39;", "'").replace("&#x27;", "'");
    for (begin, end, directive) in [
        ("<style>", "</style>", "style-src"),
        ("<script type=\"module\">", "</script>", "script-src"),
    ] {
        let content = between(&page, begin, end)[0];
        let frame = Frame::new(String::new(), ASSETS, &serde_json::Value::Null);
        let digest = sha2::Sha256::digest(content);
        let hash = base64::engine::general_purpose::STANDARD.encode(digest);
        assert!(policy.contains(&format!("{directive} 'sha256-{hash}'")), "{policy}");
        assert!(frame.policy.starts_with("default-src 'none'; "));
    }
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    assert!(policy.ends_with("; base-uri 'none'; form-action 'none'"), "{policy}");
}

#[test]
fn nothing_is_loaded_and_nothing_is_styled_or_run_in_attributes() {
    for page in [page(fixtures::vending()), page(fixtures::trouble())] {
        let (head, _) = page.split_once("<script type=\"application/json\"").unwrap();
        let markup = head.split_once("</style>").unwrap().1;
        for forbidden in
            ["http:", "https:", " src=", " style=", "url(", "@import", "<link", "<iframe"]
        {
            assert!(!markup.contains(forbidden), "{forbidden}");
        }
        assert!(!markup.contains(" onclick=") && !markup.contains(" onload="));
        let code = between(&page, "<style>", "</style>").concat()
            + &between(&page, "<script type=\"module\">", "</script>").concat();
        for forbidden in
            ["url(", "@import", "fetch(", "XMLHttpRequest", "innerHTML", "eval(", "//cdn"]
        {
            assert!(!code.contains(forbidden), "{forbidden}");
        }
    }
}

#[test]
fn every_account_is_there() {
    let plan = fixtures::trouble();
    let page = page(plan.clone());
    let accounts = data(&page)["accounts"].clone();
    let names: Vec<_> =
        accounts.as_array().unwrap().iter().map(|account| account[0].as_str().unwrap()).collect();
    let expected: Vec<_> = plan.accounts().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, expected);
}

#[test]
fn a_plan_says_of_which_folder_and_selection_it_is() {
    let mut document = fixtures::document(fixtures::nothing_to_do());
    document.selection.waves = vec!["core".into(), "rest".into()];
    document.selection.exclude_accounts = vec!["<old>".into()];
    let page = plan(&document);
    assert!(page.contains("<dd>waves core, rest; exclude accounts &#60;old&#62;</dd>"));
    assert!(page.contains(&"0".repeat(64)));
    assert!(page.contains("o-exampleorg1") && page.contains("111111111111"));
}

#[test]
fn where_nothing_changes_the_page_says_so() {
    let page = page(fixtures::nothing_to_do());
    let (shown, _) = page.split_once("<script").unwrap();
    assert!(shown.contains("no changes</h1>"), "{shown}");
    assert!(shown.contains("No changes. 2 accounts are as the files say."), "{shown}");
    assert!(!shown.contains("class=\"group"));
}

#[test]
fn what_cloudformation_answers_stands_beneath_the_step() {
    let mut document = fixtures::document(fixtures::trouble());
    let answer = Answer::Refused { reason: "not valid".into(), findings: vec!["Oops".into()] };
    document.previews.push(Preview {
        account: "payments-dev".parse().unwrap(),
        region: "us-east-1".parse().unwrap(),
        stack: "avm-cloudtrail".parse().unwrap(),
        answer,
        warnings: Vec::new(),
    });
    let page = plan(&document);
    let (shown, _) = page.split_once("<script").unwrap();
    assert!(shown.contains("CloudFormation refuses: <code>not valid</code>"), "{shown}");
    let texts = data(&page)["texts"].to_string();
    assert!(texts.contains("CloudFormation refuses: ") && texts.contains("Oops"), "{texts}");
}
