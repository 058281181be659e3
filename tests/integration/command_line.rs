//! What a person meets: commands, what they print, and how they end.

mod create;
mod folder;
mod plan;
mod sarif;
mod sessions;
mod show;
mod strict;
mod update;
