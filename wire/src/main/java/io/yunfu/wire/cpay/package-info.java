/// Cloud Pay (云支付) on the wire: the two envelopes, `authen_code` and RSA, the tolerant reading of
/// requests, the strict writing of answers and notifications, and the list of results. Pure
/// functions over bytes: no socket, no clock, no database.
///
/// The server's pipeline, in the order of `cloudpay.md` section 1.8: [ReceivedCall#of] is steps 1
/// to 3, [ReceivedCall#authenticate] 4, [ReceivedCall#keyOwner] 5, [Authentication] 6,
/// [ReceivedCall#read] 7. What fails throws [CallRefused].
@NullMarked
package io.yunfu.wire.cpay;

import org.jspecify.annotations.NullMarked;
