//! Lines of text, indented.

/// The width that lists of names are wrapped at. Nothing else is wrapped: whoever searches for a line finds it.
const WIDTH: usize = 100;

/// Text that grows line by line.
#[derive(Debug, Default)]
pub(super) struct Lines(String);

impl Lines {
    /// Adds a line, `depth` spaces from the left.
    pub(super) fn line(&mut self, depth: usize, text: &str) {
        for _ in 0..depth {
            self.0.push(' ');
        }
        self.0.push_str(text);
        self.0.push('\n');
    }

    /// Adds an empty line, unless the text is empty or ends in one.
    pub(super) fn gap(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with("\n\n") {
            self.0.push('\n');
        }
    }

    /// Adds names with commas between them, on as many lines as they need, each painted.
    pub(super) fn names(
        &mut self,
        depth: usize,
        names: &[impl AsRef<str>],
        paint: impl Fn(&str) -> String,
    ) {
        let mut line = String::new();
        for name in names.iter().map(AsRef::as_ref) {
            if !line.is_empty() {
                line.push(',');
                if depth + line.len() + 1 + name.len() > WIDTH {
                    self.line(depth, &paint(&line));
                    line.clear();
                } else {
                    line.push(' ');
                }
            }
            line.push_str(name);
        }
        self.line(depth, &paint(&line));
    }

    /// The text.
    pub(super) fn finish(self) -> String {
        self.0
    }
}
