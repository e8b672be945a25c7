/// Accounts, postings and holds: the only code that moves money. Every posting is balanced by
/// construction, every balance is the sum of its legs.
@NullMarked
package io.yunfu.ledger;

import org.jspecify.annotations.NullMarked;
