//! What the files are made of: values that know their place, and the few kinds of value that only files have.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// A value, and the bytes of its file that hold it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Located<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

/// A mapping whose keys the user chooses, in the order of the file. Keys differ from one another.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entries<K, V>(pub(super) Vec<(Located<K>, V)>);

/// The version of a file's shape: there is one so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Version;

/// A text, number or boolean, in the spelling of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Literal(pub(super) String);

/// The name of an S3 bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BucketName(pub(super) String);

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ranged<T, const MIN: u16, const MAX: u16>(pub(super) T);

/// A text of 1 to `MAX` characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text<const MAX: usize>(pub(super) String);

/// An e-mail address that an alternate contact may have (account `EmailAddress`): AWS asks less of it than of a
/// root user's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ContactEmail(pub(super) String);

/// A telephone number that an alternate contact may have (account `PhoneNumber`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PhoneNumber(pub(super) String);

/// A value and a place to point at for its faults, which need not be where the value was written.
#[derive(Debug)]
pub(super) struct At<'a, T: ?Sized> {
    pub(super) value: &'a T,
    pub(super) span: &'a Range<usize>,
}

impl<T: ?Sized> Clone for At<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for At<'_, T> {}

impl<T> Located<T> {
    /// The value at its own place.
    pub(super) fn at(&self) -> At<'_, T> {
        At { value: &self.value, span: &self.span }
    }
}

impl Version {
    /// What the files say.
    pub(super) const TEXT: &'static str = "1";
}

impl<K, V> Default for Entries<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: JsonSchema> JsonSchema for Located<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl<K: JsonSchema, V: JsonSchema> JsonSchema for Entries<K, V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Entries_of_{}_and_{}", K::schema_name(), V::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<K, V>::json_schema(generator)
    }
}

impl JsonSchema for Version {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Version".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "const": 1 })
    }
}

impl JsonSchema for Literal {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Literal".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean"] })
    }
}

impl JsonSchema for BucketName {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "BucketName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$" })
    }
}

impl<T, const MIN: u16, const MAX: u16> JsonSchema for Ranged<T, MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("From_{MIN}_to_{MAX}").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }
}

impl<const MAX: usize> JsonSchema for Text<MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Text_up_to_{MAX}").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1, "maxLength": MAX })
    }
}

impl JsonSchema for ContactEmail {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ContactEmail".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "maxLength": 254,
            "pattern": "^[A-Za-z0-9_+=.#|!&-]+@[A-Za-z0-9_.-]+\\.[A-Za-z0-9_]+$",
        })
    }
}

impl JsonSchema for PhoneNumber {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "PhoneNumber".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": r"^[\s0-9()+-]{1,25}$" })
    }
}
