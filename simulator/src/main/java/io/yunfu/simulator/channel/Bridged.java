package io.yunfu.simulator.channel;

import tools.jackson.databind.JsonNode;

/// Whether a page's parameters open the cashier.
public sealed interface Bridged {
  /// They are genuine.
  ///
  /// @param reference what is to be paid
  record Opened(String reference) implements Bridged {}

  /// They are not.
  ///
  /// @param why for the developer
  /// @param pageResult what the channel's app tells the page
  record Refused(String why, JsonNode pageResult) implements Bridged {}
}
