//! What differs between two deployments, resource by resource.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::fixture::{changes, changes_under, lines, of_property};

/// A bucket with a name.
fn bucket(name: &Value) -> Value {
    json!({"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}})
}

#[test]
fn a_changed_name_replaces_and_what_refers_to_the_resource_may_be_replaced() {
    let resources = |name: &str| {
        json!({
            "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}},
            "Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": {
                "Bucket": {"Ref": "Bucket"},
                "PolicyDocument": {"Statement": [
                    {"Effect": "Allow", "Action": "s3:*", "Resource": {"Fn::Sub": "${Bucket.Arn}/*"}},
                ]},
            }},
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "x"}},
        })
    };
    assert_eq!(
        lines(&changes((&resources("a"), &[]), (&resources("b"), &[]))),
        [
            "-/+ Bucket",
            r#"BucketName: "a" -> "b" (replaces)"#,
            "~ Policy",
            r#"Bucket: {"Ref":"Bucket"} -> {"Ref":"Bucket"} (may replace)"#,
            r#"PolicyDocument.Statement[0].Resource[]: {"Fn::Sub":"${Bucket.Arn}/*"} -> {"Fn::Sub":"${Bucket.Arn}/*"}"#,
        ]
    );
}

#[test]
fn a_reference_to_a_resource_that_stays_is_no_change() {
    let resources = |text: &str| {
        json!({
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": text}},
            "Policy": {"Type": "AWS::SNS::TopicInlinePolicy", "Properties": {"TopicArn": {"Ref": "Topic"}}},
        })
    };
    assert_eq!(
        lines(&changes((&resources("a"), &[]), (&resources("b"), &[]))),
        ["~ Topic", r#"DisplayName: "a" -> "b""#]
    );
}

#[test]
fn parameters_are_put_in_on_both_sides() {
    let named = bucket(&json!({"Fn::Sub": "${Env}-${AWS::AccountId}"}));
    let of =
        |before, after| lines(&changes((&named, &[("Env", before)]), (&named, &[("Env", after)])));
    assert_eq!(of("dev", "dev"), [""; 0]);
    assert_eq!(
        of("dev", "uat"),
        ["-/+ Bucket", r#"BucketName: "dev-222222222222" -> "uat-222222222222" (replaces)"#]
    );
    // The template says it in another way, and it comes to the same.
    let written_out = bucket(&json!("dev-222222222222"));
    assert!(changes((&written_out, &[]), (&named, &[("Env", "dev")])).is_empty());
}

#[test]
fn a_value_that_comes_later_is_a_change_of_which_nobody_knows_more() {
    let named = bucket(&json!({"Fn::Sub": "x-${Env}"}));
    assert_eq!(
        lines(&changes((&named, &[("Env", "dev")]), (&named, &[("Env", "?")]))),
        ["~ Bucket", r#"BucketName: "x-dev" -> {"Fn::Sub":"x-${Env}"} (may replace)"#]
    );
}

#[test]
fn what_a_parameter_of_systems_manager_stands_for_changes_with_its_name() {
    let image =
        json!({"It": {"Type": "AWS::EC2::Instance", "Properties": {"ImageId": {"Ref": "Image"}}}});
    let of = |after| lines(&changes((&image, &[("Image", "/a")]), (&image, &[("Image", after)])));
    assert_eq!(of("/a"), [""; 0]);
    assert_eq!(of("/b"), ["~ It", r#"ImageId: {"Ref":"Image"} -> {"Ref":"Image"} (may replace)"#]);
}

#[test]
fn a_condition_makes_resources_appear_and_disappear() {
    let resources = json!({
        "Topic": {"Type": "AWS::SNS::Topic", "Condition": "Prod"},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties":
            {"Tags": {"Fn::If": ["Prod", [{"Key": "a", "Value": "b"}], {"Ref": "AWS::NoValue"}]}}},
    });
    let of = |before, after| {
        lines(&changes((&resources, &[("Env", before)]), (&resources, &[("Env", after)])))
    };
    assert_eq!(
        of("dev", "prod"),
        ["~ Queue", r#"Tags: none -> [{"Key":"a","Value":"b"}]"#, "+ Topic"]
    );
    assert_eq!(of("prod", "dev")[2..], ["- Topic"]);
    assert_eq!(of("prod", "?").last().unwrap(), r#":Condition: none -> "Prod" (may replace)"#);
    assert_eq!(of("uat", "dev"), [""; 0]);
}

#[test]
fn a_resource_that_a_value_of_later_decides_about_may_be_deleted() {
    let of = |policy: &str, before, after| {
        let topic = json!({"Topic": {"Type": "AWS::SNS::Topic", "Condition": "Prod", "DeletionPolicy": policy}});
        changes((&topic, &[("Env", before)]), (&topic, &[("Env", after)]))
    };
    let changes = of("Delete", "prod", "?");
    assert_eq!(lines(&changes), ["~ Topic", r#":Condition: none -> "Prod" (may replace)"#]);
    assert!(changes[0].may_be_lost() && !changes[0].is_lost());
    assert!(!of("Retain", "prod", "?")[0].may_be_lost());
    assert_eq!(lines(&of("Delete", "dev", "?")), ["+ Topic"]);
    assert_eq!(of("Delete", "?", "?"), []);
}

#[test]
fn a_resource_that_nobody_knew_of_may_be_deleted_if_what_it_depends_on_changes() {
    let of = |import: &str, env| {
        let conditions = json!({
            "Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
            "Both": {"Fn::And": [{"Condition": "Open"}, {"Condition": "Prod"}]},
            "Open": {"Fn::Equals": [{"Fn::ImportValue": import}, "x"]},
        });
        let resources = json!({"Topic": {"Type": "AWS::SNS::Topic", "Condition": "Both"}});
        (conditions, resources, env)
    };
    let lines = |after| lines(&changes_under(of("a", "prod"), after));
    assert_eq!(lines(of("a", "prod")), [""; 0]);
    let may_be_deleted = ["~ Topic", r#":Condition: "Both" -> "Both" (may replace)"#];
    assert_eq!(lines(of("a", "?")), may_be_deleted);
    assert_eq!(lines(of("b", "prod")), may_be_deleted);
    assert_eq!(lines(of("a", "dev")), ["- Topic"]);
}

#[test]
fn what_is_retained_is_not_lost() {
    let bucket = |name: &str, deletion: &str, replacement: &str| {
        json!({"Bucket": {"Type": "AWS::S3::Bucket", "DeletionPolicy": deletion,
            "UpdateReplacePolicy": replacement, "Properties": {"BucketName": name}}})
    };
    let none = json!({"Other": {"Type": "AWS::SNS::Topic"}});
    let lost = |before: &Value, after: &Value| {
        let changes = changes((before, &[]), (after, &[]));
        let bucket = changes.iter().find(|change| change.logical_id == "Bucket").unwrap();
        (bucket.action.symbol(), bucket.is_lost())
    };
    let kept = bucket("a", "Retain", "Retain");
    assert_eq!(lost(&kept, &none), ("-", false));
    assert_eq!(lost(&bucket("a", "RetainExceptOnCreate", "Delete"), &none), ("-", false));
    assert_eq!(lost(&bucket("a", "Delete", "Retain"), &none), ("-", true));
    assert_eq!(lost(&kept, &bucket("b", "Delete", "Retain")), ("-/+", false));
    assert_eq!(lost(&kept, &bucket("b", "Retain", "Delete")), ("-/+", true));
    assert_eq!(
        lost(&bucket("a", "Retain", "Delete"), &bucket("b", "Retain", "Retain")),
        ("-/+", true)
    );
    // What only changes is not retained: it stays in the stack.
    assert!(!changes((&kept, &[]), (&bucket("a", "Delete", "Retain"), &[]))[0].retained);
}

#[test]
fn whatever_refers_to_what_may_be_replaced_may_be_replaced_too() {
    let resources = |name: &str| {
        let policy = |bucket: &str| json!({"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": bucket}}});
        let named = json!({"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::ImportValue": name}}});
        let second = json!({"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "${Named}-2"}}});
        json!({"Named": named, "Policy": policy("Second"), "Second": second})
    };
    let changes = changes((&resources("a"), &[]), (&resources("b"), &[]));
    let found: Vec<_> = changes.iter().map(|it| (it.logical_id.as_str(), it.replacement)).collect();
    let maybe = crate::plan::Replacement::Maybe;
    assert_eq!(found, [("Named", maybe), ("Policy", maybe), ("Second", maybe)]);
}

#[test]
fn resources_appear_disappear_and_change_their_type() {
    let before = json!({
        "A": {"Type": "AWS::SNS::Topic"},
        "B": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "x"}},
    });
    let after = json!({"B": {"Type": "AWS::SQS::Queue"}, "C": {"Type": "AWS::SNS::Topic"}});
    let changes = changes((&before, &[]), (&after, &[]));
    assert_eq!(lines(&changes), ["- A", "-/+ B", "+ C"]);
    assert_eq!(changes[1].resource_type, "AWS::SQS::Queue");
    assert_eq!(changes[1].replacement, crate::plan::Replacement::Always);
}

#[test]
fn attributes_begin_with_a_colon() {
    let before =
        json!({"A": {"Type": "AWS::SNS::Topic", "DependsOn": "X", "Metadata": {"a": {"b": 1}}}});
    let after = json!({"A": {"Type": "AWS::SNS::Topic", "DependsOn": ["X", "Y"], "DeletionPolicy": "Retain",
        "Metadata": {"a": {"b": 2}}, "Properties": {}}});
    assert_eq!(
        lines(&changes((&before, &[]), (&after, &[]))),
        [
            "~ A",
            r#":DeletionPolicy: none -> "Retain""#,
            r#":DependsOn[]: none -> "Y""#,
            ":Metadata.a.b: 1 -> 2",
        ]
    );
}

#[test]
fn objects_are_compared_key_by_key_down_to_the_leaf() {
    assert_eq!(
        of_property(
            &json!({"A": {"B": 1, "C": "x"}, "D": 1}),
            &json!({"A": {"B": 2, "C": "x"}, "E": {"F": 1}})
        ),
        ["P.A.B: 1 -> 2", "P.D: 1 -> none", r#"P.E: none -> {"F":1}"#]
    );
}

#[test]
fn a_number_or_boolean_is_its_text() {
    let before = json!({"A": true, "B": 1, "C": [1, "2"], "D": 1.0, "E": "x"});
    let after = json!({"A": "true", "B": "1", "C": ["1", 2], "D": 1, "E": "x"});
    assert_eq!(of_property(&before, &after), [""; 0]);
    assert_eq!(
        of_property(&json!({"A": true}), &json!({"A": "false"})),
        [r#"P.A: true -> "false""#]
    );
}

#[test]
fn elements_of_a_list_appear_and_disappear() {
    assert_eq!(
        of_property(&json!(["a", "b"]), &json!(["b", "c", {"Ref": "It"}])),
        [r#"P[]: "a" -> none"#, r#"P[]: none -> "c""#, r#"P[]: none -> {"Ref":"It"}"#]
    );
    assert_eq!(of_property(&json!(["a", "a"]), &json!(["a"])), [r#"P[]: "a" -> none"#]);
    assert_eq!(
        of_property(&json!(["a", "b"]), &json!(["b", "a"])),
        [r#"P: ["a","b"] -> ["b","a"]"#]
    );
}

#[test]
fn items_of_a_list_are_known_by_their_keys() {
    let tags = |tags: &[(&str, &str)]| {
        tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect::<Value>()
    };
    assert_eq!(
        of_property(&tags(&[("a", "1"), ("owner", "x")]), &tags(&[("owner", "y"), ("b", "2")])),
        [
            r#"P[a]: {"Key":"a","Value":"1"} -> none"#,
            r#"P[b]: none -> {"Key":"b","Value":"2"}"#,
            r#"P[owner].Value: "x" -> "y""#,
        ]
    );
    assert_eq!(
        of_property(&json!([{"Id": "expire", "Days": 1}]), &json!([{"Id": "expire", "Days": 2}])),
        ["P[expire].Days: 1 -> 2"]
    );
}

#[test]
fn items_that_nothing_names_are_known_by_their_places() {
    let items = |days: &[i32]| days.iter().map(|days| json!({"Days": days})).collect::<Value>();
    assert_eq!(of_property(&items(&[1, 2, 3]), &items(&[1, 9, 3])), ["P[1].Days: 2 -> 9"]);
    assert_eq!(of_property(&items(&[1, 2]), &items(&[7, 1, 2])), [r#"P[0]: none -> {"Days":7}"#]);
    assert_eq!(of_property(&items(&[1, 2, 3]), &items(&[1, 3])), [r#"P[1]: {"Days":2} -> none"#]);
    assert_eq!(of_property(&items(&[1, 2]), &items(&[2, 1])).len(), 1);
    // Two of one name are told apart by their places.
    let twice = json!([{"Key": "a", "B": 1}, {"Key": "a", "B": 2}]);
    assert_eq!(
        of_property(&twice, &json!([{"Key": "a", "B": 1}, {"Key": "a", "B": 3}])),
        ["P[1].B: 2 -> 3"]
    );
}

/// Values as they stand in templates, with calls, policies, tags and plain things.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!("a")),
        Just(json!(1)),
        Just(json!(true)),
        Just(json!({"Ref": "Env"})),
        Just(json!({"Ref": "It"})),
        Just(json!({"Ref": "AWS::NoValue"})),
        Just(json!({"Fn::Sub": "${Env}-${It.Arn}"})),
        Just(json!({"Fn::Sub": 1})),
        Just(json!({"Fn::If": ["Prod", "a"]})),
        Just(json!({"Effect": "Allow", "Action": ["a", "b"]})),
        Just(json!(r#"{"Statement": {"Effect": "Deny"}}"#)),
    ];
    leaf.prop_recursive(4, 40, 4, |inner| {
        let key = prop::sample::select(vec![
            "A",
            "Key",
            "Statement",
            "Action",
            "Condition",
            "Fn::Join",
            "Fn::If",
            "Fn::Select",
            "Fn::GetAtt",
            "Fn::FindInMap",
            "Fn::Split",
            "Ref",
            "Principal",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((key, inner), 0..4)
                .prop_map(|entries| entries.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn nothing_differs_from_itself(value in value()) {
        prop_assert_eq!(of_property(&value, &value), [""; 0]);
    }

    /// A difference is empty if and only if the other direction is, and nothing makes it panic.
    #[test]
    fn a_difference_is_one_in_both_directions(one in value(), other in value()) {
        let (there, back) = (of_property(&one, &other), of_property(&other, &one));
        prop_assert_eq!(there.is_empty(), back.is_empty());
    }
}
