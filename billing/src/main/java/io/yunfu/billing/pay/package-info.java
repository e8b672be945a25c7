/// PayDeals: the one way in which deals get paid. A command is decided by a pure function and
/// written in the batch of its lane.
@NullMarked
package io.yunfu.billing.pay;

import org.jspecify.annotations.NullMarked;
