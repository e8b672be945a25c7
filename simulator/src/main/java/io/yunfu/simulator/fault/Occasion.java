package io.yunfu.simulator.fault;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that may go wrong.
///
/// @param channel `wechat` or `alipay`
/// @param op the channel's name of the operation, such as `unifiedorder`; for a notice its kind
/// @param number the caller's number of the order; null when it is not known
/// @param merchants the provider's and the sub-merchant's number, as far as they are known
/// @param request the id that finds it again in the record of requests
public record Occasion(
    Stage stage,
    String channel,
    String op,
    @Nullable String number,
    List<String> merchants,
    String request) {
  public Occasion {
    merchants = List.copyOf(merchants);
  }
}
