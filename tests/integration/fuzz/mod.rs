//! Fuzzing on stable Rust: every parser against damaged copies of real inputs (docs/decisions/0031).
//!
//! `cargo test --test integration -- fuzz` tries some hundred cases per target, always the same ones. With
//! `AVM_FUZZ_SECONDS=600` each target goes on for so long from a seed of its own, which it prints; `AVM_FUZZ_SEED`
//! repeats it. What is found is written to `tests/fuzz/corpus/TARGET/`, where every later run tries it first.

mod campaign;
mod folders;
mod mutation;
mod saved;
mod texts;
