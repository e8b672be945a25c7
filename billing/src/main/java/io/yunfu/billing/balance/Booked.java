package io.yunfu.billing.balance;

import io.yunfu.ledger.Balance;

/// Money that was moved, and the account after it.
///
/// @param posting its number in the books
public record Booked(long posting, Balance balance) {}
