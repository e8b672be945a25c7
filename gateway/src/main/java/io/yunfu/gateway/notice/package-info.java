/// What merchants are told: an outbox that is written with the change it tells of, and worked until
/// it is acknowledged or its schedule ends. Source: `cloudpay.md` sections 2.20, 5.7.
@NullMarked
package io.yunfu.gateway.notice;

import org.jspecify.annotations.NullMarked;
