//! Documents become the types of `files.rs`: every fault of a file is found, each with its place.
//!
//! Not serde: it stops at the first fault. The keys of a mapping, and which of them are required, come from the
//! JSON Schema of its type, so that decoder and schema are one.

mod baseline;
mod collection;
mod decoder;
mod fields;
mod keys;
mod landing_zone;
mod placeholder;
mod scalar;
mod settings;
mod text;
mod value;
mod wave;
mod words;

pub(super) use decoder::decode;
