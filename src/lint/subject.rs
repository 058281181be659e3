//! The template that is looked at.

use std::ops::Range;

use crate::document::{Diagnostic, Kind, Node, Source};
use crate::template::{Template, tree};

/// A template: what it means, and where everything in it stands.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) template: Template,
    /// The document in long form.
    pub(super) root: Node,
}

/// A resource of a template, in long form.
#[derive(Clone, Copy, Debug)]
pub(super) struct ResourceNode<'a> {
    /// Its logical id.
    pub(super) id: &'a str,
    /// Its type: `AWS::KMS::Key`.
    pub(super) resource_type: &'a str,
    /// Everything about it.
    pub(super) node: &'a Node,
}

impl<'a> ResourceNode<'a> {
    /// A property.
    pub(super) fn property(&self, name: &str) -> Option<&'a Node> {
        self.node.get("Properties")?.get(name)
    }
}

impl Subject {
    /// Reads a template; its faults, if it has any, leave nothing to look at.
    pub(super) fn parse(source: &Source) -> Result<Self, Vec<Diagnostic>> {
        let template = Template::parse(source)?;
        Ok(Self { template, root: tree(source)? })
    }

    /// The resources, in the order of the file.
    pub(super) fn resources(&self) -> impl Iterator<Item = ResourceNode<'_>> {
        let entries = self.root.get("Resources").map_or(&[][..], Node::entries);
        entries.iter().filter_map(|(key, node)| {
            let resource_type = node.get("Type")?.text()?;
            Some(ResourceNode { id: key.text()?, resource_type, node })
        })
    }

    /// The place of a path such as `/Resources/Key/Properties/KeyPolicy`, as near as the document has it: a single
    /// value itself, the name of anything else. What misses in a resource is missing at the resource's name.
    pub(super) fn place(&self, path: &str) -> Range<usize> {
        let mut node = &self.root;
        let mut place = node.span.start..node.span.start;
        let mut rest = path.strip_prefix('/').unwrap_or(path);
        let mut depth = 0;
        while let Some((name, inner, behind)) = step(node, rest) {
            depth += 1;
            // `Resources/Key/Properties` as a whole is the resource.
            let is_properties = depth == 3 && rest == "Properties";
            if !is_properties {
                place = name;
            }
            (node, rest) = (inner, behind);
        }
        let is_scalar = matches!(node.kind, Kind::Scalar { .. });
        if rest.is_empty() && is_scalar && depth > 0 { node.span.clone() } else { place }
    }
}

/// One step along a path: the place of the name, what it names, and the rest of the path. A key may have a slash.
fn step<'a, 'p>(node: &'a Node, path: &'p str) -> Option<(Range<usize>, &'a Node, &'p str)> {
    let behind = |name: &str| {
        let rest = path.strip_prefix(name)?;
        if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
    };
    if path.is_empty() {
        return None;
    }
    let longest = node
        .entries()
        .iter()
        .filter_map(|(key, value)| Some((key, value, behind(key.text()?)?)))
        .min_by_key(|(.., rest)| rest.len());
    if let Some((key, value, rest)) = longest {
        return Some((key.span.clone(), value, rest));
    }
    let (index, rest) = path.split_once('/').unwrap_or((path, ""));
    let item = node.items().get(index.parse::<usize>().ok()?)?;
    Some((first_word(item), item, rest))
}

/// Where an item of a list begins: its first key, so that not all of it is quoted.
pub(super) fn first_word(node: &Node) -> Range<usize> {
    node.entries().first().map_or_else(|| node.span.clone(), |(key, _)| key.span.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      Tags:
        - Key: a/b
          Value: c
      KeyPolicy:
        Condition: {a/b: 1}
";

    #[test]
    fn a_path_leads_to_the_value_or_to_the_name_of_what_is_there() {
        let subject = Subject::parse(&Source::new("t", TEXT)).unwrap();
        for (path, word) in [
            ("/Resources/Key", "Key"),
            ("/Resources/Key/Properties", "Key"),
            ("/Resources/Key/Type", "AWS::KMS::Key"),
            ("/Resources/Key/Properties/Tags", "Tags"),
            ("/Resources/Key/Properties/Tags/0/Value", "c"),
            ("/Resources/Key/Properties/Tags/0", "Key"),
            ("/Resources/Key/Properties/KeyPolicy/Condition/a/b", "1"),
            ("/Resources/Key/Properties/KeyPolicy/None/Such", "KeyPolicy"),
            ("/Nowhere", ""),
            ("", ""),
        ] {
            assert_eq!(&TEXT[subject.place(path)], word, "{path}");
        }
    }
}
