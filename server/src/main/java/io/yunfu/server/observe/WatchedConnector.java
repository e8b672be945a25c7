package io.yunfu.server.observe;

import io.micrometer.core.instrument.Timer;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.Bill;
import io.yunfu.gateway.channel.BillRow;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.gateway.channel.CreateOrder;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.PageArguments;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.channel.Prepaid;
import io.yunfu.gateway.channel.RefundOrder;
import io.yunfu.gateway.channel.RefundReport;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A connector whose calls are timed: for the figures, for the trace, and for the request that
/// waits for them. What it is asked and answers passes through unchanged.
final class WatchedConnector implements Connector {
  private final Connector connector;
  private final Optional<Metrics> metrics;
  private final Traces traces;

  /// By operation and outcome.
  private final Map<String, Timer> timers = new ConcurrentHashMap<>();

  WatchedConnector(Connector connector, Optional<Metrics> metrics, Traces traces) {
    this.connector = connector;
    this.metrics = metrics;
    this.traces = traces;
  }

  @Override
  public PayPlatform platform() {
    return connector.platform();
  }

  @Override
  public Answer<Prepaid> create(ChannelAccount account, CreateOrder order) {
    return timed("create", () -> connector.create(account, order));
  }

  @Override
  public PageArguments page(
      ChannelAccount account,
      Payer payer,
      Prepaid prepaid,
      Optional<ChannelAccount.SignType> signType,
      Instant now) {
    return connector.page(account, payer, prepaid, signType, now);
  }

  @Override
  public Answer<OrderReport> query(ChannelAccount account, OrderReference order) {
    return timed("query", () -> connector.query(account, order));
  }

  @Override
  public Answer<Closed> close(
      ChannelAccount account, OrderReference order, Optional<String> staffId) {
    return timed("close", () -> connector.close(account, order, staffId));
  }

  @Override
  public Answer<RefundReport> refund(ChannelAccount account, RefundOrder refund) {
    return timed("refund", () -> connector.refund(account, refund));
  }

  @Override
  public Answer<RefundReport> queryRefund(
      ChannelAccount account, RefundOrder.RefundReference refund) {
    return timed("query-refund", () -> connector.queryRefund(account, refund));
  }

  @Override
  public Answer<Bill> bill(ChannelAccount account, LocalDate day, Consumer<BillRow> rows) {
    return timed("bill", () -> connector.bill(account, day, rows));
  }

  @Override
  public Answer<List<RefundReport>> refunds(
      ChannelAccount account, OrderReference order, List<String> numbers) {
    return timed("query-refund", () -> connector.refunds(account, order, numbers));
  }

  @Override
  public Optional<ChannelNotice.Subject> peek(ChannelNotice.Kind kind, byte[] body) {
    return connector.peek(kind, body);
  }

  @Override
  public ChannelNotice read(
      ChannelAccount account,
      Optional<OrderReference> order,
      ChannelNotice.Kind kind,
      byte[] body) {
    return connector.read(account, order, kind, body);
  }

  @Override
  public ChannelNotice.Acknowledgement acknowledge(
      ChannelNotice.Kind kind, Optional<String> refusal) {
    return connector.acknowledge(kind, refusal);
  }

  @Override
  public String masked(byte[] body) {
    return connector.masked(body);
  }

  @Override
  public Duration longest(Call call) {
    return connector.longest(call);
  }

  @Override
  public void close() {
    connector.close();
  }

  private <T> Answer<T> timed(String operation, Supplier<Answer<T>> call) {
    long start = System.nanoTime();
    String outcome = "failed";
    try {
      Answer<T> answer = call.get();
      outcome = outcome(answer);
      return answer;
    } finally {
      long end = System.nanoTime();
      RequestTimes.add(Part.CHANNEL, start, end);
      record(operation, outcome, Duration.ofNanos(end - start));
    }
  }

  private static String outcome(Answer<?> answer) {
    return switch (answer) {
      case Answer.Done<?> _ -> "done";
      case Answer.Refused<?> _ -> "refused";
      case Answer.Unknown<?> _ -> "unknown";
      case Answer.NotSent<?> _ -> "not-sent";
    };
  }

  private void record(String operation, String outcome, Duration took) {
    String channel = platform().name().toLowerCase(Locale.ROOT);
    metrics.ifPresent(figures ->
        timers
            .computeIfAbsent(
                operation + " " + outcome, _ -> timer(figures, channel, operation, outcome))
            .record(took));
    if (!RequestTimes.isOfRequest()) { // that one shows it as its part
      traces.worked(
          "channel call",
          took,
          Map.of("channel", channel, "operation", operation, "outcome", outcome),
          !outcome.equals("done") && !outcome.equals("refused"));
    }
  }

  private static Timer timer(Metrics figures, String channel, String operation, String outcome) {
    return figures.timer(
        "yunfu.channel.call",
        "Calls to channels, with what came of them",
        "channel",
        channel,
        "operation",
        operation,
        "outcome",
        outcome);
  }
}
