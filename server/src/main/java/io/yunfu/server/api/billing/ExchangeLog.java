package io.yunfu.server.api.billing;

import io.yunfu.wire.tc3.CommonErrors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// The one log line of each request: what happened, to whom, how long it took. A fault of ours
/// stands in the same line, with its stack; `RequestId` of the answer finds it.
public final class ExchangeLog implements Consumer<Exchange> {
  private final Logger log;

  public ExchangeLog() {
    this(LoggerFactory.getLogger("io.yunfu.api.billing"));
  }

  ExchangeLog(Logger log) {
    this.log = log;
  }

  @Override
  public void accept(Exchange exchange) {
    var caller = exchange.caller();
    LoggingEventBuilder line =
        level(exchange)
            .addKeyValue("requestId", exchange.requestId())
            .addKeyValue("action", exchange.action())
            .addKeyValue("code", exchange.code())
            .addKeyValue("account", caller == null ? "" : caller.owner())
            .addKeyValue("user", caller == null ? "" : caller.user())
            .addKeyValue("address", exchange.address())
            .addKeyValue("mode", exchange.mode())
            .addKeyValue("client", exchange.client() == null ? "" : exchange.client())
            .addKeyValue("bytesIn", exchange.requestBytes())
            .addKeyValue("bytesOut", exchange.responseBytes())
            .addKeyValue("micros", exchange.took().toNanos() / 1000);
    line.log("billing");
  }

  private LoggingEventBuilder level(Exchange exchange) {
    Throwable fault = exchange.fault();
    if (fault == null) {
      return log.atInfo();
    }
    // While the database is away every request fails alike: the reason is enough, without a stack.
    return exchange.code().equals(CommonErrors.INTERNAL_ERROR.code())
        ? log.atError().setCause(fault)
        : log.atWarn().addKeyValue("cause", fault.getMessage());
  }
}
