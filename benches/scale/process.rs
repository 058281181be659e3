//! What this process has cost so far, as Linux tells.

use std::fs;

/// The processor's time, in seconds: user's and system's. Linux counts hundredths.
pub(crate) fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name, which stands in brackets and may hold anything: utime and stime are the 12th and 13th field.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u32 = fields.skip(11).take(2).filter_map(|field| field.parse::<u32>().ok()).sum();
    f64::from(ticks) / 100.0
}

/// The memory that it takes now, and the most that it took since [`forget_peak`], in MiB.
pub(crate) fn memory() -> (f64, f64) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let read = |key: &str| {
        let line = status.lines().find(|line| line.starts_with(key)).unwrap_or_default();
        let kibibytes = line.split_whitespace().nth(1).and_then(|word| word.parse::<u32>().ok());
        f64::from(kibibytes.unwrap_or_default()) / 1024.0
    };
    (read("VmRSS:"), read("VmHWM:"))
}

/// Lets the peak begin anew.
pub(crate) fn forget_peak() {
    // Where Linux does not allow it, the peak is that of the whole process: too high, and never too low.
    fs::write("/proc/self/clear_refs", "5").ok();
}
