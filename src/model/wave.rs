//! What a wave may be asked before the next one begins.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::text::ParseError;

/// The accounts of a wave that may fail before nothing more begins: a count, or a part of the wave. The word is
/// that of CloudFormation StackSets (`FailureToleranceCount`, `FailureTolerancePercentage`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum FailureTolerance {
    /// So many accounts.
    Count(u16),
    /// So many percent of the accounts that have something to do, rounded down as StackSets does it.
    Percent(u8),
}

/// How long a wave is left alone before the next one begins: from one second to one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SoakTime(Duration);

impl FailureTolerance {
    /// How many of `accounts` may fail.
    pub fn of(self, accounts: usize) -> usize {
        match self {
            Self::Count(count) => count.into(),
            Self::Percent(percent) => accounts.saturating_mul(percent.into()) / 100,
        }
    }
}

impl Default for FailureTolerance {
    /// None.
    fn default() -> Self {
        Self::Count(0)
    }
}

impl FromStr for FailureTolerance {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let (digits, tolerance) = match text.strip_suffix('%') {
            Some(digits) => {
                let percent = digits.parse().ok().filter(|percent| *percent <= 100);
                (digits, percent.map(Self::Percent))
            }
            None => (text, text.parse().ok().map(Self::Count)),
        };
        // `+1`, and `07`, which YAML 1.1 takes for an octal number.
        let plain = digits.bytes().all(|digit| digit.is_ascii_digit())
            && (digits.len() == 1 || !digits.starts_with('0'));
        tolerance.filter(|_| plain).ok_or_else(|| {
            let expected = "expected a number of accounts up to 65535, or 0% to 100%";
            ParseError::new("a failure tolerance", text, expected)
        })
    }
}

impl fmt::Display for FailureTolerance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

impl SoakTime {
    /// The longest: a run holds credentials and a place in a CI server for as long.
    const LONGEST: Duration = Duration::from_hours(24);

    /// The time itself.
    pub fn duration(self) -> Duration {
        self.0
    }
}

impl FromStr for SoakTime {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let seconds = ["s", "m", "h"].into_iter().zip([1, 60, 3600]).find_map(|(unit, seconds)| {
            let digits = text.strip_suffix(unit)?;
            let plain = digits.bytes().all(|digit| digit.is_ascii_digit());
            let number: u64 = digits.parse().ok().filter(|_| plain)?;
            number.checked_mul(seconds)
        });
        seconds
            .map(Duration::from_secs)
            .filter(|time| *time > Duration::ZERO && *time <= Self::LONGEST)
            .map(Self)
            .ok_or_else(|| {
                let expected = "expected 1s to 24h: a whole number and one of s, m, h";
                ParseError::new("a soak time", text, expected)
            })
    }
}

impl fmt::Display for SoakTime {
    /// In the biggest unit that leaves no rest.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_secs() {
            seconds if seconds % 3600 == 0 => write!(f, "{}h", seconds / 3600),
            seconds if seconds % 60 == 0 => write!(f, "{}m", seconds / 60),
            seconds => write!(f, "{seconds}s"),
        }
    }
}

macro_rules! as_text {
    ($($name:ident, $schema:expr;)*) => {$(
        impl TryFrom<String> for $name {
            type Error = ParseError;

            fn try_from(text: String) -> Result<Self, ParseError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )*};
}

as_text! {
    FailureTolerance, json_schema!({
        "description": "How many accounts of a wave may fail: a number, or a part of the accounts that have \
                        something to do (\"5%\", rounded down).",
        "anyOf": [
            {"type": "integer", "minimum": 0, "maximum": 65535},
            {"type": "string", "pattern": "^(0|[1-9][0-9]{0,4}|(0|[1-9][0-9]?|100)%)$"},
        ],
    });
    SoakTime, json_schema!({
        "description": "A time of 1s to 24h: a whole number and one of s, m, h.",
        "type": "string",
        "pattern": "^[0-9]+[smh]$",
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_wave_is_rounded_down() {
        let tolerance = |text: &str| text.parse::<FailureTolerance>().unwrap();
        assert_eq!(tolerance("3").of(10), 3);
        assert_eq!(tolerance("15%").of(10), 1);
        assert_eq!(tolerance("5%").of(10), 0);
        assert_eq!(tolerance("100%").of(10), 10);
        for wrong in ["", "%", "101%", "-1", "+1", "07", "1.5%", "70000", "5 %"] {
            wrong.parse::<FailureTolerance>().unwrap_err();
        }
    }

    #[test]
    fn a_soak_time_has_a_unit_and_an_end() {
        let told = |text: &str| text.parse::<SoakTime>().map(|time| time.to_string());
        assert_eq!(told("90s").as_deref(), Ok("90s"));
        assert_eq!(told("120s").as_deref(), Ok("2m"));
        assert_eq!(told("1440m").as_deref(), Ok("24h"));
        for wrong in ["", "30", "0m", "25h", "m", "1.5h", "-1s", "99999999999999999999h", "1d"] {
            told(wrong).unwrap_err();
        }
    }
}
