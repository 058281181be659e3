//! Input that was made to harm: files that no editor writes, and texts that steer terminals.

mod binary;
mod files;
mod links;
mod screen;
mod size;
