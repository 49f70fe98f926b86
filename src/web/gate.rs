//! Requests are answered that know the token, and that a page of this server makes.
//!
//! A page of another site may send requests to this machine too: by a name that leads here (the Host
//! says so), or across (the Origin does). Such requests are refused.

use std::net::IpAddr;

use axum::http::header::{self, HeaderMap, HeaderName};
use axum::http::{StatusCode, Uri};

/// The rule of who may ask.
pub(crate) struct Gate {
    token: String,
    port: u16,
    is_lan: bool,
    /// Whether phones of a class come in, which know no token.
    has_phones: bool,
}

/// Why a request is not answered.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Refused(pub(super) StatusCode, pub(super) &'static str);

const STRANGER: Refused = Refused(
    StatusCode::NOT_FOUND,
    "There is nothing here. The address of the playground has a token in it: the terminal that serves \
     it shows the whole address.\n",
);
const MISDIRECTED: Refused = Refused(
    StatusCode::FORBIDDEN,
    "This server answers only to the number of this machine, or to localhost, and its port. Open the \
     address that the terminal shows.\n",
);
const ACROSS: Refused = Refused(
    StatusCode::FORBIDDEN,
    "This request was made by the page of another site. Open the address that the terminal shows.\n",
);

/// All that phones may ask for. It is a list, since behind any other first word stands what is the
/// teacher's.
const PHONES: [&str; 9] = [
    "/",
    "/c/phone.css",
    "/c/phone.js",
    "/c/icon.svg",
    "/c/come",
    "/c/stream",
    "/c/answer",
    "/c/play",
    "/c/follow",
];

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

impl Gate {
    pub(super) fn new(token: String, port: u16, is_lan: bool) -> Gate {
        Gate { token, port, is_lan, has_phones: false }
    }

    /// Lets phones of a class in, to what is theirs.
    pub(super) fn with_phones(self) -> Gate {
        Gate { has_phones: true, ..self }
    }

    /// Whether this is for phones.
    fn is_for_phones(&self, path: &str) -> bool {
        self.has_phones && PHONES.contains(&path)
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// Refuses a request that no page of this server makes.
    pub(super) fn admits(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Refused> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let host = hosts.next().and_then(|it| it.to_str().ok()).ok_or(MISDIRECTED)?;
        if hosts.next().is_some() || !self.is_here(host) {
            return Err(MISDIRECTED);
        }
        if let Some(origin) = headers.get(header::ORIGIN) {
            let origin = origin.to_str().ok().and_then(|it| it.strip_prefix("http://"));
            if origin != Some(host) {
                return Err(ACROSS);
            }
        }
        let path = uri.path();
        if let Some(site) =
            headers.get(FETCH_SITE).filter(|_| !self.is_for_phones(path) || path != "/")
        {
            // `none` is a person who typed the address. A link to the front page of a class may stand
            // anywhere.
            if site != "same-origin" && site != "none" {
                return Err(ACROSS);
            }
        }
        if self.is_for_phones(path) {
            return Ok(());
        }
        let first = path.split('/').nth(1).unwrap_or_default();
        if !is_same(first.as_bytes(), self.token.as_bytes()) {
            return Err(STRANGER);
        }
        Ok(())
    }

    /// Whether a Host names this machine by a number, which no other site's name can lead to, or as
    /// localhost.
    fn is_here(&self, host: &str) -> bool {
        let Some((name, port)) = host.rsplit_once(':') else { return false };
        if port.parse() != Ok(self.port) {
            return false;
        }
        let name = name.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(name);
        match name.parse::<IpAddr>() {
            Ok(ip) => self.is_lan || ip.is_loopback(),
            Err(_) => name.eq_ignore_ascii_case("localhost"),
        }
    }
}

/// Compares all bytes, wherever the first difference is.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(gate: &Gate, path: &str, headers: &[(&'static str, &str)]) -> Result<(), Refused> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        gate.admits(&path.parse().unwrap(), &map)
    }

    #[test]
    fn only_the_whole_token_opens_the_gate() {
        let gate = Gate::new("abc".into(), 80, false);
        let host = [("host", "127.0.0.1:80")];
        for path in ["/abc/", "/abc", "/abc/answer"] {
            assert_eq!(admits(&gate, path, &host), Ok(()), "{path}");
        }
        for path in ["/", "/ab/", "/abcd/", "/ABC/", "//abc/", "/%61bc/", "/x?/abc/"] {
            assert_eq!(admits(&gate, path, &host), Err(STRANGER), "{path}");
        }
    }

    #[test]
    fn phones_need_no_token_and_get_no_further_without_it() {
        let host = ("host", "127.0.0.1:80");
        let gate = Gate::new("abc".into(), 80, true).with_phones();
        for path in ["/", "/c/come", "/c/phone.js", "/abc/class/do"] {
            assert_eq!(admits(&gate, path, &[host]), Ok(()), "{path}");
        }
        for path in [
            "/c",
            "/c/",
            "/c/class/do",
            "/c/start",
            "/c/class",
            "/class/do",
            "/cc/come",
            "//c/come",
            "/ab/class/do",
        ] {
            assert_eq!(admits(&gate, path, &[host]), Err(STRANGER), "{path}");
        }
        let linked = ("sec-fetch-site", "cross-site");
        assert_eq!(admits(&gate, "/", &[host, linked]), Ok(()));
        assert_eq!(admits(&gate, "/c/come", &[host, linked]), Err(ACROSS));
        let origin = ("origin", "http://evil.example");
        assert_eq!(admits(&gate, "/c/come", &[host, origin]), Err(ACROSS));
        assert_eq!(admits(&gate, "/", &[("host", "evil.example:80")]), Err(MISDIRECTED));
        let closed = Gate::new("abc".into(), 80, true);
        assert_eq!(admits(&closed, "/c/come", &[host]), Err(STRANGER));
    }

    #[test]
    fn a_name_that_leads_here_is_refused() {
        let gate = Gate::new("abc".into(), 80, false);
        for host in ["127.0.0.1:80", "localhost:80", "LocalHost:80", "[::1]:80"] {
            assert_eq!(admits(&gate, "/abc/", &[("host", host)]), Ok(()), "{host}");
        }
        let strangers = [
            "evil.example:80",
            "127.0.0.1.evil.example:80",
            "127.0.0.1:81",
            "127.0.0.1",
            "192.168.1.5:80",
            "localhost.:80",
            "",
        ];
        for host in strangers {
            assert_eq!(admits(&gate, "/abc/", &[("host", host)]), Err(MISDIRECTED), "{host}");
        }
        assert_eq!(admits(&gate, "/abc/", &[]), Err(MISDIRECTED));
        let two = [("host", "127.0.0.1:80"), ("host", "evil.example:80")];
        assert_eq!(admits(&gate, "/abc/", &two), Err(MISDIRECTED));
        let lan = Gate::new("abc".into(), 80, true);
        assert_eq!(admits(&lan, "/abc/", &[("host", "192.168.1.5:80")]), Ok(()));
        assert_eq!(admits(&lan, "/abc/", &[("host", "evil.example:80")]), Err(MISDIRECTED));
    }

    #[test]
    fn a_page_of_another_site_is_refused() {
        let gate = Gate::new("abc".into(), 80, false);
        let from = |name, value| admits(&gate, "/abc/", &[("host", "127.0.0.1:80"), (name, value)]);
        assert_eq!(from("origin", "http://127.0.0.1:80"), Ok(()));
        for origin in ["http://127.0.0.1:81", "https://127.0.0.1:80", "http://localhost:80", "null"]
        {
            assert_eq!(from("origin", origin), Err(ACROSS), "{origin}");
        }
        assert_eq!(from("sec-fetch-site", "same-origin"), Ok(()));
        assert_eq!(from("sec-fetch-site", "none"), Ok(()));
        assert_eq!(from("sec-fetch-site", "cross-site"), Err(ACROSS));
        assert_eq!(from("sec-fetch-site", "same-site"), Err(ACROSS));
    }
}
