/// Who may act: owner accounts of the two editions, their sub-users with policies, and the API keys
/// that both sign with. Everything of an owner lives in one cell.
@NullMarked
package io.yunfu.billing.account;

import org.jspecify.annotations.NullMarked;
