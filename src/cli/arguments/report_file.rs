//! A file for a report, whose ending says in which form.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::words::Format;

/// The endings, and the forms that they stand for.
const ENDINGS: [(&str, Format); 5] = [
    ("json", Format::Json),
    ("html", Format::Html),
    ("md", Format::Markdown),
    ("txt", Format::Text),
    ("xml", Format::Junit),
];

/// A file for a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct ReportFile {
    /// The file.
    pub(in crate::cli) path: PathBuf,
    /// The form, by the file's ending.
    pub(in crate::cli) format: Format,
}

impl FromStr for ReportFile {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let path = Path::new(word);
        let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
        let found = ENDINGS.iter().find(|(known, _)| known.eq_ignore_ascii_case(ending));
        match found {
            Some((_, format)) => Ok(Self { path: path.to_owned(), format: *format }),
            None => {
                Err("its ending says the form: .json, .html, .md, .txt, or .xml for JUnit".into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_is_the_form_and_another_one_is_told_which_there_are() {
        let format = |word: &str| word.parse::<ReportFile>().map(|file| file.format);
        assert_eq!(format("out/report.html"), Ok(Format::Html));
        assert_eq!(format("REPORT.JSON"), Ok(Format::Json));
        for word in ["report.pdf", "report", ".json", "json"] {
            assert!(format(word).unwrap_err().contains(".md, .txt, or .xml"), "{word}");
        }
    }
}
