//! A majority set: priests who hold more than half of the weight. `[PTP §2.2, §3.3.6]`

use crate::words::{Membership, Name};

impl Membership {
    /// Whether these priests hold more than half of the total weight. Strangers weigh nothing.
    ///
    /// Two such sets share at least one priest, so a majority set may serve as a *quorum* (B2).
    #[doc(alias = "quorum")]
    pub fn is_majority(&self, priests: impl IntoIterator<Item = Name>) -> bool {
        2 * self.weight_of(priests) > self.weight()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Founding;

    fn members(text: &str) -> Membership {
        text.parse::<Founding>().unwrap().membership
    }

    #[test]
    fn half_is_no_majority_and_weights_count() {
        let of = |members: &Membership, names: &str| {
            members.is_majority(names.split_whitespace().map(|name| name.parse().unwrap()))
        };
        let four = members("A B C D");
        assert!(!of(&four, "A B") && of(&four, "A B C"));
        let weighted = members("A:3 B C");
        assert!(of(&weighted, "A") && !of(&weighted, "B C") && !of(&weighted, "Stranger"));
    }
}
