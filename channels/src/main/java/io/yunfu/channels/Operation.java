package io.yunfu.channels;

/// The calls that connectors make. For connectors, which know what each is called on their wire.
public enum Operation {
  CREATE,
  QUERY,
  CLOSE,
  REFUND,
  QUERY_REFUND,
  BILL
}
