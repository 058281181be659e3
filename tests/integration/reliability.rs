//! It cannot be killed: every call of every scenario dies, fails or loses its answer once, and the next run ends in the
//! same state as if nothing had happened.
//!
//! A [`case`] is a scenario, something that goes wrong, and the number of the call that it strikes. What is held
//! against what is said in [`oracle`]; what is compared of two worlds in [`end_state`]. `docs/reliability.md` shows the
//! numbers, and [`table`] holds it to them.

mod arrange;
mod case;
mod disturbance;
mod end_state;
mod last_word;
mod matrix;
mod oracle;
mod random;
mod run;
mod scenarios;
mod side_by_side;
mod table;
