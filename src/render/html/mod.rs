//! A page for a browser that is complete in itself: nothing is loaded from anywhere, and its own policy forbids it.
//!
//! What is grouped is HTML from here, so that the page says everything without scripts, too. What is filtered and
//! searched or drawn is made in the browser, from data that lies in the page as JSON, in which everything that occurs
//! more than once is said once.
//!
//! The script of a plan's page is `places.js` (what is shown), `matrix.js`, `units.js` (the tree), `panel.js` (one
//! account) and `plan.js` (views, filters, address); that of a run's page is `report.js`; both have `page.js` and
//! `rows.js` before them, and `page.css` before their own looks.

mod data;
mod entry;
mod escape;
mod frame;
mod group;
mod numbered;
mod plan;
mod report;
mod table;
mod timeline;

pub use plan::plan;
pub use report::report;
