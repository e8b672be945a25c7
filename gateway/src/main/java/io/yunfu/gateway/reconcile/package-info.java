/// Holds each day that is over against the channel's own bill of it: what only one side has, and
/// what is not the same on both, is found, asked for, and if need be shown to a person. A bill by
/// itself changes nothing. Source: `channels.md` section 8.3.
@NullMarked
package io.yunfu.gateway.reconcile;

import org.jspecify.annotations.NullMarked;
