/// The cloud billing product: deals, vouchers, balances, paying on behalf, delivery. Knows no wire;
/// the adapters in `server` spell its answers.
@NullMarked
package io.yunfu.billing;

import org.jspecify.annotations.NullMarked;
