//! A small shop and the payment page of its bank, served on two origins, to try the purchase tag by hand and by script.

mod amount;
mod cart;
mod catalogue;
mod confirmation;
mod erp;
mod gateway;
mod markup;
mod order;
mod orders;
mod outbound;
mod random;
mod server_message;
mod shop;
mod statement;
mod status;
#[cfg(test)]
mod testing;
mod views;

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    process::ExitCode,
};

use axum::{Router, http::HeaderValue};
use clap::Parser;
use tokio::net::TcpListener;
use url::Url;

use self::{
    erp::Erp,
    gateway::{Gateway, Notifier},
    orders::Orders,
    server_message::ServerMessages,
    shop::Shop,
    status::Platform,
    views::{Tag, Views},
};

/// A demo shop and its external payment gateway.
#[derive(Parser)]
#[command(version, about)]
struct Options {
    /// Address and port of the shop; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:7501")]
    shop_listen: SocketAddr,
    /// Address and port of the payment gateway, another origin than the shop's; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:7502")]
    gateway_listen: SocketAddr,
    /// Address of the collector, which also serves the tag's files
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7500", value_parser = http_url)]
    collector: Url,
    /// Site key printed in the tag's data-site
    #[arg(long, value_name = "KEY", default_value = "demo")]
    site: String,
    /// More attributes for the tag's script element, as HTML, such as 'data-decimal="comma"'
    #[arg(long, value_name = "HTML", default_value = "", hide_default_value = true)]
    tag_options: String,
    /// Content-Security-Policy sent with every page of the shop, to try what it does to the tag [default: none]
    #[arg(long, value_name = "POLICY")]
    content_security_policy: Option<HeaderValue>,
    /// Lets the tag ask for an order's status: prints data-order-status-url. The address answers in any case
    #[arg(long)]
    order_status: bool,
    /// Print data-platform, and state orders in this platform's words [default: the tag's own states]
    #[arg(long, value_name = "PLATFORM")]
    platform: Option<Platform>,
    /// The site's secret at the collector: the shop's server tells the collector of each order itself [default: it does not]
    #[arg(long, value_name = "SECRET")]
    server_secret: Option<String>,
    /// The secret of the collector's webhooks: /erp takes what is passed on [default: it takes nothing]
    #[arg(long, value_name = "SECRET")]
    webhook_secret: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Serves both sites until the process is told to stop; an error is one sentence for the person who started it.
async fn run(options: Options) -> Result<(), String> {
    let shop = listen(options.shop_listen, "--shop-listen").await?;
    let gateway = listen(options.gateway_listen, "--gateway-listen").await?;
    let shop_origin = origin(&shop)?;
    let gateway_origin = origin(&gateway)?;

    let client = outbound::client().map_err(|error| format!("Requests cannot be sent: {error}."))?;
    let messages = match options.server_secret {
        Some(_) if options.collector.scheme() != "http" => {
            return Err("Server messages go to an http:// collector only; leave out --server-secret.".to_owned());
        }
        Some(secret) => Some(ServerMessages::new(
            client.clone(),
            &options.collector,
            &options.site,
            secret,
        )),
        None => None,
    };
    let tag = Tag {
        collector: options.collector,
        site: options.site,
        order_status: options.order_status,
        platform: options.platform,
        options: options.tag_options,
    };
    println!("shop     {shop_origin}/\ngateway  {gateway_origin}/");

    let secret = random::hex();
    let notifier = Notifier::new(client, &shop_origin, secret.clone());
    let gateway_site = Gateway::new(Views::new(None, None), shop_origin.clone(), notifier);
    let shop_site = Shop {
        views: Views::new(Some(tag), options.content_security_policy),
        origin: shop_origin,
        gateway: gateway_origin,
        orders: Orders::default(),
        secret,
        platform: options.platform,
        messages,
        erp: Erp::new(options.webhook_secret),
    };
    tokio::select! {
        ended = serve(shop, shop::router(shop_site)) => ended,
        ended = serve(gateway, gateway::router(gateway_site)) => ended,
        // What is kept here is kept in memory only, so requests under way need no farewell.
        () = told_to_stop() => Ok(()),
    }
}

async fn listen(address: SocketAddr, flag: &str) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!(
                "Port {} is already in use; free it or choose another with {flag}.",
                address.port()
            )
        }
        _ => format!("Cannot listen on {address}: {error}; choose another address with {flag}."),
    })
}

/// The origin that browsers on this machine use, without a trailing slash.
fn origin(listener: &TcpListener) -> Result<String, String> {
    let mut address = listener
        .local_addr()
        .map_err(|error| format!("Cannot read the address in use: {error}."))?;
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    Ok(format!("http://{address}"))
}

async fn serve(listener: TcpListener, router: Router) -> Result<(), String> {
    axum::serve(listener, router)
        .await
        .map_err(|error| format!("The server stopped: {error}."))
}

async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}

fn http_url(text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        _ => Err("write a full address such as http://127.0.0.1:7500".to_owned()),
    }
}
