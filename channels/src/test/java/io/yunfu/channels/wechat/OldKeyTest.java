package io.yunfu.channels.wechat;

import static io.yunfu.channels.wechat.Fixture.hidden;
import static io.yunfu.channels.wechat.Fixture.paid;
import static io.yunfu.channels.wechat.Fixture.signed;
import static io.yunfu.channels.wechat.Fixture.unsigned;
import static io.yunfu.channels.wechat.World.NOON;
import static io.yunfu.gateway.channel.ChannelAccount.SignType.MD5;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.yunfu.channels.Transport;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.PageArguments;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.channel.Prepaid;
import io.yunfu.kernel.Secret;
import io.yunfu.testkit.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// While one API v2 key takes another's place. Source: `channels.md` section 11, O-12.
class OldKeyTest {
  private static final String OLD = Fixture.KEY;
  private static final String NEW = "TESTKEY0000000000000000000000002";
  private static final String OTHER = "TESTKEY0000000000000000000000003";
  private static final Instant END = NOON.plus(Duration.ofDays(2));
  private static final Instant JUST_BEFORE = END.minusNanos(1);

  private final ManualClock clock = new ManualClock(NOON);
  private final List<Map<String, String>> asked = new CopyOnWriteArrayList<>();
  private final HttpServer channel = channel();
  private final WechatConnector connector =
      new WechatConnector(
          new Transport(Transport.Settings.DEFAULT),
          new Hosts(
              URI.create("http://127.0.0.1:" + channel.getAddress().getPort()), Optional.empty()),
          clock);

  /// What the channel signs with.
  private volatile String key = OLD;

  @AfterEach
  void close() {
    connector.close();
    channel.stop(0);
  }

  @ParameterizedTest
  @EnumSource(SignType.class)
  void an_answer_that_is_signed_with_the_old_key_is_believed_until_its_end(SignType type) {
    clock.set(JUST_BEFORE);
    assertThat(query(type)).isEqualTo("PAID");
    clock.set(END);
    assertThat(query(type)).isEqualTo("NOT_VERIFIED");
    key = NEW;
    assertThat(query(type)).isEqualTo("PAID");
  }

  @Test
  void a_third_key_is_never_believed() {
    key = OTHER;
    assertThat(query(MD5)).isEqualTo("NOT_VERIFIED");
  }

  @ParameterizedTest
  @EnumSource(SignType.class)
  void what_we_send_is_signed_with_the_new_key_alone(SignType type) {
    query(type);
    assertThat(asked)
        .isNotEmpty()
        .allSatisfy(fields -> {
          assertThat(Signing.verifies(fields, type, Secret.of(NEW))).isTrue();
          assertThat(Signing.verifies(fields, type, Secret.of(OLD))).isFalse();
        });
  }

  @ParameterizedTest
  @EnumSource(SignType.class)
  void the_page_is_signed_with_the_new_key(SignType type) {
    var payer = new Payer.WechatUser(Optional.of("o1"), Optional.empty());
    var alone = account(NEW, Optional.empty(), type);
    assertThat(page(account(type), payer, type)).isEqualTo(page(alone, payer, type));
    assertThat(page(account(OLD, Optional.empty(), type), payer, type))
        .isNotEqualTo(page(alone, payer, type));
  }

  @ParameterizedTest
  @EnumSource(SignType.class)
  void a_notice_that_is_signed_with_the_old_key_is_believed_until_its_end(SignType type) {
    clock.set(JUST_BEFORE);
    assertThat(notice(type, OLD)).isInstanceOf(ChannelNotice.AboutOrder.class);
    assertThat(notice(type, OTHER)).isInstanceOf(ChannelNotice.Rejected.class);
    clock.set(END);
    assertThat(notice(type, OLD)).isInstanceOf(ChannelNotice.Rejected.class);
    assertThat(notice(type, NEW)).isInstanceOf(ChannelNotice.AboutOrder.class);
  }

  @Test
  void a_refund_notice_that_is_encrypted_with_the_old_key_is_read_until_its_end() {
    clock.set(JUST_BEFORE);
    assertThat(refundNotice(OLD)).isInstanceOf(ChannelNotice.RefundHint.class);
    assertThat(refundNotice(NEW)).isInstanceOf(ChannelNotice.RefundHint.class);
    assertThat(refundNotice(OTHER)).isInstanceOf(ChannelNotice.Rejected.class);
    clock.set(END);
    assertThat(refundNotice(OLD)).isInstanceOf(ChannelNotice.Rejected.class);
    assertThat(refundNotice(NEW)).isInstanceOf(ChannelNotice.RefundHint.class);
  }

  @Test
  void neither_key_is_kept_of_what_the_channel_sends_back() {
    String masked = Masks.evidence("keys " + OLD + " and " + NEW, account(MD5));
    assertThat(masked).isEqualTo("keys *** and ***");
  }

  private static ChannelAccount.Wechat account(SignType type) {
    return account(NEW, Optional.of(new ChannelAccount.OldKey(Secret.of(OLD), END)), type);
  }

  private static ChannelAccount.Wechat account(
      String key, Optional<ChannelAccount.OldKey> old, SignType type) {
    return new ChannelAccount.Wechat(
        Fixture.MERCHANT,
        Fixture.APP_ID,
        Fixture.SUB_MERCHANT,
        Optional.of(Fixture.SUB_APP_ID),
        Secret.of(key),
        old,
        type,
        Optional.empty());
  }

  private ChannelNotice notice(SignType type, String key) {
    return connector.read(
        account(type),
        Optional.of(Fixture.order(type)),
        ChannelNotice.Kind.PAYMENT,
        signed(paid(), type, key));
  }

  private ChannelNotice refundNotice(String key) {
    return connector.read(
        account(MD5),
        Optional.of(Fixture.order(MD5)),
        ChannelNotice.Kind.REFUND,
        unsigned(Fixture.refundNotice(hidden("SUCCESS"), key)));
  }

  private static PageArguments.Wechat page(
      ChannelAccount.Wechat account, Payer.WechatUser payer, SignType type) {
    return Content.page(account, payer, new Prepaid("wx1"), type, "nonce", NOON);
  }

  /// Answers each question with an order that was paid.
  private HttpServer channel() {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", this::answer);
      server.start();
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    var fields = Xml.read(exchange.getRequestBody().readAllBytes(), Xml.MESSAGE);
    asked.add(fields);
    SignType type = fields.get("sign_type").equals(MD5.code()) ? MD5 : SignType.HMAC_SHA256;
    var order = paid();
    order.put("trade_state", "SUCCESS");
    byte[] body = signed(order, type, key);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /// The state of the order, or the code of why nobody knows.
  private String query(SignType type) {
    return switch (connector.query(account(type), Fixture.order(type))) {
      case Answer.Done<OrderReport>(var report, var _) -> report.state().name();
      case Answer.Unknown<OrderReport> unknown -> unknown.code();
      case Answer.Refused<OrderReport> refused -> refused.code();
      case Answer.NotSent<OrderReport> unsent -> unsent.message();
    };
  }
}
