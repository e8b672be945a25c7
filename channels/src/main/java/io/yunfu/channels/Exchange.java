package io.yunfu.channels;

import io.yunfu.gateway.channel.Evidence;
import java.time.Duration;

/// What became of one request, before anybody has looked at what an answer says.
public sealed interface Exchange {
  /// The host that was asked last.
  String host();

  /// How many hosts were tried.
  int tries();

  /// An answer came, whole, whatever its status.
  ///
  /// @param contentType as the channel says, or empty
  /// @param body decoded; nobody has verified it
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answered(String host, int tries, int status, String contentType, byte[] body)
      implements Exchange {
    /// Without what it says.
    @Override
    public String toString() {
      return "answer " + status + " of " + host;
    }
  }

  /// No byte of the request has reached any host: its name is not known, it takes no connection, or
  /// TLS did not come about. The same number can be sent later.
  ///
  /// @param reason for the operator; without URL and secrets
  record NotSent(String host, int tries, String reason) implements Exchange {}

  /// The request may have arrived, and there is no whole answer: it may have been carried out.
  ///
  /// @param reason for the operator; without URL and secrets
  record Unknown(String host, int tries, String reason) implements Exchange {}

  /// For the attempt record.
  ///
  /// @param operation the channel's name of the call
  /// @param verified whether the answer is signed by the channel and about our question
  /// @param text the raw answer, masked
  /// @param tries those of earlier exchanges of the same call included
  /// @param took from the first byte to the decision
  default Evidence evidence(
      String operation, boolean verified, String text, int tries, Duration took) {
    int status = this instanceof Answered answered ? answered.status() : 0;
    return new Evidence(operation, host(), status, verified, text, tries, took);
  }
}
