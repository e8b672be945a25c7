package io.yunfu.channels.wechat;

import io.yunfu.channels.Unreadable;
import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// The fields of an answer or of a notice. An empty value is none at all. Amounts and times that
/// cannot be read make the whole message unreadable, since money is never guessed.
record Fields(Map<String, String> texts) {
  /// Digits of the largest amount, 2³¹ - 1 fen.
  private static final int MOST_DIGITS = 10;

  Fields {
    texts = Map.copyOf(texts);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(texts.get(name)).filter(text -> !text.isEmpty());
  }

  /// For texts that only decorate.
  String any(String name) {
    return texts.getOrDefault(name, "");
  }

  String need(String name) {
    return text(name).orElseThrow(() -> new Unreadable(name + " is missing"));
  }

  /// Whole fen, not below zero.
  Optional<Money> amount(String name) {
    return text(name).map(text -> Money.cny(number(name, text)));
  }

  Money needAmount(String name) {
    return Money.cny(number(name, need(name)));
  }

  /// None counts as zero.
  int count(String name) {
    return (int) text(name).map(text -> number(name, text)).orElse(0L).longValue();
  }

  Optional<Instant> timeOfOrder(String name) {
    return text(name).map(text -> BeijingTime.parseOfOrder(name, text));
  }

  Optional<Instant> timeOfRefund(String name) {
    return text(name).map(text -> BeijingTime.parseOfRefund(name, text));
  }

  /// Whether a field says this.
  boolean says(String name, String value) {
    return value.equals(texts.get(name));
  }

  /// That a field names us, where it must be.
  void needOurs(String name, String ours) {
    if (!need(name).equals(ours)) {
      throw Unreadable.aboutAnother(name);
    }
  }

  /// That a field names us, if it is there.
  void allowOurs(String name, String ours) {
    if (text(name).filter(text -> !text.equals(ours)).isPresent()) {
      throw Unreadable.aboutAnother(name);
    }
  }

  private static long number(String name, String text) {
    boolean digits =
        !text.isEmpty()
            && text.length() <= MOST_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    long number = digits ? Long.parseLong(text) : Long.MAX_VALUE;
    if (number > Integer.MAX_VALUE) {
      throw new Unreadable(name + " is not a number of fen");
    }
    return number;
  }
}
