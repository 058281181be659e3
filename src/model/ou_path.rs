//! Where in the organization's tree an account stands.

use super::text::{checked_text, expect};

/// How deep organizational units may be nested below the root (organizations quotas).
const MAX_DEPTH: usize = 5;

checked_text! {
    /// The names of the organizational units from the root down: `Workloads/UAT`. The root is `/`.
    OuPath, "an organizational unit's path", "^(/|[^/]{1,128}(/[^/]{1,128}){0,4})$", check
}

impl OuPath {
    /// The root of the organization.
    pub fn root() -> Self {
        Self("/".into())
    }

    /// Whether this is the root itself.
    pub fn is_root(&self) -> bool {
        self.as_str() == "/"
    }

    /// The names from the top down; none for the root.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.as_str().split('/').filter(|name| !name.is_empty())
    }

    /// The last name; `None` for the root.
    pub fn name(&self) -> Option<&str> {
        self.names().last()
    }

    /// The node above; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        Some(
            self.as_str().rsplit_once('/').map_or_else(Self::root, |(above, _)| Self(above.into())),
        )
    }

    /// The path of the unit called `name` right below this node. AWS's own names are trusted here.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        if self.is_root() { Self(name.into()) } else { Self(format!("{self}/{name}")) }
    }

    /// Whether this is `unit` or a unit below it. AWS compares names without regard to letter case.
    pub fn is_within(&self, unit: &Self) -> bool {
        let mut names = self.names();
        unit.names().all(|above| names.next().is_some_and(|name| name.eq_ignore_ascii_case(above)))
    }

    /// The node itself and all above it, the root excluded, from the top down.
    pub fn ancestry(&self) -> Vec<Self> {
        let mut path = Self::root();
        self.names()
            .map(|name| {
                path = path.child(name);
                path.clone()
            })
            .collect()
    }
}

fn check(text: &str) -> Result<(), String> {
    if text == "/" {
        return Ok(());
    }
    let names: Vec<_> = text.split('/').collect();
    expect(
        names.iter().all(|name| (1..=128).contains(&name.chars().count()) && name.trim() == *name),
        "expected names of 1 to 128 characters with one slash between them, or / for the root",
    )?;
    expect(!text.chars().any(char::is_control), "expected no control characters")?;
    if names.len() > MAX_DEPTH {
        return Err(format!(
            "AWS allows {MAX_DEPTH} levels below the root, this has {}",
            names.len()
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_knows_its_ancestors_from_the_top_down() {
        let path: OuPath = "Workloads/UAT/Payments".parse().unwrap();
        let names: Vec<_> = path.ancestry().iter().map(ToString::to_string).collect();
        assert_eq!(names, ["Workloads", "Workloads/UAT", "Workloads/UAT/Payments"]);
        assert_eq!(path.parent().unwrap().as_str(), "Workloads/UAT");
        assert_eq!("Core".parse::<OuPath>().unwrap().parent(), Some(OuPath::root()));
        assert_eq!(OuPath::root().parent(), None);
    }

    #[test]
    fn six_levels_are_one_too_many() {
        assert!("a/b/c/d/e".parse::<OuPath>().is_ok());
        assert!("a/b/c/d/e/f".parse::<OuPath>().is_err());
        assert!("a//b".parse::<OuPath>().is_err());
    }
}
