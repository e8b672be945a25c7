/// Orders that are paid over a channel, from the first call to the last look, and the refunds of
/// them: what is decided, what is written, and who is asked. Source: `cloudpay.md` section 5,
/// `channels.md` section 1.
@NullMarked
package io.yunfu.gateway.payment;

import org.jspecify.annotations.NullMarked;
