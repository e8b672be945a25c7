/// Where billing and the gateway meet: a payment over a channel tops up the balance of an account.
/// Neither knows the other.
@NullMarked
package io.yunfu.server.topup;

import org.jspecify.annotations.NullMarked;
