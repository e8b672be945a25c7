package io.yunfu.server.api.billing;

import io.yunfu.billing.account.Caller;
import io.yunfu.billing.account.Edition;
import io.yunfu.wire.tc3.Language;
import io.yunfu.wire.tc3.Parameters;
import java.time.Instant;

/// A request that has passed all checks that every action shares: an action begins here.
///
/// @param language of messages, and of product names in the international edition
/// @param now the instant that the request counts as made at
record Call(
    Caller caller, Parameters parameters, Language language, String requestId, Instant now) {

  boolean isChina() {
    return caller.edition() == Edition.CHINA;
  }
}
