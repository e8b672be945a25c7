package io.yunfu.server.api.admin;

import java.util.List;

/// Ends a request with an error. Nothing has changed then.
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ErrorCode code;
  private final transient Text text;
  private final String field;
  private final transient List<Mistake> mistakes;

  Refused(ErrorCode code, Text text, String field) {
    this(code, text, field, List.of());
  }

  private Refused(ErrorCode code, Text text, String field, List<Mistake> mistakes) {
    super(code.code(), null, false, false);
    this.code = code;
    this.text = text;
    this.field = field;
    this.mistakes = List.copyOf(mistakes);
  }

  /// A request that does not fit its declaration.
  static Refused mistaken(List<Mistake> mistakes) {
    Mistake first = mistakes.getFirst();
    return new Refused(Errors.INVALID_REQUEST, first.text(), first.field(), mistakes);
  }

  /// The same, about one field of the request.
  Refused at(String path) {
    return new Refused(code, text, path, mistakes);
  }

  ErrorCode code() {
    return code;
  }

  Text text() {
    return text;
  }

  /// Empty when it is about the request as a whole.
  String field() {
    return field;
  }

  List<Mistake> mistakes() {
    return mistakes;
  }
}
