use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// The cost of one retry, in units of the budget. A success deposits a percentage of it.
const RETRY_COST: u32 = 100;

/// A limit on the retries of a client.
///
/// Without a limit, clients with four attempts multiply the load of a failing server by four, and keep it from
/// recovering. A budget starts with a reserve of retries (50 by default). Each retry takes one from it, and each
/// successful call adds a fraction (a tenth by default). A client whose calls all fail exhausts the reserve, and then
/// makes a single attempt per call; in the long run retries add at most that fraction to the load.
///
/// The clones of a client share one budget.
///
/// ```
/// # use observatory_runtime::{Client, ClientBuilder, RetryBudget};
/// # fn example(builder: ClientBuilder<Client>) -> ClientBuilder<Client> {
/// // At most 10 retries in reserve; 20 successful calls pay for one.
/// builder.retry_budget(RetryBudget::new(10, 5))
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a budget has no effect until it is given to a client"]
pub struct RetryBudget {
    /// The units that are left. `None` is unlimited.
    balance: Option<Arc<Mutex<u32>>>,
    capacity: u32,
    deposit: u32,
}

impl RetryBudget {
    /// Creates a budget with a reserve of `retries`, of which a success restores `percent` percent of one.
    pub fn new(retries: u32, percent: u32) -> Self {
        let capacity = retries.saturating_mul(RETRY_COST);
        Self {
            balance: Some(Arc::new(Mutex::new(capacity))),
            capacity,
            deposit: percent,
        }
    }

    /// Creates a budget without a limit, for a client that is the only one of its server.
    pub const fn unlimited() -> Self {
        Self {
            balance: None,
            capacity: 0,
            deposit: 0,
        }
    }

    /// Withdraws the cost of one retry. Returns `false` where the balance is too low.
    pub(super) fn withdraw(&self) -> bool {
        let Some(balance) = &self.balance else {
            return true;
        };
        let mut balance = balance.lock().unwrap_or_else(PoisonError::into_inner);
        match balance.checked_sub(RETRY_COST) {
            Some(rest) => {
                *balance = rest;
                true
            }
            None => false,
        }
    }

    /// Deposits what a success restores.
    pub(crate) fn deposit(&self) {
        if let Some(balance) = &self.balance {
            let mut balance = balance.lock().unwrap_or_else(PoisonError::into_inner);
            *balance = balance.saturating_add(self.deposit).min(self.capacity);
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
        let retries = self.balance.as_ref().map(|balance| {
            let balance = balance.lock().unwrap_or_else(PoisonError::into_inner);
            *balance / RETRY_COST
        });
        f.debug_struct("RetryBudget")
            .field("retries_left", &retries)
            .finish_non_exhaustive()
    }
}
