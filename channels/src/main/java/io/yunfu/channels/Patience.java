package io.yunfu.channels;

import java.time.Duration;
import java.util.List;

/// How long calls may take, repetitions and pauses included, and what is repeated inside one. For
/// connectors. Source: `channels.md` section 1.4.
///
/// @param refund longer, since what moves money had better be known than asked for
/// @param all other calls
/// @param bill a download, from the first byte to the last
/// @param pauses before each repetition of a creation; as many as there may be
public record Patience(Duration refund, Duration all, Duration bill, List<Duration> pauses) {
  private static final Duration USUAL_BILL = Duration.ofMinutes(5);

  public static final Patience DEFAULT =
      new Patience(
          Duration.ofSeconds(20),
          Duration.ofSeconds(8),
          USUAL_BILL,
          List.of(Duration.ofSeconds(1), Duration.ofSeconds(3)));

  public Patience {
    pauses = List.copyOf(pauses);
  }

  /// With the usual patience for bills.
  public Patience(Duration refund, Duration all, List<Duration> pauses) {
    this(refund, all, USUAL_BILL, pauses);
  }

  /// From the first byte to the decision; of a bill: to the answer where it is.
  public Duration whole(Operation operation) {
    return operation == Operation.REFUND ? refund : all;
  }

  /// The pauses before the repetitions that there may be.
  ///
  /// A creation is sent again when the channel says that it stumbled, not when nothing came. A
  /// question is sent again once in any case. What ends an order or moves money is sent once:
  /// whoever called may call again, with the same number.
  public List<Duration> repetitions(Operation operation) {
    return switch (operation) {
      case CREATE -> pauses;
      case QUERY, QUERY_REFUND, BILL -> List.of(Duration.ZERO);
      case CLOSE, REFUND -> List.of();
    };
  }

  /// Whether what was heard is a reason to send the call again, if there may be a repetition.
  public boolean repeats(Operation operation, Meaning meaning) {
    return switch (meaning) {
      case REPEAT -> true;
      case SILENT -> operation != Operation.CREATE;
      case DONE,
          LATER,
          ASK,
          ASK_ELSE_ACT,
          ASK_ELSE_NEW_NUMBER,
          ABSENT,
          NEW_NUMBER,
          WRONG,
          ACT,
          ACT_THEN_REPEAT,
          ALERT,
          UNLISTED ->
          false;
    };
  }
}
