//! What a person meets: commands, what they print, and how they end.

mod create;
mod folder;
mod plan;
mod sessions;
mod strict;
mod update;
