package io.yunfu.wire.tc3;

/// A refusal as the wire spells it: the code that clients branch on, and a sentence for people in
/// both languages. Made from an [ErrorTemplate].
public record ApiError(String code, String english, String chinese) {
  public String message(Language language) {
    return switch (language) {
      case ENGLISH -> english;
      case CHINESE -> chinese;
    };
  }
}
