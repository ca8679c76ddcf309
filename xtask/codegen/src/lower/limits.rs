//! Counts the work of lowering, which a small document can make exponential.

use std::cell::OnceCell;

use crate::diag::{Code, Diagnostic};
use crate::ir::Pointer;
use crate::limits::{Budget, MAX_COMBINATIONS, MAX_LOWERING_STEPS};

/// The work that is left, and where it was exceeded.
pub(super) struct LowerLimits {
    steps: Budget,
    combinations: Budget,
    exceeded: OnceCell<Diagnostic>,
}

impl LowerLimits {
    pub(super) fn new() -> Self {
        Self {
            steps: Budget::new(MAX_LOWERING_STEPS),
            combinations: Budget::new(MAX_COMBINATIONS),
            exceeded: OnceCell::new(),
        }
    }

    /// Returns the diagnostic for the schema whose work exceeded a limit.
    pub(super) fn exceeded(&self) -> Option<&Diagnostic> {
        self.exceeded.get()
    }

    /// Counts work on the schema at `at`. Returns whether it may be done.
    pub(super) fn spend_steps(&self, count: usize, at: &Pointer) -> bool {
        let is_allowed = self.steps.spend(count);
        if !is_allowed {
            let message = format!(
                "merging `allOf` and comparing union members takes more than {MAX_LOWERING_STEPS} steps"
            );
            self.refuse(at, message);
        }
        is_allowed
    }

    /// Counts a schema that combines two others. Returns whether it may be made.
    pub(super) fn spend_combination(&self, at: &Pointer) -> bool {
        let is_allowed = self.combinations.spend(1);
        if !is_allowed {
            let message = format!(
                "the members of unions in `allOf` make more than {MAX_COMBINATIONS} combinations"
            );
            self.refuse(at, message);
        }
        is_allowed
    }

    fn refuse(&self, at: &Pointer, message: String) {
        let diag = Diagnostic::new(Code::TooBig, at, message);
        let help = "combine fewer schemas here: in overlay.yaml, remove members of `allOf` or replace a union by `{}`";
        // Only the first place is reported.
        let _ = self.exceeded.set(diag.with_help(help));
    }
}
