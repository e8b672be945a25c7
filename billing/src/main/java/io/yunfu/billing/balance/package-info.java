/// Balances as their owners see them: the pockets of an account, what is frozen and owed, and what
/// may be spent. The money itself is the ledger's.
@NullMarked
package io.yunfu.billing.balance;

import org.jspecify.annotations.NullMarked;
