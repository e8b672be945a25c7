package io.yunfu.gateway.channel;

import static io.yunfu.kernel.Check.require;

import java.util.Optional;

/// Who pays, by the channel's number for that person.
public sealed interface Payer {
  /// At least one of both: the payer under the provider's app id, and under the sub-merchant's. The
  /// page is signed for the second where there is one.
  record WechatUser(Optional<String> openId, Optional<String> subOpenId) implements Payer {
    public WechatUser {
      require(openId.isPresent() || subOpenId.isPresent(), "a payer has an open id");
    }
  }

  /// A user id (`2088…`), or an open id of an application that was switched to them.
  record AlipayUser(String userId) implements Payer {}
}
