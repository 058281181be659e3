//! What differs between two policies.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::fixture::{changes, lines, of_property};

fn policy(statements: &[Value]) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn use_of_key() -> Value {
    json!({
        "Sid": "AllowUse", "Effect": "Allow", "Principal": {"AWS": ["a", "b"]},
        "Action": ["kms:Encrypt", "kms:DescribeKey"], "Resource": "*",
        "Condition": {"StringEquals": {"kms:ViaService": ["s3", "ec2"]}},
    })
}

fn administration() -> Value {
    json!({"Sid": "Admin", "Effect": "Allow", "Principal": {"AWS": "root"}, "Action": "kms:*", "Resource": "*"})
}

/// A statement without a name.
fn reading(actions: &[&str], resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": actions, "Resource": resource})
}

/// A copy with another value at a place.
fn with(mut statement: Value, place: &str, value: Value) -> Value {
    *statement.pointer_mut(place).unwrap() = value;
    statement
}

#[test]
fn statements_and_their_elements_have_no_order_and_one_value_is_a_list_of_one() {
    let before = policy(&[administration(), use_of_key(), reading(&["a", "b"], "x")]);
    let mut shuffled = use_of_key();
    shuffled["Principal"]["AWS"] = json!(["b", "a"]);
    shuffled["Action"] = json!(["kms:DescribeKey", "kms:Encrypt"]);
    shuffled["Condition"]["StringEquals"]["kms:ViaService"] = json!(["ec2", "s3"]);
    let listed = with(administration(), "/Action", json!(["kms:*"]));
    let after = policy(&[reading(&["b", "a", "a"], "x"), shuffled, listed]);
    assert_eq!(of_property(&before, &after), [""; 0]);
}

#[test]
fn a_new_statement_is_one_change() {
    let (before, after) = (policy(&[administration()]), policy(&[use_of_key(), administration()]));
    assert_eq!(
        of_property(&before, &after),
        [format!("P.Statement[AllowUse]: none -> {}", use_of_key())]
    );
    assert_eq!(
        of_property(&after, &before),
        [format!("P.Statement[AllowUse]: {} -> none", use_of_key())]
    );
}

#[test]
fn what_a_statement_allows_more_is_told_action_by_action() {
    let more =
        with(use_of_key(), "/Action", json!(["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"]));
    assert_eq!(
        of_property(&policy(&[use_of_key()]), &policy(&[more])),
        [r#"P.Statement[AllowUse].Action[]: none -> "kms:Decrypt""#]
    );
    let other = with(administration(), "/Action", json!(["kms:Get*", "kms:*"]));
    assert_eq!(
        of_property(&policy(&[administration()]), &policy(&[other])),
        [r#"P.Statement[Admin].Action[]: none -> "kms:Get*""#]
    );
}

#[test]
fn principals_and_conditions_are_compared_by_their_keys() {
    let mut changed = use_of_key();
    changed["Principal"] = json!({"AWS": ["a", "c"], "Service": "s3"});
    changed["Condition"]["StringEquals"]["kms:ViaService"] = json!("s3");
    changed["Condition"]["Bool"] = json!({"aws:SecureTransport": true});
    changed["Effect"] = json!("Deny");
    assert_eq!(
        of_property(&policy(&[use_of_key()]), &policy(&[changed])),
        [
            r#"P.Statement[AllowUse].Condition.Bool: none -> {"aws:SecureTransport":true}"#,
            r#"P.Statement[AllowUse].Condition.StringEquals.kms:ViaService[]: "ec2" -> none"#,
            r#"P.Statement[AllowUse].Effect: "Allow" -> "Deny""#,
            r#"P.Statement[AllowUse].Principal.AWS[]: "b" -> none"#,
            r#"P.Statement[AllowUse].Principal.AWS[]: none -> "c""#,
            r#"P.Statement[AllowUse].Principal.Service: none -> "s3""#,
        ]
    );
    let everybody = with(use_of_key(), "/Principal", json!("*"));
    assert_eq!(
        of_property(&policy(&[use_of_key()]), &policy(&[everybody])),
        [r#"P.Statement[AllowUse].Principal: {"AWS":["a","b"]} -> "*""#]
    );
}

#[test]
fn statements_without_a_name_are_paired_with_what_is_most_alike() {
    let before = policy(&[reading(&["a:Get", "a:List"], "x"), reading(&["b:Get", "b:List"], "y")]);
    let after = policy(&[
        reading(&["b:Get", "b:List", "b:Put"], "y"),
        reading(&["c:Get"], "z"),
        reading(&["a:Get", "a:List"], "x"),
    ]);
    assert_eq!(
        of_property(&before, &after),
        [
            r#"P.Statement[0].Action[]: none -> "b:Put""#.to_owned(),
            format!("P.Statement[1]: none -> {}", reading(&["c:Get"], "z")),
        ]
    );
}

#[test]
fn a_statement_that_gets_a_name_is_the_same_statement_and_two_names_are_two() {
    let mut named = reading(&["a"], "x");
    named["Sid"] = json!("Read");
    let renamed = with(named.clone(), "/Sid", json!("ReadAll"));
    assert_eq!(
        of_property(&policy(&[reading(&["a"], "x")]), &policy(&[named.clone()])),
        [r#"P.Statement[Read].Sid: none -> "Read""#]
    );
    assert_eq!(
        of_property(&policy(&[named.clone()]), &policy(std::slice::from_ref(&renamed))),
        [r#"P.Statement[ReadAll].Sid: "Read" -> "ReadAll""#]
    );
    let wider = with(renamed, "/Action", json!(["a", "b"]));
    assert_eq!(of_property(&policy(&[named]), &policy(&[wider])).len(), 2);
}

#[test]
fn a_policy_may_be_text_and_a_single_statement_needs_no_list() {
    let one = json!({"Version": "2012-10-17", "Statement": administration()});
    let text = Value::String(policy(&[administration()]).to_string());
    assert_eq!(of_property(&one, &text), [""; 0]);
    let other = with(administration(), "/Resource", json!("x"));
    assert_eq!(
        of_property(&text, &Value::String(policy(&[other]).to_string())),
        [
            r#"P.Statement[Admin].Resource[]: "*" -> none"#,
            r#"P.Statement[Admin].Resource[]: none -> "x""#,
        ]
    );
}

#[test]
fn policies_are_found_wherever_they_stand() {
    let role = |action: &str| {
        json!({"Role": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{
            "PolicyName": "read",
            "PolicyDocument": policy(&[reading(&[action, "b"], "x")]),
        }]}}})
    };
    let reordered = json!({"Role": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{
        "PolicyName": "read", "PolicyDocument": policy(&[reading(&["b", "a"], "x")]),
    }]}}});
    assert!(changes((&role("a"), &[]), (&reordered, &[])).is_empty());
    assert_eq!(
        lines(&changes((&role("a"), &[]), (&role("c"), &[])))[1..],
        [
            r#"Policies[read].PolicyDocument.Statement[0].Action[]: "a" -> none"#,
            r#"Policies[read].PolicyDocument.Statement[0].Action[]: none -> "c""#,
        ]
    );
}

#[test]
fn the_statement_of_a_web_acl_is_no_policy() {
    let rule = |name: &str| json!({"Statement": {"ManagedRuleGroupStatement": {"Name": name}}});
    assert_eq!(
        of_property(&rule("a"), &rule("b")),
        [r#"P.Statement.ManagedRuleGroupStatement.Name: "a" -> "b""#]
    );
}

#[test]
fn a_statement_that_depends_on_what_nobody_knows_is_compared_as_it_stands() {
    let open =
        |name: &str| json!({"Fn::If": [name, reading(&["a"], "x"), {"Ref": "AWS::NoValue"}]});
    assert_eq!(
        of_property(
            &policy(&[open("A"), administration()]),
            &policy(&[administration(), open("A")])
        ),
        [""; 0]
    );
    assert_eq!(
        of_property(
            &policy(&[administration(), open("A")]),
            &policy(&[administration(), open("B")])
        )
        .len(),
        2
    );
}

/// Statements of a policy, with a different order of them and of their actions.
fn reordered() -> impl Strategy<Value = (Vec<Value>, Vec<Value>)> {
    let action = prop::sample::select(vec!["a", "b", "c", "d"]);
    let statement = (
        prop::option::of(prop::sample::select(vec!["One", "Two", "Three"])),
        prop::collection::vec(action, 1..4),
        prop::sample::select(vec!["x", "y"]),
    );
    let statement = statement.prop_map(|(sid, actions, resource)| {
        let mut statement = reading(&actions, resource);
        if let Some(sid) = sid {
            statement["Sid"] = json!(sid);
        }
        statement
    });
    prop::collection::vec(statement, 1..7).prop_flat_map(|statements| {
        let reversed = statements.iter().cloned().map(|mut statement| {
            statement["Action"].as_array_mut().unwrap().reverse();
            statement
        });
        let shuffled = Just(reversed.collect::<Vec<_>>()).prop_shuffle();
        (Just(statements), shuffled)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_order_of_statements_and_actions_is_a_change((before, after) in reordered()) {
        prop_assert_eq!(of_property(&policy(&before), &policy(&after)), [""; 0]);
    }
}
