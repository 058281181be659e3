//! Files that no editor writes.

/// What is in a file, under a name for messages.
pub(super) type Hostile = (&'static str, Vec<u8>);

/// Contents that no parser may stumble over, in whichever file they stand.
pub(super) fn contents() -> Vec<Hostile> {
    let deep = 100_000;
    let nested = |open: &str, close: &str| [open.repeat(deep), close.repeat(deep)].concat();
    let laughs: Vec<_> = (1..30)
        .map(|level| format!("a{level}: &a{level} [*a{0}, *a{0}, *a{0}, *a{0}]\n", level - 1))
        .collect();
    let laughs = laughs.concat();
    let utf_16 = |to_bytes: fn(u16) -> [u8; 2]| {
        "version: 1\naccounts: []\n".encode_utf16().flat_map(to_bytes).collect::<Vec<_>>()
    };
    let block: String = (0..3_000).map(|depth| " ".repeat(depth) + "a:\n").collect();
    vec![
        ("nothing", Vec::new()),
        ("zeros", vec![0; 5_000]),
        ("a zero in a text", b"version: 1\nwaves: [a\0b]\n".to_vec()),
        ("a hundred thousand lists", nested("[", "]").into()),
        ("a hundred thousand lists without an end", "[".repeat(deep).into()),
        ("a hundred thousand mappings", nested("{a: ", "}").into()),
        ("a hundred thousand lists in JSON", (r#"{"a": "#.to_owned() + &nested("[", "]")).into()),
        ("a hundred thousand objects of JSON", nested(r#"{"a": "#, "}").into()),
        ("a hundred thousand dashes", "- ".repeat(deep).into()),
        ("a hundred thousand questions", "? ".repeat(deep).into()),
        ("a staircase", block.into()),
        ("a billion laughs", ("a0: &a0 ha\n".to_owned() + &laughs).into()),
        ("an anchor of itself", b"a: &a [*a]\n".to_vec()),
        ("a megabyte in one line", "x".repeat(900_000).into()),
        ("a key of a megabyte", ("x".repeat(900_000) + ": 1\n").into()),
        (
            "a megabyte of a quote without an end",
            ("a: \"".to_owned() + &"x".repeat(900_000)).into(),
        ),
        ("ten megabytes", "# much\n".repeat(1_500_000).into()),
        ("ten megabytes in one line", "x".repeat(10_000_000).into()),
        ("twenty megabytes", "version: 1\n".repeat(2_000_000).into()),
        ("UTF-16 with a mark", [vec![0xFF, 0xFE], utf_16(u16::to_le_bytes)].concat()),
        ("UTF-16 the other way round", [vec![0xFE, 0xFF], utf_16(u16::to_be_bytes)].concat()),
        ("UTF-16 without a mark", utf_16(u16::to_le_bytes)),
        ("Latin-1", b"version: 1\n# gr\xFC\xDFe\n".to_vec()),
        ("half a character", b"version: 1\n# \xF0\x9F\x98".to_vec()),
        ("a surrogate", b"a: \xED\xA0\x80\n".to_vec()),
        ("half a pair in JSON", br#"{"version": "\ud800"}"#.to_vec()),
        ("two marks", "\u{feff}\u{feff}version: 1\n".into()),
        ("escapes", "version: \u{1b}[2J\u{1b}]8;;http://x\u{7}\u{9b}31m\n".into()),
        (
            "a text that runs backwards",
            "version: 1 # \u{202e}1 :noisrev\u{200b}\nwaves: \u{2066}\n".into(),
        ),
        ("a hundred thousand control characters", "\u{1}".repeat(deep).into()),
        ("the same key over and over", "version: 1\n".repeat(5_000).into()),
        (
            "five thousand unknown keys",
            (0..5_000).map(|n| format!("key{n}: 1\n")).collect::<Vec<_>>().concat().into(),
        ),
        (
            "numbers without an end",
            format!("version: {0}\nwaves: [{0}e{0}, -{0}]\n", "9".repeat(10_000)).into(),
        ),
        (
            "a number of JSON without an end",
            format!(r#"{{"version": {}}}"#, "9".repeat(100_000)).into(),
        ),
        ("an exponent", br#"{"format-version": "1.0", "plan": 1e999999999999}"#.to_vec()),
        ("tags", "version: !!python/object/apply:os.system ['id']\n".into()),
        ("merge keys", "<<: {version: 1}\n".into()),
        ("two documents", "version: 1\n---\nversion: 1\n".into()),
        ("directives", "%YAML 9.9\n%TAG ! !x\n---\nno-version: 1\n".into()),
        ("binary", (0..=255).cycle().take(100_000).collect()),
    ]
}
