//! Which regions go together.

use super::zone::Zone;
use crate::document::Diagnostic;

/// The home region is governed, and all regions are of one partition: no credentials reach two.
pub(super) fn check(zone: &Zone<'_>, faults: &mut Vec<Diagnostic>) {
    let Some(regions) = &zone.file.regions else { return };
    let Some(home) = &regions.home else { return };
    if let Some(governed) = &regions.governed
        && !zone.governed.contains(&home.value)
    {
        let message = format!("the home region {} is not among the governed ones", home.value);
        let fault = zone.fault(&home.span, "home-not-governed", message);
        let listed = governed.value.len();
        faults.push(if listed == 0 { fault } else { fault.help("add it to governed") });
    }
    for region in regions.governed.iter().flat_map(|governed| &governed.value) {
        let (partition, wanted) = (region.value.partition(), home.value.partition());
        if partition != wanted {
            let message = format!(
                "{} is in the partition {partition}, and the home region in {wanted}",
                region.value
            );
            let fault = zone.fault(&region.span, "mixed-partitions", message);
            faults.push(
                fault.help("an organization exists in one partition: make a folder for each"),
            );
        }
    }
}
