//! Which machine a request comes from, as far as it can be believed.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap, HeaderName, HeaderValue},
};

/// The client's address: the last entry of the header that the shop's own proxy sets, or else the connection's. None if it is
/// this machine's own, which is a proxy that does not tell, or a test.
///
/// The last entry is the one that the nearest proxy added; those before it are the client's to invent (MDN, X-Forwarded-For). Some
/// proxies write the port behind it. Where it is no address, such as `unknown`, all such clients count as one: the proxy.
pub fn address(extensions: &Extensions, headers: &HeaderMap, proxy_header: Option<&HeaderName>) -> Option<IpAddr> {
    let told = proxy_header.and_then(|name| headers.get_all(name).iter().next_back());
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map(|ConnectInfo(peer)| peer.ip().to_canonical());
    match told {
        Some(told) => parse(told).or(peer),
        None => peer.filter(|peer| !peer.is_loopback()),
    }
}

fn parse(told: &HeaderValue) -> Option<IpAddr> {
    let last = told.to_str().ok()?.rsplit(',').next()?.trim();
    let alone = last.parse().ok();
    let address = alone.or_else(|| last.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()));
    address.map(|address| address.to_canonical())
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
        let mut told = |text: &str| {
            headers.append("x-forwarded-for", text.parse().expect("a value"));
            address(&extensions, &headers, Some(&name))
        };
        assert_eq!(told("203.0.113.5:4711"), expected("203.0.113.5"));
        assert_eq!(told("[2001:db8::1]:4711"), expected("2001:db8::1"));
        assert_eq!(
            told("unknown"),
            expected("198.51.100.1"),
            "no client is without a limit"
        );
        extensions.insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4))));
        assert_eq!(address(&extensions, &HeaderMap::new(), Some(&name)), None);
    }
}
