//! Colour, which never carries a meaning alone.

use anstyle::{AnsiColor, Style};

use crate::plan::Action;

/// Whether text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// No escape sequence at all.
    Plain,
    /// ANSI escape sequences.
    Ansi,
}

impl Paint {
    /// The symbol of an action, as wide as the widest.
    pub(super) fn symbol(self, action: Action) -> String {
        let colour = match action {
            Action::Create => AnsiColor::Green,
            Action::Update => AnsiColor::Yellow,
            Action::Replace => AnsiColor::Magenta,
            Action::Delete => AnsiColor::Red,
            Action::Import | Action::Wait => AnsiColor::Cyan,
        };
        self.with(colour.on_default(), &format!("{:>3}", action.symbol()))
    }

    /// The symbol of an update that may become a replacement.
    pub(super) fn may_replace(self) -> String {
        self.with(AnsiColor::Magenta.on_default(), "  ~")
    }

    /// The mark of what needs a person.
    pub(super) fn alarm(self) -> String {
        self.with(AnsiColor::Red.on_default().bold(), "  !")
    }

    /// Something that structures the text.
    pub(super) fn heading(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    /// Something that only some readers want.
    pub(super) fn faint(self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }

    fn with(self, style: Style, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Ansi => format!("{style}{text}{style:#}"),
        }
    }
}
