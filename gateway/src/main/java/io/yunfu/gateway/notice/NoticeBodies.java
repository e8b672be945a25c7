package io.yunfu.gateway.notice;

import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.kernel.CellId;
import java.net.URI;
import java.util.Optional;

/// Makes what is sent out of what is to be told. Implemented by whoever speaks the merchants' wire.
public interface NoticeBodies {
  /// A notice as it goes out now; a fresh one each time, of what is known by then.
  ///
  /// @return empty when nobody wants to know any more: the provider has no address for it
  Optional<Outgoing> encode(CellId cell, MerchantNotice notice);

  /// Whether an answer of status 200 took the notice.
  boolean takes(Merchant.Acknowledgement acknowledgement, byte[] answer);

  /// What goes out, and where.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Outgoing(
      URI url, byte[] body, Merchant.Acknowledgement acknowledgement, Merchant.Schedule schedule) {
    @Override
    public String toString() {
      return body.length + " bytes";
    }
  }
}
