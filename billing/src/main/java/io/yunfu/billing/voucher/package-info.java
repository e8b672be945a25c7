/// Vouchers: prepaid discounts with a validity and a scope, and the pure rules of which one a
/// payment may use and how its deduction is spread.
@NullMarked
package io.yunfu.billing.voucher;

import org.jspecify.annotations.NullMarked;
