/// Balances as their owners see them, and what the operator does with them: top-ups, gifts,
/// corrections, credit, holds. The money itself is the ledger's; payments are in `pay`.
@NullMarked
package io.yunfu.billing.balance;

import org.jspecify.annotations.NullMarked;
