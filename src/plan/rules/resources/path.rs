//! Places in a resource.

use std::fmt;

/// A place in a resource, from the root down. It borrows, because most places that are looked at do not differ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<'a> {
    above: Option<&'a Self>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    /// The properties.
    Root,
    /// An attribute of the resource that is no property.
    Attribute(&'a str),
    /// The value of a key.
    Key(&'a str),
    /// An item of a list, by what identifies it.
    Item(&'a str),
    /// Some element of a list whose elements are what they are.
    Element,
}

impl<'a> Path<'a> {
    pub(super) const PROPERTIES: Self = Self { above: None, step: Step::Root };

    pub(super) fn attribute(name: &'a str) -> Self {
        Self { above: None, step: Step::Attribute(name) }
    }

    pub(super) fn key<'b>(&'b self, key: &'b str) -> Path<'b> {
        Path { above: Some(self), step: Step::Key(key) }
    }

    pub(super) fn item<'b>(&'b self, label: &'b str) -> Path<'b> {
        Path { above: Some(self), step: Step::Item(label) }
    }

    pub(super) fn element(&self) -> Path<'_> {
        Path { above: Some(self), step: Step::Element }
    }

    /// The steps as AWS's schemas have them: keys, and `*` for any item of a list. `None` outside the properties.
    pub(super) fn pointer(&self) -> Option<Vec<&'a str>> {
        let step = match self.step {
            Step::Root => return Some(Vec::new()),
            Step::Attribute(_) => return None,
            Step::Key(key) => key,
            Step::Item(_) | Step::Element => "*",
        };
        let mut pointer = self.above?.pointer()?;
        pointer.push(step);
        Some(pointer)
    }
}

/// `KeyPolicy.Statement[AllowUse].Action[]`, `:DeletionPolicy`.
impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(above) = self.above {
            above.fmt(f)?;
        }
        match self.step {
            Step::Root => Ok(()),
            Step::Attribute(name) => write!(f, ":{name}"),
            Step::Key(key) if matches!(self.above, Some(Path { step: Step::Root, .. })) => {
                f.write_str(key)
            }
            Step::Key(key) => write!(f, ".{key}"),
            Step::Item(label) => write!(f, "[{label}]"),
            Step::Element => f.write_str("[]"),
        }
    }
}
