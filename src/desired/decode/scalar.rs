//! Single values.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer as _};

use super::decoder::{Decode, Decoder, is_nothing};
use super::keys::words_of;
use super::placeholder::is_placeholder;
use crate::desired::nearest::{nearest, suggest};
use crate::desired::shape::{Literal, Ranged, Version};
use crate::document::{Kind, Node};
use crate::model::{
    AccountId, AccountName, BaselineName, Email, EnvironmentName, EnvironmentVariable,
    FailureTolerance, OrganizationId, OuPath, ParseError, Region, RoleName, ServicePrincipal,
    SoakTime, StackName, TemplateFile, WaveName,
};

impl Decoder<'_> {
    /// A single value in the file's spelling.
    pub(super) fn text<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n str> {
        let Some(text) = node.text().filter(|_| !is_nothing(node)) else {
            return self.expected(node, what);
        };
        if is_placeholder(text) {
            let fault = self.fault(
                &node.span,
                "placeholder",
                format!("{text:?} is a placeholder that was never filled in"),
            );
            self.push(fault.help(format!("write {what}")));
            return None;
        }
        Some(text)
    }

    /// A value that parsing checks.
    fn parsed<T: FromStr<Err = ParseError>>(
        &mut self,
        node: &Node,
        code: &'static str,
        what: &str,
    ) -> Option<T> {
        let text = self.text(node, what)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.push(self.fault(&node.span, code, error.to_string()));
                None
            }
        }
    }

    /// One of a few words.
    pub(super) fn word<T: DeserializeOwned + JsonSchema>(&mut self, node: &Node) -> Option<T> {
        let words = words_of::<T>();
        let text = self.text(node, &words.join(" or "))?;
        let deserializer: StrDeserializer<'_, Error> = text.into_deserializer();
        let word = T::deserialize(deserializer).ok();
        if word.is_none() {
            let message = format!("{text:?} is not one of {}", words.join(", "));
            let fault = self.fault(&node.span, "unknown-word", message);
            self.push(match nearest(text, words.iter().map(String::as_str)) {
                Some(near) => fault.help(format!("did you mean {near}?")),
                None => fault,
            });
        }
        word
    }
}

/// Values of the model, with the code and the words for what is not one.
macro_rules! parsed {
    ($($name:ident, $code:literal, $what:literal;)*) => {$(
        impl Decode for $name {
            fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
                decoder.parsed(node, $code, $what)
            }
        }
    )*};
}

parsed! {
    AccountName, "invalid-account-name", "an account's name";
    BaselineName, "invalid-baseline-name", "the name of a baseline";
    Email, "invalid-email", "an e-mail address";
    FailureTolerance, "invalid-failure-tolerance", "a number of accounts, or a part such as 5%";
    EnvironmentName, "invalid-environment-name", "the name of an environment";
    OrganizationId, "invalid-organization-id", "the organization's id";
    OuPath, "invalid-ou", "an organizational unit's path";
    RoleName, "invalid-role-name", "the name of a role";
    ServicePrincipal, "invalid-service", "a service's principal, such as config.amazonaws.com";
    SoakTime, "invalid-soak", "a time such as 30m";
    StackName, "invalid-stack-name", "the name of a stack";
    EnvironmentVariable, "invalid-variable-name", "the name of an environment variable";
    TemplateFile, "invalid-template-name", "the name of a file in templates/";
    WaveName, "invalid-wave-name", "the name of a wave";
}

/// Without quotes, an id is a number to every other reader of the file, and loses its leading zeros.
impl Decode for AccountId {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let id: Self =
            decoder.parsed(node, "invalid-account-id", "an account id of twelve digits")?;
        if matches!(&node.kind, Kind::Scalar { plain: true, .. }) {
            let message = format!("the account id {id} is a number without quotes");
            let fault = decoder.fault(&node.span, "unquoted-account-id", message);
            decoder.push(fault.help(format!("put it in quotes: \"{id}\"")));
            return None;
        }
        Some(id)
    }
}

impl Decode for Region {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let text = decoder.text(node, "a region")?;
        let parsed: Result<Self, _> = text.parse();
        let (code, message) = match &parsed {
            Ok(region) if region.is_known() => return parsed.ok(),
            Ok(_) => ("unknown-region", format!("this version of avm knows no region {text:?}")),
            Err(error) => ("invalid-region", error.to_string()),
        };
        let fault = decoder.fault(&node.span, code, message);
        let known: Vec<_> = Self::known().map(String::from).collect();
        decoder.push(suggest(fault, text, known.iter().map(String::as_str)));
        None
    }
}

impl Decode for String {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        decoder.text(node, "a text").map(str::to_owned)
    }
}

impl Decode for Literal {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        decoder.text(node, "a single value").map(|text| Self(text.to_owned()))
    }
}

impl Decode for bool {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        match &node.kind {
            Kind::Scalar { text, plain: true } if text == "true" => Some(true),
            Kind::Scalar { text, plain: true } if text == "false" => Some(false),
            Kind::Scalar { .. } | Kind::Sequence(_) | Kind::Mapping(_) => {
                decoder.expected(node, "true or false without quotes")
            }
        }
    }
}

impl Decode for Version {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let Kind::Scalar { text, plain: true } = &node.kind else {
            return decoder.expected(node, "a number");
        };
        if text == Self::TEXT {
            return Some(Self);
        }
        let message = format!("this avm reads version {} of the file, not {text}", Self::TEXT);
        decoder.push(decoder.fault(&node.span, "version", message));
        None
    }
}

impl<T: TryFrom<u16>, const MIN: u16, const MAX: u16> Decode for Ranged<T, MIN, MAX> {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let what = format!("a whole number from {MIN} to {MAX}");
        let Kind::Scalar { text, plain: true } = &node.kind else {
            return decoder.expected(node, &what);
        };
        let is_number = text.bytes().all(|digit| digit.is_ascii_digit());
        // YAML 1.1 takes a number that starts with a zero for an octal one.
        if !is_number || text.is_empty() || text.starts_with('0') && text.len() > 1 {
            return decoder.expected(node, &what);
        }
        let number = text.parse().ok().filter(|number: &u16| (MIN..=MAX).contains(number));
        let value = number.and_then(|number| T::try_from(number).ok()).map(Self);
        if value.is_none() {
            let message = format!("{text} is not a number from {MIN} to {MAX}");
            decoder.push(decoder.fault(&node.span, "out-of-range", message));
        }
        value
    }
}
