package io.yunfu.server.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.gateway.FakeConnector;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Secret;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WatchedConnectorTest {
  private static final ChannelAccount ACCOUNT =
      new ChannelAccount.Wechat(
          "1900000001",
          "wx00000000000000aa",
          "1900000101",
          Optional.empty(),
          Secret.of("0123456789abcdefghijklmnopqrstuv"),
          Optional.empty(),
          ChannelAccount.SignType.MD5,
          Optional.empty());
  private static final OrderReference ORDER =
      new OrderReference("gz0200abcd1", Optional.empty(), Money.cny(1), Optional.empty());

  private final FakeConnector channel = new FakeConnector();
  private final Metrics metrics = new Metrics(Set.of());
  private final Connector watched =
      new WatchedConnector(channel, Optional.of(metrics), Traces.NONE);

  @Test
  void answers_pass_through_and_each_is_counted_by_what_came_of_it() {
    assertThat(watched.query(ACCOUNT, ORDER)).isEqualTo(channel.query(ACCOUNT, ORDER));
    channel.fallSilent(true);
    assertThat(watched.query(ACCOUNT, ORDER)).isInstanceOf(Answer.Unknown.class);
    watched.close(ACCOUNT, ORDER, Optional.empty());
    assertThat(metrics.read())
        .contains(count("query", "done", 1))
        .contains(count("query", "unknown", 1))
        .contains(count("close", "unknown", 1));
  }

  @Test
  void a_fault_of_ours_is_counted_too_and_goes_on_to_whoever_called() {
    Connector broken =
        (Connector)
            Proxy.newProxyInstance(
                Connector.class.getClassLoader(),
                new Class<?>[] {Connector.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("platform")) {
                    return PayPlatform.WECHAT;
                  }
                  throw new IllegalStateException("a bug");
                });
    var around = new WatchedConnector(broken, Optional.of(metrics), Traces.NONE);
    assertThatThrownBy(() -> around.query(ACCOUNT, ORDER)).hasMessage("a bug");
    assertThat(metrics.read()).contains(count("query", "failed", 1));
  }

  @Test
  void the_request_that_waits_for_it_has_the_time_as_a_part_of_its_own() {
    var times = new RequestTimes();
    RequestTimes.during(times, () -> watched.query(ACCOUNT, ORDER));
    assertThat(times.nanos()).containsKey(Part.CHANNEL);
  }

  private static String count(String operation, String outcome, int calls) {
    return "yunfu_channel_call_seconds_count{channel=\"wechat\",operation=\"%s\",outcome=\"%s\"} %d"
        .formatted(operation, outcome, calls);
  }
}
