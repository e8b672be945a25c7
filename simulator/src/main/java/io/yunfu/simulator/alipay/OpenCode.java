package io.yunfu.simulator.alipay;

/// The first level of an answer: `code` and `msg`. Source: channels.md, section 4.1.
enum OpenCode {
  SUCCESS("10000", "Success"),
  /// A payment by code waits for the payer's password. The space is the channel's.
  WAITING("10003", " order success pay inprocess"),
  UNAVAILABLE("20000", "Service Currently Unavailable"),
  TOKEN_PERMISSIONS("20001", "Insufficient Token Permissions"),
  MISSING("40001", "Missing Required Arguments"),
  INVALID("40002", "Invalid Arguments"),
  CONDITIONS("40003", "Insufficient Conditions"),
  BUSINESS("40004", "Business Failed"),
  CALL_LIMITED("40005", "Call Limited"),
  PERMISSIONS("40006", "Insufficient Permissions");

  private final String number;
  private final String message;

  OpenCode(String number, String message) {
    this.number = number;
    this.message = message;
  }

  String number() {
    return number;
  }

  String message() {
    return message;
  }
}
