//! Currencies, as codes and as the signs that shops print.

use core::fmt;
use serde::{Serialize, Serializer};

/// The codes of ISO 4217 in use, without funds and metals.
const CODES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD \
    CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD \
    HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD \
    MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON \
    RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX \
    USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

/// Signs and the currencies they can stand for; longer ones first where one begins another.
const SIGNS: [(&str, &str); 22] = [
    ("R$", "BRL"),
    ("US$", "USD"),
    ("C$", "CAD NIO"),
    ("A$", "AUD"),
    ("MX$", "MXN"),
    (
        "$",
        "USD CAD AUD NZD MXN CLP COP ARS UYU HKD SGD TWD BBD BMD BND BSD BZD DOP FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD",
    ),
    ("€", "EUR"),
    ("£", "GBP EGP LBP FKP GIP SHP"),
    ("¥", "JPY CNY"),
    ("₹", "INR"),
    ("₺", "TRY"),
    ("₽", "RUB"),
    ("₴", "UAH"),
    ("₩", "KRW"),
    ("₪", "ILS"),
    ("₡", "CRC"),
    ("zł", "PLN"),
    ("Kč", "CZK"),
    ("kr", "SEK NOK DKK ISK"),
    ("Ft", "HUF"),
    ("lei", "RON"),
    ("S/", "PEN"),
];

/// A currency by its ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads a code in any case, blanks around it dropped. None if it is no code in use.
    pub fn from_code(text: &str) -> Option<Currency> {
        let code: [u8; 3] = text.trim().as_bytes().try_into().ok()?;
        let code = code.map(|byte| byte.to_ascii_uppercase());
        CODES
            .split(' ')
            .any(|known| known.as_bytes() == code)
            .then_some(Currency(code))
    }

    /// The code, such as `EUR`.
    pub fn code(&self) -> &str {
        // Only codes of the table are ever stored.
        core::str::from_utf8(&self.0).unwrap_or("")
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// A currency sign or code found beside an amount: the codes it can stand for, separated by spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurrencyMark(&'static str);

impl CurrencyMark {
    /// Whether the sign can stand for this currency.
    pub fn fits(self, currency: Currency) -> bool {
        self.0.split(' ').any(|code| code == currency.code())
    }

    /// Splits a sign or code off the start of `text`.
    pub fn strip_prefix(text: &str) -> Option<(CurrencyMark, &str)> {
        let sign = SIGNS
            .iter()
            .find_map(|(sign, codes)| Some((CurrencyMark(codes), text.strip_prefix(sign)?)));
        sign.or_else(|| Some((known_code(text.get(..3)?)?, text.get(3..)?)))
    }

    /// Splits a sign or code off the end of `text`.
    pub fn strip_suffix(text: &str) -> Option<(CurrencyMark, &str)> {
        let sign = SIGNS
            .iter()
            .find_map(|(sign, codes)| Some((CurrencyMark(codes), text.strip_suffix(sign)?)));
        let cut = text.len().checked_sub(3);
        sign.or_else(|| cut.and_then(|cut| Some((known_code(text.get(cut..)?)?, text.get(..cut)?))))
    }
}

fn known_code(text: &str) -> Option<CurrencyMark> {
    CODES.split(' ').find(|known| *known == text).map(CurrencyMark)
}
