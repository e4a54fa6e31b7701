//! How the proxy answers, according to the fault in force.

use std::{convert::Infallible, fmt, time::Instant};

use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::{
    HeaderMap, Method, Request, Response,
    body::{Bytes, Frame, Incoming},
    header,
    http::request::Parts,
};
use tokio::time::{Duration, sleep};

use super::{Fault, File, FileFault, RetryAfter, State, lock, seen::Post};

/// An answer, or a connection that breaks.
pub type Answer = Result<Response<BoxBody<Bytes, Broken>>, Broken>;

/// The connection is to break now.
#[derive(Debug)]
pub struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection breaks, as asked for")
    }
}

impl std::error::Error for Broken {}

impl From<Infallible> for Broken {
    fn from(never: Infallible) -> Broken {
        match never {}
    }
}

/// How long the first half of a truncated body has to reach the browser.
const HALF: Duration = Duration::from_millis(20);

/// What a captive portal or a wrongly set up server answers everything with.
const PAGE: &str = "<!doctype html><title>Welcome</title><p>Accept our terms to use this network.";

/// Headers that belong to one connection, or that the body itself decides.
const OF_ONE_CONNECTION: [header::HeaderName; 4] = [
    header::HOST,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
];

/// Answers a request on the port for purchases.
pub async fn to_purchase(request: Request<Incoming>, state: &State) -> Answer {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Broken)?.to_bytes();
    let fault = *state.fault.borrow();
    let delivered = matches!(
        fault,
        Fault::None | Fault::TruncatedReceipt | Fault::LostResponse | Fault::Delay(_)
    );
    if head.method == Method::OPTIONS {
        lock(&state.seen).preflights += 1;
    } else if head.method == Method::POST {
        let body = String::from_utf8_lossy(&body).into_owned();
        let mut seen = lock(&state.seen);
        let at = seen.first.get_or_insert_with(Instant::now).elapsed().as_millis();
        let lane = lane(&head);
        seen.posts.push(Post {
            body,
            lane,
            at,
            delivered,
        });
    }
    match fault {
        Fault::None => forward(&head, body, state).await,
        Fault::Delay(time) => {
            sleep(time).await;
            forward(&head, body, state).await
        }
        Fault::LostResponse => {
            forward(&head, body, state).await?;
            Err(Broken)
        }
        Fault::TruncatedReceipt => truncated(forward(&head, body, state).await?).await,
        Fault::Refuse | Fault::Reset => Err(Broken),
        Fault::Hang => {
            // Until it is over: a server that hangs is restarted some day, and a browser that twenty shoppers share would run out
            // of connections to it.
            let _ = state.fault.subscribe().wait_for(|fault| *fault != Fault::Hang).await;
            Err(Broken)
        }
        Fault::Status(status, retry_after) => readable(
            status,
            "application/json",
            r#"{"error":"asked for"}"#,
            retry_after,
            &head.headers,
        ),
        Fault::Html => readable(200, "text/html", PAGE, None, &head.headers),
        Fault::Garbage => readable(200, "application/json", r#"{"receipt":1,"id":["#, None, &head.headers),
    }
}

/// Answers a request on the port for files, which also takes the pages' signals and passes on what the shop's server posts.
pub async fn to_file(request: Request<Incoming>, state: &State) -> Answer {
    let (head, body) = request.into_parts();
    if head.method == Method::POST {
        let body = body.collect().await.map_err(|_| Broken)?.to_bytes();
        return forward(&head, body, state).await;
    }
    let path = head.uri.path().to_owned();
    if path == "/signal" {
        state.signals.send_modify(|count| *count += 1);
        return readable(200, "text/plain", "", None, &head.headers);
    }
    let file = File::of(&path);
    let mut faults = state.file_fault.subscribe();
    let of_this = |fault: &Option<(File, FileFault)>| fault.filter(|(of, _)| Some(*of) == file).map(|(_, fault)| fault);
    // A file that is late comes in the end: browsers let the next page wait for a request for the same file.
    let fault = faults.wait_for(|fault| of_this(fault) != Some(FileFault::Late)).await;
    let fault = of_this(&*fault.map_err(|_| Broken)?);
    match fault {
        Some(FileFault::NotFound) => {
            return readable(404, "application/json", r#"{"error":"gone"}"#, None, &head.headers);
        }
        Some(FileFault::Html) => return readable(200, "text/html", PAGE, None, &head.headers),
        Some(FileFault::Late | FileFault::Truncated) | None => {}
    }
    if file == Some(File::Loader) {
        return loader(head, state).await;
    }
    let answer = forward(&head, Bytes::new(), state).await?;
    match fault {
        Some(FileFault::Truncated) => truncated(answer).await,
        _ => Ok(answer),
    }
}

/// The loader with the prelude before its code. While the collector is down it comes from here, as it would from a browser's cache, which
/// must not have it: the next page may have another prelude.
async fn loader(mut head: Parts, state: &State) -> Answer {
    head.headers.remove(header::ACCEPT_ENCODING);
    let loader = match forward(&head, Bytes::new(), state).await {
        Ok(answer) => {
            let loader = answer.into_body().collect().await?.to_bytes();
            lock(&state.loader).clone_from(&loader);
            loader
        }
        Err(_) => lock(&state.loader).clone(),
    };
    // What browsers are told in a comment counts in the first line only.
    let code = if loader.starts_with(b"//") {
        loader.iter().position(|byte| *byte == b'\n')
    } else {
        None
    };
    let (hint, code) = loader.split_at(code.map_or(0, |end| end + 1));
    let script = [hint, state.prelude().as_bytes(), code].concat();
    let answer = Response::builder()
        .header(header::CONTENT_TYPE, "text/javascript; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    answer.body(full(script.into())).map_err(|_| Broken)
}

fn lane(head: &Parts) -> String {
    let mode = head.headers.get("sec-fetch-mode").and_then(|mode| mode.to_str().ok());
    let attempt = head.uri.query().and_then(|query| query.split_once("attempt="));
    format!("{} #{}", mode.unwrap_or("?"), attempt.map_or("?", |(_, number)| number))
}

/// Passes a request on to the collector, and its answer back.
async fn forward(head: &Parts, body: Bytes, state: &State) -> Answer {
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let request = state
        .client
        .request(head.method.clone(), format!("{}{path}", state.collector))
        .headers(without_connection(&head.headers))
        .body(body);
    let answer = request.send().await.map_err(|_| Broken)?;
    let (status, headers) = (answer.status(), without_connection(answer.headers()));
    let body = answer.bytes().await.map_err(|_| Broken)?;
    let mut answer = Response::new(full(body));
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    Ok(answer)
}

fn without_connection(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in OF_ONE_CONNECTION {
        headers.remove(name);
    }
    headers
}

/// An answer that the page may read, which is worse than one it may not: it looks like the collector's own.
fn readable(status: u16, kind: &str, body: &'static str, retry_after: Option<RetryAfter>, asked: &HeaderMap) -> Answer {
    let origin = asked.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let mut answer = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, kind)
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.unwrap_or("*"))
        .header(header::ACCESS_CONTROL_EXPOSE_HEADERS, "retry-after");
    if origin.is_some() {
        answer = answer.header(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    }
    if let Some(retry_after) = retry_after {
        answer = answer.header(header::RETRY_AFTER, retry_after.text());
    }
    answer
        .body(full(Bytes::from_static(body.as_bytes())))
        .map_err(|_| Broken)
}

/// The same answer, of which only the first half comes.
async fn truncated(answer: Response<BoxBody<Bytes, Broken>>) -> Answer {
    let (mut head, body) = answer.into_parts();
    let body = body.collect().await?.to_bytes();
    head.headers.insert(header::CONTENT_LENGTH, body.len().into());
    let half = body.slice(..body.len() / 2);
    let frames = futures_util::stream::unfold(Some(half), async |half| match half {
        Some(half) => Some((Ok(Frame::data(half)), None)),
        None => {
            sleep(HALF).await;
            Some((Err(Broken), None))
        }
    });
    Ok(Response::from_parts(
        head,
        BodyExt::boxed(StreamBody::new(Box::pin(frames))),
    ))
}

fn full(body: Bytes) -> BoxBody<Bytes, Broken> {
    Full::new(body).map_err(Broken::from).boxed()
}
