//! What a plan adds that is billed, in two lines.

use super::count::{count, grouped};
use crate::plan::{CostDriver, CostShape};

/// `Adds 64 KMS keys (4 x 2 regions x 8 accounts): about $64 a month.`, and what is billed by use.
pub(super) fn lines(costs: &[CostDriver]) -> Vec<String> {
    let priced = costs.iter().filter_map(|driver| {
        let dollars = usize::try_from(driver.monthly?).unwrap_or(usize::MAX);
        Some(format!("Adds {}: about ${} a month.", product(driver), grouped(dollars)))
    });
    let by_use: Vec<_> =
        costs.iter().filter(|driver| driver.monthly.is_none()).map(product).collect();
    let by_use =
        (!by_use.is_empty()).then(|| format!("Adds, billed by use: {}.", by_use.join(", ")));
    priced.chain(by_use).collect()
}

/// `64 KMS keys (4 x 2 regions x 8 accounts)`.
fn product(driver: &CostDriver) -> String {
    let total = count(driver.count, &driver.noun);
    let accounts = count(driver.accounts, "account");
    match driver.each {
        Some(CostShape { in_region: 1, regions: 1 }) if driver.accounts == 1 => total,
        Some(CostShape { in_region, regions }) if in_region * regions > 1 => {
            format!("{total} ({in_region} x {} x {accounts})", count(regions, "region"))
        }
        _ => format!("{total} (in {accounts})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn driver(noun: &str, each: Option<CostShape>, accounts: usize, price: bool) -> CostDriver {
        let of_each = each.map_or(7, |each| each.in_region * each.regions * accounts);
        CostDriver {
            noun: noun.to_owned(),
            count: of_each,
            accounts,
            each,
            monthly: price.then_some(of_each as u64),
        }
    }

    #[test]
    fn keys_are_multiplied_out_and_priced() {
        let each = Some(CostShape { in_region: 4, regions: 17 });
        assert_eq!(
            lines(&[driver("KMS key", each, 1_000, true)]),
            ["Adds 68,000 KMS keys (4 x 17 regions x 1,000 accounts): about $68,000 a month."]
        );
    }

    #[test]
    fn what_is_billed_by_use_is_only_counted() {
        let once = Some(CostShape { in_region: 1, regions: 1 });
        assert_eq!(
            lines(&[driver("trail", once, 3, false), driver("Config recorder", None, 3, false)]),
            ["Adds, billed by use: 3 trails (in 3 accounts), 7 Config recorders (in 3 accounts)."]
        );
        assert_eq!(lines(&[]), [""; 0]);
    }
}
