//! Damage that leaves most of a text as it was, so that it gets far before it is refused.

use fastrand::Rng;

/// The longest text that is tried: long enough for everything but length itself.
const LONGEST: usize = 40_000;

/// Words that mean something to one of the parsers, and characters that mean something to all.
const WORDS: &[&str] = &[
    "\n",
    "\r\n",
    "\t",
    " ",
    "  ",
    ":",
    ": ",
    "- ",
    "? ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\"",
    "'",
    "|\n",
    ">-\n",
    "#",
    " # ",
    "&a ",
    "*a",
    "!Sub ",
    "!Ref ",
    "!GetAtt ",
    "!If ",
    "!x",
    "!!str ",
    "!<x> ",
    "<<: ",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "~",
    "null",
    "yes",
    "0777",
    "-1",
    "1e999",
    "0x",
    "18446744073709551616",
    "9999999999999999999999",
    "1.5",
    "true",
    "\u{0}",
    "\u{1b}[2J",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{202e}",
    "\u{1f600}",
    "\u{e9}",
    "\\",
    "\\u0000",
    "\\ud800",
    "${",
    "${}",
    "${!x}",
    "${a.b}",
    "${AWS::Region}",
    "{{resolve:x}}",
    "Fn::Sub",
    "Fn::If",
    "Fn::Join",
    "Fn::Split",
    "Fn::Select",
    "Fn::FindInMap",
    "Fn::ForEach::X",
    "Ref",
    "Condition",
    "Conditions",
    "Resources",
    "Outputs",
    "Parameters",
    "Mappings",
    "Rules",
    "Transform",
    "Metadata",
    "DependsOn",
    "DeletionPolicy",
    "Properties",
    "Type",
    "Default",
    "Value",
    "AWS::IAM::Role",
    "AWS::KMS::Key",
    "Statement",
    "Principal",
    "NotAction",
    "*",
    "?",
    "**",
    "{a,b}",
    "[!a]",
    "accounts",
    "baselines",
    "stacks",
    "settings",
    "waves",
    "regions",
    "governed",
    "home",
    "version",
    "1",
    "output",
    "account",
    "stack",
    "key",
    "env",
    "template",
    "when",
    "for-each",
    "organization",
    "111111111111",
    "o-exampleorg1",
    "rule X { a exists }",
    "when ",
    "%x",
    "<<",
    ">>",
    "some ",
    "!= ",
    "not ",
    "or",
    "this",
    "/(a+)+b/",
    "r[1,2]",
];

/// A damaged copy of one of the texts, with pieces of others.
pub(super) fn mutate(random: &mut Rng, pool: &[String]) -> String {
    let mut text = pick(random, pool).clone();
    for _ in 0..random.usize(1..=4) {
        text = damage(random, &text, pool);
        if text.len() > LONGEST {
            let end = text.floor_char_boundary(LONGEST);
            text.truncate(end);
        }
    }
    text
}

fn damage(random: &mut Rng, text: &str, pool: &[String]) -> String {
    match random.u8(0..10) {
        0 => replace(random, text, ""),
        1 => {
            let at = place(random, text);
            let word = pick::<&str>(random, WORDS);
            insert(text, at, word)
        }
        2 => {
            let word = *pick(random, WORDS);
            replace(random, text, word)
        }
        // A piece of another text, or of the same one.
        3 => {
            let from = pick(random, pool);
            let piece = piece(random, from, 400).to_owned();
            let at = place(random, text);
            insert(text, at, &piece)
        }
        4 => {
            let times = random.usize(2..60);
            let repeated = piece(random, text, 60).repeat(times);
            let at = place(random, text);
            insert(text, at, &repeated)
        }
        5 => text[..place(random, text)].to_owned(),
        6 | 7 => lines(random, text),
        // A word for another word of the same text.
        8 => {
            let words: Vec<&str> = text
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .collect();
            if words.is_empty() {
                return text.to_owned();
            }
            let (from, to) = (*pick(random, &words), *pick(random, &words));
            let times = random.usize(1..3);
            text.replacen(from, to, times)
        }
        _ => {
            let (open, close) = *pick(
                random,
                &[
                    ("[", "]"),
                    ("{", "}"),
                    ("{a: ", "}"),
                    ("\"", "\""),
                    ("(", ")"),
                    ("{\"a\": ", "}"),
                ],
            );
            let (open, close) = if random.u8(0..20) == 0 {
                (open.repeat(200), close.repeat(200))
            } else {
                (open.to_owned(), close.to_owned())
            };
            let (start, end) = range(random, text, 200);
            [&text[..start], &open, &text[start..end], &close, &text[end..]].concat()
        }
    }
}

/// Whole lines taken away, doubled, exchanged, or moved to the side.
fn lines(random: &mut Rng, text: &str) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    if lines.is_empty() {
        return text.to_owned();
    }
    let (one, two) = (random.usize(..lines.len()), random.usize(..lines.len()));
    match random.u8(0..5) {
        0 => drop(lines.remove(one)),
        1 => {
            let line = lines[one].clone();
            lines.insert(two, line);
        }
        2 => lines.swap(one, two),
        3 => lines[one].insert_str(0, &" ".repeat(random.usize(1..5))),
        _ => {
            let line = &mut lines[one];
            *line = line.strip_prefix("  ").unwrap_or(line).to_owned();
        }
    }
    lines.concat()
}

fn replace(random: &mut Rng, text: &str, by: &str) -> String {
    let (start, end) = range(random, text, 20);
    [&text[..start], by, &text[end..]].concat()
}

fn insert(text: &str, at: usize, piece: &str) -> String {
    [&text[..at], piece, &text[at..]].concat()
}

fn piece<'a>(random: &mut Rng, text: &'a str, longest: usize) -> &'a str {
    let (start, end) = range(random, text, longest);
    &text[start..end]
}

fn range(random: &mut Rng, text: &str, longest: usize) -> (usize, usize) {
    let start = place(random, text);
    (start, text.floor_char_boundary((start + random.usize(0..=longest)).min(text.len())))
}

fn place(random: &mut Rng, text: &str) -> usize {
    text.floor_char_boundary(random.usize(0..=text.len()))
}

fn pick<'a, T>(random: &mut Rng, from: &'a [T]) -> &'a T {
    &from[random.usize(..from.len())]
}
