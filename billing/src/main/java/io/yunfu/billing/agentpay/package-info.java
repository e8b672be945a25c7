/// Paying on behalf of others: group payers for their members, resellers for their clients.
@NullMarked
package io.yunfu.billing.agentpay;

import org.jspecify.annotations.NullMarked;
