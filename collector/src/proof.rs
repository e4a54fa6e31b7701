//! Whether the shop's server vouches for a purchase: by a message of its own, or by the signature that it put on the page.

use purchase_core::{
    Judgement, Kind, Problem, Said, Severity,
    source::{Field, RawPurchase, Signed},
    wire::Envelope,
};

use crate::{
    judge::judge,
    problem::{AMBIGUOUS_SIGNED, NO_SIGNATURE, WRONG_SIGNATURE},
    secrets::Secrets,
};

/// Who vouches for a message's id, total and date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Nobody: whoever had the page in a browser may have changed them.
    None,
    /// The shop's server, by its signature on the page: for exactly these three.
    Signature,
    /// The shop's server, which sent the message itself.
    Server,
}

/// Judges what a page says, its signature included. A wrong signature refuses the purchase, and so does none where the site
/// requires one. A site without a secret has nothing to check a signature with: it counts as none.
pub fn judge_page(envelope: &Envelope, secrets: &Secrets) -> (Judgement, Proof) {
    let found = envelope.sole_purchase();
    let mut judgement = judge(found.clone(), &envelope.config, envelope.page.as_deref());
    let proof = match found {
        Ok(raw) => check(raw, &mut judgement, &envelope.site, secrets),
        Err(_) => Proof::None,
    };
    (judgement, proof)
}

fn check(raw: &RawPurchase, judgement: &mut Judgement, site: &str, secrets: &Secrets) -> Proof {
    let required = secrets.requires_signature(site);
    let problem = match raw.signed().filter(|_| secrets.has(site)) {
        None if !required => return Proof::None,
        None => missing(),
        Some(signed) if !is_genuine(&signed, site, secrets) => wrong(signed.signature),
        // The signature is of the text, and the rules to read it by came from the browser: it must mean the same without them.
        Some(signed) => match (&signed.total, &judgement.purchase) {
            (Some(total), Some(purchase)) if *total != purchase.total_price => ambiguous(raw, required),
            (None, Some(_)) => ambiguous(raw, required),
            _ => return Proof::Signature,
        },
    };
    if problem.severity == Severity::Error {
        judgement.purchase = None;
    }
    judgement.problems.push(problem);
    Proof::None
}

fn is_genuine(signed: &Signed<'_>, site: &str, secrets: &Secrets) -> bool {
    let text = signed.text.as_deref();
    text.is_some_and(|text| secrets.signed(site, signed.signature, text))
}

fn problem(kind: Kind, severity: Severity, text: &str, said: Said) -> Problem {
    Problem::new(Field::Signature.name(), kind, severity, text, said.plain())
}

fn missing() -> Problem {
    problem(Kind::Missing, Severity::Error, "", NO_SIGNATURE)
}

fn wrong(signature: &str) -> Problem {
    problem(Kind::WrongSignature, Severity::Error, signature, WRONG_SIGNATURE)
}

fn ambiguous(raw: &RawPurchase, required: bool) -> Problem {
    let severity = if required { Severity::Error } else { Severity::Warning };
    let total = raw.text(Field::TotalPrice).unwrap_or_default();
    problem(Kind::Ambiguous, severity, total, AMBIGUOUS_SIGNED)
}
