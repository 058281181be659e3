#!/bin/sh
# RUSTC_WRAPPER for CI and developers: compile of the AWS crates only what avm calls (about a third less work).
# The flag is unstable, so it is confined to aws_sdk_* and never used in what we ship. AVM_NO_HINT=1 turns it off.
for argument in "$@"; do
    [ "$previous" = --crate-name ] && crate=$argument
    previous=$argument
done
case "$crate" in
aws_sdk_*) [ -z "$AVM_NO_HINT" ] && RUSTC_BOOTSTRAP=1 exec "$@" -Zhint-mostly-unused ;;
esac
exec "$@"
