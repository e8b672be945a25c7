package io.yunfu.server.api.cpay;

import io.yunfu.wire.cpay.CallContent;
import io.yunfu.wire.cpay.FieldReader;

/// One call of the API: reads, asks, writes, and decides nothing.
///
/// @param <S> the seller that its use case works with
/// @param <C> its content
interface CpayCall<S extends Seller, C extends CallContent> {
  /// The last part of its path, and the name of its payload.
  String name();

  /// What the call may do, which the pipeline has to know.
  Kind kind();

  /// Step 7 of the pipeline.
  C read(FieldReader in);

  /// Carries the call out, with everything checked that all calls have in common.
  ///
  /// @throws io.yunfu.wire.cpay.CallRefused with the result that the client gets instead
  Told answer(Asked<S, C> asked);

  /// What a call may do.
  enum Kind {
    /// Makes an order: not for those who are disabled.
    CREATES,
    /// Changes an order that is there.
    CHANGES,
    /// The same, and may be signed with RSA.
    REFUNDS,
    READS;

    /// Whether a fault half-way leaves it unknown what happened.
    boolean isHarmless() {
      return this == READS;
    }
  }
}
