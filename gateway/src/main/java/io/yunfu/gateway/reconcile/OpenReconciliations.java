package io.yunfu.gateway.reconcile;

/// What of a cell's days is not at its end.
///
/// @param late days whose bill was to be there by now
/// @param failed days whose bill cannot be used or has not come at all
/// @param differences that are neither settled nor decided
public record OpenReconciliations(long late, long failed, long differences) {}
