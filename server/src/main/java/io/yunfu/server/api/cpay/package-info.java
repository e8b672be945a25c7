/// The Cloud Pay API under `/cpay/`: one pipeline that every call goes through, and one class per
/// call. The wire itself is [io.yunfu.wire.cpay]; what is decided is decided in the gateway.
@NullMarked
package io.yunfu.server.api.cpay;

import org.jspecify.annotations.NullMarked;
