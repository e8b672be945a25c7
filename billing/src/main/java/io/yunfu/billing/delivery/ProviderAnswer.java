package io.yunfu.billing.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What an HTTP provider says to one call.
sealed interface ProviderAnswer {
  /// The resources are there.
  record Delivered(List<String> resources) implements ProviderAnswer {
    public Delivered {
      resources = List.copyOf(resources);
    }
  }

  /// It is at work; to be asked again.
  ///
  /// @param askAfter its wish, if it has one
  record Accepted(Optional<Duration> askAfter) implements ProviderAnswer {}

  /// It will not do it, and has done nothing.
  record Refused(String reason) implements ProviderAnswer {}

  /// No definite answer. It may have done anything, so it is asked again.
  ///
  /// @param notBefore its wish to be left alone for a while, if it has one
  record Unknown(String detail, Optional<Duration> notBefore) implements ProviderAnswer {
    public Unknown(String detail) {
      this(detail, Optional.empty());
    }
  }

  /// We have stopped listening, because this node stops. Not the provider's fault.
  record Abandoned() implements ProviderAnswer {}

  default Attempt.Outcome outcome() {
    return switch (this) {
      case Delivered _ -> Attempt.Outcome.DELIVERED;
      case Accepted _ -> Attempt.Outcome.ACCEPTED;
      case Refused _ -> Attempt.Outcome.REFUSED;
      case Unknown _, Abandoned _ -> Attempt.Outcome.UNKNOWN;
    };
  }

  /// For the record of attempts.
  default String detail() {
    return switch (this) {
      case Delivered(var resources) -> resources.size() + " resources";
      case Accepted _ -> "";
      case Refused(var reason) -> reason;
      case Unknown(var detail, _) -> detail;
      case Abandoned _ -> "This node stopped before the answer came";
    };
  }
}
