//! AWS's own words of refusal, read from the response.
//!
//! A retry classifier and an interceptor see every operation's error without its type, so they read what came
//! over the wire: `X-Amzn-Errortype` and JSON for Organizations and KMS, XML for all others.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

/// An error as AWS sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// The error code, without namespace and suffix: `TooManyRequestsException`.
    pub(super) code: String,
    /// The message, empty where there is none.
    pub(super) message: String,
}

/// Reads the error in a response; `None` for a success, and for a body that is not AWS's.
pub(super) fn answer(response: &HttpResponse) -> Option<Answer> {
    if response.status().is_success() {
        return None;
    }
    let body = std::str::from_utf8(response.body().bytes().unwrap_or_default()).ok()?;
    let header = response.headers().get("x-amzn-errortype");
    let json: Option<serde_json::Value> = serde_json::from_str(body).ok();
    let member = |name: &str| json.as_ref().and_then(|json| json.get(name)?.as_str());
    let code = header
        .or_else(|| member("__type"))
        .or_else(|| member("code"))
        .or_else(|| element(body, "Code"))?;
    let message = member("message")
        .or_else(|| member("Message"))
        .or_else(|| element(body, "Message"))
        .unwrap_or_default();
    Some(Answer { code: bare(code).to_owned(), message: message.to_owned() })
}

/// Whether a server answered with a web page. AWS does not; an emulator does for an operation that it lacks,
/// with status 404 or 500, and a load balancer with 502 to 504 while what is behind it is away. The answer to a
/// `HEAD` has no page, whatever its headers say.
pub(super) fn is_not_implemented(response: &HttpResponse) -> bool {
    let page = response
        .headers()
        .get("content-type")
        .is_some_and(|content_type| content_type.starts_with("text/html"));
    let empty = response.body().bytes().is_some_and(<[u8]>::is_empty);
    page && !empty && matches!(response.status().as_u16(), 404 | 405 | 500 | 501)
}

/// `com.amazonaws.organizations#TooManyRequestsException:http://...` is `TooManyRequestsException`.
fn bare(code: &str) -> &str {
    let code = code.split_once(':').map_or(code, |(code, _)| code);
    code.rsplit_once('#').map_or(code, |(_, code)| code)
}

/// The text of the first element of that name. Error documents are flat and carry no attributes.
fn element<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = body.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(text, _)| text.trim())
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::http::StatusCode;
    use aws_smithy_types::body::SdkBody;

    use super::*;

    fn response(status: u16, content_type: &'static str, body: &str) -> HttpResponse {
        let mut response =
            HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body));
        response.headers_mut().insert("content-type", content_type);
        response
    }

    #[test]
    fn the_code_is_found_in_json_and_in_both_kinds_of_xml() {
        for (body, code, message) in [
            (
                r#"{"__type":"com.amazonaws.organizations#TooManyRequestsException","Message":"slow"}"#,
                "TooManyRequestsException",
                "slow",
            ),
            (r#"{"__type":"NotFoundException","message":"no key"}"#, "NotFoundException", "no key"),
            (
                "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code>\
                 <Message>Rate exceeded</Message></Error></ErrorResponse>",
                "Throttling",
                "Rate exceeded",
            ),
            (
                "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>m</Message>\
                 </Error></Errors></Response>",
                "RequestLimitExceeded",
                "m",
            ),
        ] {
            let answer = answer(&response(400, "x", body)).unwrap();
            assert_eq!((answer.code.as_str(), answer.message.as_str()), (code, message));
        }
    }

    #[test]
    fn a_success_and_a_foreign_body_have_no_answer() {
        assert_eq!(answer(&response(200, "x", r#"{"__type":"X"}"#)), None);
        assert_eq!(answer(&response(502, "text/html", "<h1>Bad Gateway</h1>")), None);
    }

    #[test]
    fn the_error_type_header_goes_before_the_body() {
        let mut response = response(400, "application/json", "{}");
        response.headers_mut().insert("x-amzn-errortype", "ConflictException:http://docs");
        assert_eq!(answer(&response).unwrap().code, "ConflictException");
    }

    #[test]
    fn a_page_with_status_500_means_not_implemented_and_one_with_503_means_try_again() {
        assert!(is_not_implemented(&response(500, "text/html; charset=utf-8", "<html>")));
        assert!(is_not_implemented(&response(404, "text/html", "<html>")));
        assert!(!is_not_implemented(&response(404, "text/html", "")));
        assert!(!is_not_implemented(&response(503, "text/html", "<html>")));
        assert!(!is_not_implemented(&response(500, "text/xml", "<ErrorResponse/>")));
    }
}
