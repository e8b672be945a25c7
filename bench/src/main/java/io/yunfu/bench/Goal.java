package io.yunfu.bench;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// What a figure should come to. Compared as it was measured, shown rounded to its disadvantage: so
/// no figure looks better than it is.
///
/// @param limit of the figure
/// @param unit such as `× A1`, `ms`
/// @param decimals that are shown
record Goal(Kind kind, double limit, String unit, int decimals) {
  enum Kind {
    AT_LEAST,
    AT_MOST,
    BELOW,
    /// There is no goal, and more is better.
    GAIN,
    /// There is no goal, and less is better.
    COST
  }

  static Goal atLeast(double limit, String unit, int decimals) {
    return new Goal(Kind.AT_LEAST, limit, unit, decimals);
  }

  static Goal atMost(double limit, String unit, int decimals) {
    return new Goal(Kind.AT_MOST, limit, unit, decimals);
  }

  /// Less than that; as much is too much.
  static Goal below(double limit, String unit, int decimals) {
    return new Goal(Kind.BELOW, limit, unit, decimals);
  }

  /// A figure without a goal, of which more is better.
  static Goal gain(String unit, int decimals) {
    return new Goal(Kind.GAIN, 0, unit, decimals);
  }

  /// The same of which less is better.
  static Goal cost(String unit, int decimals) {
    return new Goal(Kind.COST, 0, unit, decimals);
  }

  /// What is wanted, such as `≥ 4 × A1`.
  String wanted() {
    String number = BigDecimal.valueOf(limit).stripTrailingZeros().toPlainString();
    return switch (kind) {
      case AT_LEAST -> "≥ " + number + " " + unit;
      case AT_MOST -> "≤ " + number + " " + unit;
      case BELOW -> "< " + number + " " + unit;
      case GAIN, COST -> "";
    };
  }

  /// A figure as it is shown.
  String shown(double figure) {
    if (!Double.isFinite(figure)) {
      return "none";
    }
    var mode =
        switch (kind) {
          case AT_LEAST, GAIN -> RoundingMode.FLOOR;
          case AT_MOST, BELOW, COST -> RoundingMode.CEILING;
        };
    return BigDecimal.valueOf(figure).setScale(decimals, mode).toPlainString() + " " + unit;
  }

  /// Whether there is something to be met.
  boolean isSet() {
    return kind != Kind.GAIN && kind != Kind.COST;
  }

  /// Where nothing was done, no goal is met.
  boolean isMet(double figure) {
    return Double.isFinite(figure)
        && switch (kind) {
          case AT_LEAST -> figure >= limit;
          case AT_MOST -> figure <= limit;
          case BELOW -> figure < limit;
          case GAIN, COST -> true;
        };
  }
}
