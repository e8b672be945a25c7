package io.yunfu.server.config;

import java.util.List;

/// Everything that is wrong with the settings, at once, so that nobody repairs them one start at a
/// time. The message is for the operator and holds no value of a secret.
public final class ConfigurationInvalid extends RuntimeException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // never serialised
  private final List<String> mistakes;

  public ConfigurationInvalid(List<String> mistakes) {
    super(
        (mistakes.size() == 1
                ? "The configuration has a mistake:"
                : "The configuration has mistakes:")
            + "\n  - "
            + String.join("\n  - ", mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  public List<String> mistakes() {
    return mistakes;
  }
}
