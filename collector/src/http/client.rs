//! Which machine a request comes from, as far as it can be believed.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap, HeaderName},
};

/// The client's address: the last entry of the header that the shop's own proxy sets, or else the connection's. None if it is
/// this machine's own, which is a proxy that does not tell, or a test.
///
/// The last entry is the one that the nearest proxy added; those before it are the client's to invent (MDN, X-Forwarded-For).
pub fn address(extensions: &Extensions, headers: &HeaderMap, proxy_header: Option<&HeaderName>) -> Option<IpAddr> {
    let told = proxy_header.and_then(|name| headers.get_all(name).iter().next_back());
    if let Some(told) = told {
        let last = told.to_str().ok()?.rsplit(',').next()?.trim();
        return last.parse().ok();
    }
    let ConnectInfo(peer) = extensions.get::<ConnectInfo<SocketAddr>>()?;
    let address = peer.ip().to_canonical();
    (!address.is_loopback()).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_proxy_is_believed_and_nothing_before_it() {
        let name = HeaderName::from_static("x-forwarded-for");
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "10.0.0.1".parse().expect("a value"));
        headers.append("x-forwarded-for", "10.0.0.2, 192.0.2.7".parse().expect("a value"));
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::from(([198, 51, 100, 1], 4))));
        let expected = |text: &str| Some(text.parse::<IpAddr>().expect("an address"));
        assert_eq!(address(&extensions, &headers, Some(&name)), expected("192.0.2.7"));
        assert_eq!(address(&extensions, &headers, None), expected("198.51.100.1"));
        headers.append("x-forwarded-for", "unknown".parse().expect("a value"));
        assert_eq!(address(&extensions, &headers, Some(&name)), None);
        extensions.insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4))));
        assert_eq!(address(&extensions, &HeaderMap::new(), Some(&name)), None);
    }
}
