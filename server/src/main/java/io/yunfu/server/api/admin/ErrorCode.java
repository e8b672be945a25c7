package io.yunfu.server.api.admin;

import static io.yunfu.kernel.Check.require;

/// A reason for which a request is not carried out: its code, its HTTP status and its sentence.
record ErrorCode(int status, String code, Text text) {
  ErrorCode {
    require(status >= 400 && status <= 599, "%d is no status of an error", status);
    require(code.matches("[A-Z][A-Za-z]{2,39}"), "not a code: %s", code);
  }

  static ErrorCode of(int status, String code, String english, String chinese) {
    return new ErrorCode(status, code, new Text(english, chinese));
  }

  /// Something to throw, with the values of the sentence.
  Refused with(Object... values) {
    return new Refused(this, text.with(values), "");
  }
}
