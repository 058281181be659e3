//! The program against an emulated AWS: the real binary, real HTTP, the real SDK.
//!
//! Each test starts its own server (moto, brought nearer to AWS by `launcher/`), runs `avm` in a copy of
//! `examples/acme`, and looks at the outcome with SDK clients of its own, never through `avm::aws`.
//! Python 3 with `venv` is needed; the packages come from `PyPI`, pinned in `ci/requirements.txt`, once.
//!
//! What the emulator cannot show, and what therefore is proven elsewhere or not at all:
//!
//! - service control policies; permissions only where a test asks for them (`permissions.rs`), by their actions: neither
//!   resources nor conditions are looked at, and what CloudFormation makes is made inside of the emulator;
//! - KMS: key policies are kept and not enforced, nobody can lock himself out, principals need not exist;
//! - CloudTrail and Config do not ask whether their bucket lets them in, and deliver nothing;
//! - throttling and failures of AWS, unless a test puts a proxy between (`faults.rs`) or says what is not found yet
//!   (`consistency.rs`); latency, and faults that last, which the simulated AWS of `src/sim` has;
//! - opt-in regions that take hours, EBS keys that are refused only later, GuardDuty's features;
//! - GuardDuty that turns itself on in its administrator's account; organization trails in other accounts;
//! - change sets that import into a stack that is there, of nested stacks, or on more than one page; of what CloudFormation
//!   finds before it deploys, only unknown properties and taken names; how long it takes over them;
//! - drift, and so `--revert-drift`; stack policies, `ContinueUpdateRollback`;
//! - what is launched from Service Catalog's products, and who may; models of anomaly detection.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod harness;

mod administration;
mod adoption;
mod alarms;
mod consistency;
mod create;
mod death;
mod default_vpc;
mod existing;
mod failing_stack;
mod faults;
mod kits;
mod large_template;
mod lease;
mod optional_templates;
mod pages;
mod permissions;
mod previews;
mod secrets;
mod templates;
mod update;
