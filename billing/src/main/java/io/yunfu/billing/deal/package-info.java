/// Deals and the big deals that hold them: what was ordered, what it costs, and the life of a deal
/// from unpaid to delivered, closed or expired.
@NullMarked
package io.yunfu.billing.deal;

import org.jspecify.annotations.NullMarked;
