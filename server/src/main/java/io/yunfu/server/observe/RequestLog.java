package io.yunfu.server.observe;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// The one line of each request. `requestId` is the one that the client got, so its complaint finds
/// the line; a fault of ours stands in the same line.
final class RequestLog {
  /// What clients write into their banner may be long and strange.
  private static final int LONGEST_CLIENT = 100;

  private final Logger log;

  RequestLog() {
    this(LoggerFactory.getLogger("request"));
  }

  RequestLog(Logger log) {
    this.log = log;
  }

  /// @param trace empty when the request is not traced
  void write(String api, Answered request, RequestTimes times, String trace) {
    LoggingEventBuilder line = level(request);
    line =
        line.addKeyValue("api", api)
            .addKeyValue("requestId", request.requestId())
            .addKeyValue("action", request.action())
            .addKeyValue("code", request.code())
            .addKeyValue("status", request.status())
            .addKeyValue("account", request.account())
            .addKeyValue("user", request.user())
            .addKeyValue("ms", TimeUnit.NANOSECONDS.toMicros(request.took().toNanos()) / 1000.0);
    for (Part part : times.nanos().keySet()) {
      line = line.addKeyValue(part.label() + "Ms", times.millis(part));
    }
    if (!trace.isEmpty()) {
      line = line.addKeyValue("trace", trace);
    }
    line.addKeyValue("bytesIn", request.bytesIn())
        .addKeyValue("bytesOut", request.bytesOut())
        .addKeyValue("address", request.address())
        .addKeyValue("client", banner(request.client()))
        .log("{} {}", request.action().isEmpty() ? "request" : request.action(), request.code());
  }

  private LoggingEventBuilder level(Answered request) {
    Throwable fault = request.fault();
    if (fault == null) {
      return log.atInfo();
    }
    return request.expected()
        ? log.atWarn().addKeyValue("cause", String.valueOf(fault.getMessage()))
        : log.atError().setCause(fault);
  }

  private static String banner(String client) {
    return client.length() <= LONGEST_CLIENT ? client : client.substring(0, LONGEST_CLIENT);
  }
}
