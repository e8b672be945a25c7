package io.yunfu.channels.wechat;

import static io.yunfu.gateway.channel.ChannelAccount.SignType.MD5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.channels.Operation;
import io.yunfu.channels.Transport;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelAccount.ClientCertificate;
import io.yunfu.gateway.channel.CreateOrder;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.channel.RefundOrder;
import io.yunfu.kernel.Secret;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is decided before anything is sent.
class WechatConnectorTest {
  /// A name that nobody has, so that nothing could arrive.
  private static final Hosts NOWHERE =
      new Hosts(URI.create("https://nowhere.invalid"), Optional.empty());

  private static final URI NOTICES = URI.create("https://gw.example.test/n");

  private final WechatConnector connector =
      new WechatConnector(new Transport(Transport.Settings.DEFAULT), NOWHERE, () -> Instant.EPOCH);

  @AfterEach
  void close() {
    connector.close();
  }

  @Test
  void without_a_certificate_a_refund_waits_for_the_operator() {
    var answer = connector.refund(Fixture.account(MD5), refund());
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    var refused = (Answer.Refused<?>) answer;
    assertThat(refused.reason()).isEqualTo(Answer.Reason.RESUMABLE);
    assertThat(refused.alert()).isTrue();
    assertThat(refused.evidence().tries()).isZero();
  }

  @Test
  void with_a_certificate_that_does_not_open_a_refund_is_not_sent() {
    var certificate = new ClientCertificate(Secret.of("bm90IG9uZQ=="), Secret.of("1900000001"));
    var answer = connector.refund(account(Optional.of("wx1"), Optional.of(certificate)), refund());
    assertThat(answer).isInstanceOf(Answer.NotSent.class);
    assertThat(((Answer.NotSent<?>) answer).message()).contains("does not open");
  }

  @Test
  void a_payer_of_the_sub_merchant_needs_its_app() {
    var order =
        new CreateOrder(
            Fixture.ORDER,
            Fixture.TOTAL,
            "x",
            "",
            "",
            Instant.EPOCH,
            Instant.EPOCH,
            CreateOrder.WechatExtras.NONE,
            new Payer.WechatUser(Optional.empty(), Optional.of("oSub")),
            new CreateOrder.Terminal(Optional.empty(), Optional.empty(), "127.0.0.1"),
            new CreateOrder.Shop("7", "x"),
            NOTICES);
    var answer = connector.create(account(Optional.empty(), Optional.empty()), order);
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    assertThat(((Answer.Refused<?>) answer).reason()).isEqualTo(Answer.Reason.NEEDS_ACTION);
    assertThat(connector.create(account(Optional.of("wx1"), Optional.empty()), order))
        .isInstanceOf(Answer.NotSent.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://api.mch.weixin.qq.com",
        "https:///pay",
        "https://user@api.mch.weixin.qq.com",
        "https://api.mch.weixin.qq.com/pay",
        "https://api.mch.weixin.qq.com?x=1",
        "api.mch.weixin.qq.com",
      })
  void an_address_that_is_no_host_is_refused_at_once(String address) {
    assertThatThrownBy(() -> new Hosts(URI.create(address), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_question_that_is_repeated_begins_with_the_other_host() {
    assertThat(Hosts.CHANNEL_WITH_FAILOVER.targets(Operation.QUERY, 0))
        .containsExactly(
            URI.create("https://api.mch.weixin.qq.com/pay/orderquery"),
            URI.create("https://api2.mch.weixin.qq.com/pay/orderquery"));
    assertThat(Hosts.CHANNEL_WITH_FAILOVER.targets(Operation.QUERY, 1))
        .containsExactly(
            URI.create("https://api2.mch.weixin.qq.com/pay/orderquery"),
            URI.create("https://api.mch.weixin.qq.com/pay/orderquery"));
    assertThat(Hosts.CHANNEL.targets(Operation.REFUND, 1))
        .containsExactly(URI.create("https://api.mch.weixin.qq.com/secapi/pay/refund"));
  }

  private static ChannelAccount.Wechat account(
      Optional<String> subAppId, Optional<ClientCertificate> certificate) {
    return new ChannelAccount.Wechat(
        Fixture.MERCHANT,
        Fixture.APP_ID,
        Fixture.SUB_MERCHANT,
        subAppId,
        Secret.of(Fixture.KEY),
        Optional.empty(),
        MD5,
        certificate);
  }

  private static RefundOrder refund() {
    return new RefundOrder(
        Fixture.order(MD5),
        Fixture.REFUND,
        Fixture.TOTAL,
        "",
        Optional.empty(),
        new CreateOrder.Terminal(Optional.empty(), Optional.empty(), "127.0.0.1"),
        new CreateOrder.Shop("7", "x"),
        NOTICES);
  }
}
