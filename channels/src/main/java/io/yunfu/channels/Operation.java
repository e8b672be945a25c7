package io.yunfu.channels;

import io.yunfu.gateway.channel.Connector;

/// The calls that connectors make. For connectors, which know what each is called on their wire.
public enum Operation {
  CREATE,
  QUERY,
  CLOSE,
  REFUND,
  QUERY_REFUND,
  BILL;

  public static Operation of(Connector.Call call) {
    return switch (call) {
      case CREATE -> CREATE;
      case CLOSE -> CLOSE;
      case REFUND -> REFUND;
    };
  }
}
