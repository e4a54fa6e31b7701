//! The kinds of faults that strike a world. Each can be switched off, which is how a failure's story is made short.

macro_rules! faults {
    ($($name:ident: $words:literal,)*) => {
        /// Something that goes wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the words beside each name say it")]
        pub enum Fault { $($name,)* }

        impl Fault {
            /// Every kind.
            pub const ALL: &'static [Fault] = &[$(Fault::$name,)*];

            /// In a few words.
            pub fn words(self) -> &'static str {
                match self { $(Fault::$name => $words,)* }
            }
        }
    };
}

faults! {
    LostRequest: "request lost",
    LostAnswer: "answer lost after the collector stored",
    LateAnswer: "answer later than anyone waits",
    LateDelivery: "request delivered long after it failed",
    RepeatedDelivery: "request delivered twice",
    Hang: "request hangs",
    ServerError: "5xx",
    Busy: "429 or 503 with Retry-After",
    ClientError: "4xx without a receipt",
    Portal: "captive portal's page with 200",
    Garbage: "garbage with 2xx",
    WrongReceipt: "another record's receipt",
    TruncatedReceipt: "truncated receipt",
    Offline: "offline",
    CollectorRestart: "collector restarts",
    BeaconLost: "beacon lost",
    KeepaliveQuota: "keepalive quota used up",
    BrowserKill: "browser killed",
    KillAtEffect: "browser killed between two effects",
    TabCrash: "tab crashes",
    Freeze: "page frozen, thawed later",
    ModuleMissing: "module does not arrive",
    LocalStorageFull: "localStorage full",
    LocalStorageDenied: "localStorage denied",
    IndexedDbFull: "IndexedDB full",
    IndexedDbDenied: "IndexedDB denied",
    StorageGarbage: "garbage in storage",
    OtherFormat: "another release's format in storage",
    ClockJump: "clock jumps",
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultSet(u32);

impl FaultSet {
    /// Every kind.
    pub const ALL: FaultSet = FaultSet((1 << Fault::ALL.len()) - 1);
    /// None.
    pub const NONE: FaultSet = FaultSet(0);

    /// Whether this kind is in it.
    pub fn has(self, fault: Fault) -> bool {
        self.0 & (1 << fault as u32) != 0
    }

    /// Without this kind.
    pub fn without(self, fault: Fault) -> FaultSet {
        FaultSet(self.0 & !(1 << fault as u32))
    }
}
