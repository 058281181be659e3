//! As much HTTP as it takes to talk to a server on this machine, for requests that no SDK crate of ours knows.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

/// Sends a request and answers the body; anything but 200 ends the test.
pub(super) fn request(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> String {
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let message = format!(
        "{method} {path} HTTP/1.0\r\nHost: {address}\r\n{}Content-Length: {}\r\n\r\n{body}",
        headers.concat(),
        body.len()
    );

    let mut connection = TcpStream::connect(address).unwrap();
    connection.write_all(message.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(" 200 "), "{method} {path}: {answer}");
    body.to_owned()
}
