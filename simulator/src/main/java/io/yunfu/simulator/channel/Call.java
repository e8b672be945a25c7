package io.yunfu.simulator.channel;

import io.yunfu.simulator.fault.Effect;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request as its channel has understood it. Reading and writing happen outside of the timeline,
/// side by side with others; only [#perform] is a step.
public interface Call {
  /// The operation, as rules of faults name it: `unifiedorder`, `alipay.trade.create`.
  String op();

  /// The caller's number of the order; null when it is not known.
  @Nullable String number();

  /// The provider's and the sub-merchant's number, as far as they are known.
  List<String> merchants();

  /// What the signature is computed over, without the key; null when it did not come to that.
  @Nullable String signText();

  /// Takes effect, or finds out why not. Runs in a step, and must not be slow.
  ///
  /// @param twists for the few that change what is accepted, such as a wrong clock
  Encoder perform(Twists twists);

  /// An error that a fault asks for.
  Encoder failing(Effect.Failure failure);
}
