//! A limit on what retries add to the load of a server that is in trouble anyway.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// What a retry costs; a success pays a part of it.
const RETRY: u32 = 100;

/// How many retries a client may make beyond what its successes pay for.
///
/// Without a limit, a server that is down gets four times its load from clients with four attempts, which keeps it
/// down. With one, a client that sees nothing but failures uses up its reserve of retries (50, unless set) and then
/// tries each call once; every success pays for a part of a retry (a tenth, unless set), so that retries add no more
/// than that part to the load in the long run. The clones of a client share one budget.
#[derive(Clone)]
#[must_use = "a budget does nothing until a client is given it"]
pub struct RetryBudget {
    /// `None` is no limit.
    left: Option<Arc<Mutex<u32>>>,
    full: u32,
    pays: u32,
}

impl RetryBudget {
    /// A reserve of so many retries, and the percentage of a retry that a success pays for.
    pub fn new(retries: u32, percent: u32) -> Self {
        let full = retries.saturating_mul(RETRY);
        Self {
            left: Some(Arc::new(Mutex::new(full))),
            full,
            pays: percent,
        }
    }

    /// No limit: for a client that shares its server with nobody.
    pub const fn unlimited() -> Self {
        Self {
            left: None,
            full: 0,
            pays: 0,
        }
    }

    /// Takes what a retry costs, if it is there.
    pub(super) fn spend(&self) -> bool {
        let Some(left) = &self.left else {
            return true;
        };
        let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
        match left.checked_sub(RETRY) {
            Some(rest) => {
                *left = rest;
                true
            }
            None => false,
        }
    }

    /// What a success pays.
    pub(crate) fn earn(&self) {
        if let Some(left) = &self.left {
            let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
            *left = left.saturating_add(self.pays).min(self.full);
        }
    }
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new(50, 10)
    }
}

impl fmt::Debug for RetryBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = self.left.as_ref().map(|left| {
            let left = left.lock().unwrap_or_else(PoisonError::into_inner);
            *left / RETRY
        });
        f.debug_struct("RetryBudget")
            .field("retries_left", &left)
            .finish_non_exhaustive()
    }
}
