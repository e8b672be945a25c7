package io.yunfu.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.notice.MerchantNotice;
import io.yunfu.gateway.notice.MerchantNotices;
import io.yunfu.server.CpayWorld.Over;
import io.yunfu.server.api.cpay.SignedText;
import io.yunfu.server.api.cpay.SignedText.Answer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The acceptance tests of the contract, `cloudpay.md` appendix B, that no other test holds over
/// real sockets. `docs/api/cloudpay/acceptance.md` says where each of B1 to B26 is.
class CpayAcceptanceIT extends CpayWorldTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int CLIENTS = 4;

  /// The smallest number that a signed client would read as a negative one.
  private static final long ABOVE_SIGNED = 1L << 31;

  /// T1 of the worked example, section 1.10, byte for byte, and its code.
  private static final String WORKED =
      """
      {"pay_mch_key":{"pay_platform":1,"out_mch_id":"gz02Kp7Qv3nXw8ZrT1mA","out_sub_mch_id":"gz02Hs4Lt9bYc6FuE2jD",\
      "out_shop_id":"gz02Wd5Rf1kPv0NqC8xB","wxpay_pay_mch_key_ext":{"sub_open_id":"oTest0001aaaaBBBBccccDDDD1234"}},\
      "pay_content":{"out_trade_no":"gz0200abcd20260301000001","total_fee":2590,"fee_type":"CNY",\
      "body":"\\u6d4b\\u8bd5\\u8ba2\\u5355"},"order_client":{"spbill_create_ip":"198.51.100.7"},\
      "nonce_str":"N0nceRequest000000000000000000A1"}\
      """;

  private static final String WORKED_CODE =
      "EADDD2370EDBD87C3C5B389C6C4385490CDE8931A64C3DF580314EAF80C80039";

  // B2, and B25: the answer is ASCII throughout.
  @Test
  void the_worked_example_is_answered_with_the_documented_members_in_ascii() {
    assertThat(SignedText.code(WORKED, CpayWorld.KEY)).isEqualTo(WORKED_CODE);
    byte[] body = SignedText.body(WORKED, CpayWorld.KEY);
    byte[] bytes = world.post("/cpay/official_account_pay", body).body().getBytes(UTF_8);
    for (byte each : bytes) {
      assertThat(each).isNotNegative();
    }
    Answer answer = Answer.of(bytes);
    assertThat(answer.numbers()).isEqualTo("0/0");
    assertThat(answer.isSignedWith(CpayWorld.KEY)).isTrue();
    assertThat(answer.content().propertyNames())
        .containsExactly(
            "status", "description", "log_id", "internal_status", "official_account_pay");
    JsonNode payload = answer.content().get("official_account_pay");
    assertThat(payload.propertyNames())
        .containsExactlyInAnyOrder("pay_mch_key", "order_content", "nonce_str", "jsapi_args");
    JsonNode order = payload.get("order_content");
    assertThat(order.propertyNames())
        .containsExactlyInAnyOrder(
            "out_trade_no",
            "trade_type",
            "time_expire",
            "nonce_str",
            "create_time",
            "last_update_time",
            "is_transforming",
            "total_fee",
            "fee_type",
            "cash_fee_type",
            "body",
            "wxpay_order_content_ext");
    assertThat(order.get("nonce_str").stringValue()).isEqualTo("N0nceRequest000000000000000000A1");
    assertThat(Over.WECHAT.state(order)).isEqualTo(6);
    assertThat(payload.get("jsapi_args").get("wxpay").get("get_brand_wcpay").propertyNames())
        .containsExactlyInAnyOrder(
            "app_id", "timestamp", "nonce_str", "package", "sign_type", "pay_sign");
  }

  // B4
  @ParameterizedTest
  @EnumSource(Over.class)
  void the_same_body_again_is_the_same_order_and_one_at_the_channel(Over over) {
    int before = channelOrders(over);
    String text = world.pay(over, world.number(), 100);
    JsonNode first = world.call("official_account_pay", text).content();
    JsonNode again = world.call("official_account_pay", text).content();
    assertThat(again.get("status").intValue()).isZero();
    assertThat(over.reference(again.get("official_account_pay")))
        .isEqualTo(over.reference(first.get("official_account_pay")));
    assertThat(channelOrders(over)).isEqualTo(before + 1);
  }

  // B5
  @ParameterizedTest
  @EnumSource(Over.class)
  void the_same_number_with_another_amount_is_refused_and_signed(Over over) {
    String number = world.number();
    assertThat(world.call("official_account_pay", world.pay(over, number, 100)).numbers())
        .isEqualTo("0/0");
    Answer other = world.call("official_account_pay", world.pay(over, number, 101));
    assertThat(other.numbers()).isEqualTo("102/407");
    assertThat(other.isSignedWith(CpayWorld.KEY)).isTrue();
  }

  // B6
  @Test
  void one_other_digit_of_the_code_is_answered_with_four_members_and_no_signature() {
    String text = CpayWorld.query(world.number());
    String code = SignedText.code(text, CpayWorld.KEY);
    String other = code.substring(0, 63) + (code.endsWith("0") ? "1" : "0");
    String body = body(text).replace(code, other);
    String answer = world.post("/cpay/query_order", body.getBytes(UTF_8)).body();
    JsonNode outer = JSON.readTree(answer);
    assertThat(outer.propertyNames()).containsExactly("response_content");
    JsonNode content = JSON.readTree(outer.get("response_content").stringValue());
    assertThat(content.propertyNames())
        .containsExactly("status", "description", "log_id", "internal_status");
    assertThat(content.get("status").intValue()).isEqualTo(101);
    assertThat(content.get("internal_status").intValue()).isEqualTo(7);
  }

  // B7
  @Test
  void a_code_in_lower_case_is_accepted() {
    String text = world.pay(Over.WECHAT, world.number(), 100);
    String code = SignedText.code(text, CpayWorld.KEY);
    assertThat(
            sent("official_account_pay", body(text).replace(code, code.toLowerCase(Locale.ROOT))))
        .isEqualTo("0/0");
  }

  // B8
  @Test
  void a_text_whose_members_were_put_in_another_order_after_signing_is_refused() {
    String text = CpayWorld.query(world.number());
    String other = text.replaceFirst("(.*\\}),(\"out_trade_no\".*)\\}$", "{$2,$1}");
    other = other.replace(",{\"pay_mch_key\"", ",\"pay_mch_key\"");
    assertThat(JSON.readTree(other)).isEqualTo(JSON.readTree(text));
    assertThat(other).isNotEqualTo(text);
    String code = SignedText.code(text, CpayWorld.KEY);
    String body = body(other).replace(SignedText.code(other, CpayWorld.KEY), code);
    assertThat(sent("query_order", body)).isEqualTo("101/7");
  }

  // B9
  @Test
  void a_content_that_is_an_object_is_refused() {
    String text = CpayWorld.query(world.number());
    String body =
        """
        {"request_content":%s,"authen_info":{"a":{"authen_type":1,"authen_code":"%s"}}}\
        """
            .formatted(text, SignedText.code(text, CpayWorld.KEY));
    assertThat(sent("query_order", body)).isEqualTo("101/90002");
  }

  // B10
  @Test
  void unknown_and_doubled_members_and_mixed_up_types_are_tolerated() {
    String text =
        world
            .pay(Over.WECHAT, world.number(), 100)
            .replace(
                "{\"pay_mch_key\":{", "{\"x\":[{}],\"pay_mch_key\":{\"out_mch_id\":\"no\",\"x\":1,")
            .replace("\"total_fee\":100", "\"total_fee\":\"100\",\"x\":null")
            .replace(
                "\"order_client\":{", "\"order_client\":{\"device_id\":17,\"x\":{\"y\":true},");
    String body = body(text).replace("{\"request_content\"", "{\"x\":0,\"request_content\"");
    assertThat(sent("official_account_pay", body)).isEqualTo("0/0");
  }

  // B11
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "open_id":"OPEN"                      | 0/0
          "sub_open_id":"SUB"                   | 0/0
          "open_id":"OPEN","sub_open_id":"SUB"  | 0/0
          "x":1                                 | 101/90010
          """)
  void a_payer_has_either_id_or_both_and_not_none(String payer, String numbers) {
    String ids = payer.replace("OPEN", openId("wx00000000000000aa"));
    String text =
        world
            .pay(Over.WECHAT, world.number(), 100)
            .replaceFirst(
                "\"sub_open_id\":\"[^\"]*\"", ids.replace("SUB", openId("wx00000000000000bb")));
    assertThat(world.call("official_account_pay", text).numbers()).isEqualTo(numbers);
  }

  // B12
  @Test
  void a_number_without_the_prefix_is_refused_and_signed() {
    Answer answer = world.call("official_account_pay", world.pay(Over.WECHAT, "xx01743939T1", 100));
    assertThat(answer.numbers()).isEqualTo("102/90012");
    assertThat(answer.isSignedWith(CpayWorld.KEY)).isTrue();
  }

  // B13
  @Test
  void a_shop_of_another_sub_merchant_is_refused() {
    String text =
        world
            .pay(Over.WECHAT, world.number(), 100)
            .replace(CpayWorld.SHOP.value(), CpayWorld.OTHER_SHOP.value());
    assertThat(world.call("official_account_pay", text).numbers()).isEqualTo("101/90011");
  }

  // B14: a 200 ends it. The pauses of 30 to 60 s are in MerchantNoticesIT.
  @ParameterizedTest
  @EnumSource(Over.class)
  void a_notice_that_is_taken_is_not_sent_again(Over over) throws Exception {
    String number = world.number();
    world.paid(over, world.call("official_account_pay", world.pay(over, number, 100)));
    JsonNode told = world.heard();
    assertThat(over.state(told.get("order_content"))).isEqualTo(over.paid);
    await(() -> noticeOf(number).state() == MerchantNotice.State.DELIVERED);
    assertThat(notices().attempts(noticeOf(number).id())).hasSize(1);
    assertThat(world.heard).isEmpty();
  }

  // B14: three more tries, then undelivered. For one order only: a host that goes on failing is
  // left
  // alone for a while.
  @Test
  void a_notice_that_is_never_taken_is_sent_three_more_times_and_stays_undelivered()
      throws Exception {
    world.refusals.set(Integer.MAX_VALUE);
    Over over = Over.WECHAT;
    String number = world.number();
    world.paid(over, world.call("official_account_pay", world.pay(over, number, 100)));
    for (int i = 0; i < 4; i++) {
      JsonNode told = world.heard();
      assertThat(told.get("order_content").get("out_trade_no").stringValue()).isEqualTo(number);
    }
    await(() -> noticeOf(number).state() == MerchantNotice.State.UNDELIVERED);
    assertThat(notices().attempts(noticeOf(number).id())).hasSize(4);
    assertThat(world.heard).isEmpty();
  }

  // B15
  @ParameterizedTest
  @EnumSource(Over.class)
  void queries_at_the_moment_of_the_channels_notice_leave_one_notice_to_the_merchant(Over over)
      throws Exception {
    String number = world.number();
    Answer made = world.call("official_account_pay", world.pay(over, number, 100));
    var together = new CyclicBarrier(CLIENTS + 1);
    Callable<Void> asks =
        () -> {
          together.await(1, TimeUnit.MINUTES);
          JsonNode order;
          do {
            order = order(number);
          } while (over.state(order) != over.paid);
          return null;
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var queries = new ArrayList<Future<Void>>();
      for (int i = 0; i < CLIENTS; i++) {
        queries.add(threads.submit(asks));
      }
      together.await(1, TimeUnit.MINUTES);
      world.paid(over, made);
      for (Future<Void> query : queries) {
        query.get(1, TimeUnit.MINUTES);
      }
    }
    world.heard();
    world.sandbox.notices().drain(Duration.ofMinutes(1), false);
    await(() -> noticeOf(number).state() == MerchantNotice.State.DELIVERED); // the only one
    assertThat(world.heard).isEmpty();
  }

  // B17, first half
  @ParameterizedTest
  @EnumSource(Over.class)
  void an_order_that_nobody_pays_in_time_is_closed(Over over) {
    String number = world.number();
    assertThat(world.call("official_account_pay", expiring(over, number, 2)).numbers())
        .isEqualTo("0/0");
    await(() -> over.state(order(number)) == over.closed);
    assertThat(Instant.now().getEpochSecond())
        .isGreaterThanOrEqualTo(order(number).get("time_expire").longValue());
  }

  // B17, second half: the channel's notice is lost, and the first look at so short an order is
  // after its end.
  @ParameterizedTest
  @EnumSource(Over.class)
  void a_payment_in_time_that_the_server_learns_of_later_counts(Over over) throws Exception {
    String number = world.number();
    world
        .sandbox
        .faults()
        .add(
            "{'channel':'%s','op':'pay','match':{'number':'%s'},'effect':{'kind':'notify_drop','deliveries':0}}"
                .formatted(over.channel(), number));
    Answer made = world.call("official_account_pay", expiring(over, number, 5));
    world.paid(over, made);
    JsonNode order = world.heard().get("order_content");
    assertThat(over.state(order)).isEqualTo(over.paid);
    long expiry = order.get("time_expire").longValue();
    assertThat(order.get("time_end").longValue()).isLessThanOrEqualTo(expiry);
    assertThat(order.get("last_update_time").longValue()).isGreaterThanOrEqualTo(expiry);
  }

  // B18
  @ParameterizedTest
  @EnumSource(Over.class)
  void refunds_never_exceed_what_was_paid(Over over) {
    String number = world.number();
    world.paid(over, world.call("official_account_pay", world.pay(over, number, 2)));
    await(() -> over.state(order(number)) == over.paid);
    var heard = new ArrayList<String>();
    for (int fen : List.of(3, 1, 2, 1)) {
      String text =
          CpayWorld.refund(number, "R" + heard.size(), fen)
              .replace("\"total_fee\":2590", "\"total_fee\":2");
      heard.add(world.call("refund", text).numbers());
    }
    assertThat(heard).containsExactly("104/90024", "0/0", "104/90024", "0/0");
  }

  // B21
  @ParameterizedTest
  @ValueSource(strings = {"reset_before", "reset_after"})
  void an_order_whose_channel_fell_silent_is_one_order_there_after_the_same_call_again(
      String effect) {
    for (Over over : Over.values()) {
      int before = channelOrders(over);
      String number = world.number();
      String create = over == Over.WECHAT ? "unifiedorder" : "alipay.trade.create";
      world
          .sandbox
          .faults()
          .add(
              "{'channel':'%s','op':'%s','match':{'number':'%s'},'times':1,'effect':'%s'}"
                  .formatted(over.channel(), create, number, effect));
      Answer unknown = world.call("official_account_pay", world.pay(over, number, 100));
      assertThat(unknown.numbers()).isEqualTo("103/90032");
      JsonNode order = unknown.content().get("official_account_pay").get("order_content");
      assertThat(order.get("is_transforming").booleanValue()).isTrue();
      assertThat(world.call("official_account_pay", world.pay(over, number, 100)).numbers())
          .isEqualTo("0/0");
      assertThat(channelOrders(over)).isEqualTo(before + 1);
    }
  }

  // B22
  @Test
  void version_2_needs_somebody_who_has_the_right_to_refund() {
    String number = world.number();
    world.paid(
        Over.WECHAT, world.call("official_account_pay", world.pay(Over.WECHAT, number, 2590)));
    await(() -> Over.WECHAT.state(order(number)) == Over.WECHAT.paid);
    String text =
        CpayWorld.refund(number, "R1", 1)
            .replace("\"nonce_str\"", "\"api_version\":2,\"nonce_str\"");
    assertThat(world.call("refund", text).numbers()).isEqualTo("104/90026");
  }

  // B23
  @Test
  void a_refund_may_be_signed_with_either_salt_and_not_with_another_key() throws Exception {
    String number = "gz0200abcdRSA1";
    String pay =
        WORKED
            .replace("gz0200abcd20260301000001", number)
            .replace("oTest0001aaaaBBBBccccDDDD1234", openId("wx00000000000000bb"));
    world.paid(Over.WECHAT, world.call("official_account_pay", pay));
    world.heard();
    KeyPair other = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    assertThat(signed(number, "R1", other.getPrivate(), 222)).isEqualTo("101/7");
    assertThat(signed(number, "R1", world.rsa.getPrivate(), 222)).isEqualTo("0/0");
    assertThat(signed(number, "R2", world.rsa.getPrivate(), 32)).isEqualTo("0/0");
  }

  // B24
  @Test
  void log_ids_are_unsigned_32_bit_numbers_also_where_they_do_not_fit_a_signed_one() {
    boolean large = false;
    for (int i = 0; i < 64; i++) {
      Answer answer = world.call("query_order", CpayWorld.query("nothing"));
      String digits = answer.text().replaceFirst(".*\"log_id\":([^,]*),.*", "$1");
      assertThat(digits).matches("\\d{1,10}");
      long id = Integer.toUnsignedLong(Integer.parseUnsignedInt(digits));
      assertThat(id).isEqualTo(answer.logId());
      large |= id >= ABOVE_SIGNED;
    }
    assertThat(large).as("half of all are above 2^31").isTrue();
  }

  /// Sends a refund of 1 fen of the worked example's merchant, with a signature.
  private static String signed(String number, String suffix, PrivateKey key, int salt)
      throws GeneralSecurityException {
    String seller =
        WORKED.substring(WORKED.indexOf("{\"pay_platform\""), WORKED.indexOf(",\"wxpay"));
    String text =
        """
        {"pay_mch_key":%s},"refund_content":{"out_trade_no":"%s","out_refund_no":"%s%s",\
        "total_fee":2590,"refund_fee":1},"nonce_str":"n3"}\
        """
            .formatted(seller, number, number, suffix);
    Signature signature = Signature.getInstance("RSASSA-PSS");
    signature.setParameter(
        new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, salt, 1));
    signature.initSign(key);
    signature.update(text.getBytes(UTF_8));
    String proof = Base64.getEncoder().encodeToString(signature.sign());
    return Answer.of(
            world.post("/cpay/refund", SignedText.rsaBody(text, proof)).body().getBytes(UTF_8))
        .numbers();
  }

  private static String expiring(Over over, String number, int seconds) {
    long at = Instant.now().getEpochSecond() + seconds;
    return world
        .pay(over, number, 100)
        .replace("\"fee_type\"", "\"time_expire\":%d,\"fee_type\"".formatted(at));
  }

  private static String openId(String app) {
    var people = world.sandbox.people();
    return people.openid(people.named("alice").orElseThrow(), app);
  }

  private static String body(String text) {
    return new String(SignedText.body(text, CpayWorld.KEY), UTF_8);
  }

  private static String sent(String call, String body) {
    return Answer.of(world.post("/cpay/" + call, body.getBytes(UTF_8)).body().getBytes(UTF_8))
        .numbers();
  }

  private static JsonNode order(String number) {
    return world
        .call("query_order", CpayWorld.query(number))
        .content()
        .get("query_order")
        .get("order_content");
  }

  private static int channelOrders(Over over) {
    return world.sandbox.channel(over.channel()).orders(Integer.MAX_VALUE).size();
  }

  private static MerchantNotices notices() {
    return world.server.running().gateway().orElseThrow().notices();
  }

  /// Whatever a merchant is told of an order, which has to be one thing.
  private static MerchantNotice noticeOf(String number) {
    var gateway = world.server.running().gateway().orElseThrow();
    long payment = gateway.payments().find(number).getFirst().id();
    List<MerchantNotice> all =
        notices()
            .list(new MerchantNotices.Filter(Optional.empty(), 0, payment), Optional.empty(), 10);
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  /// For what no event tells to a merchant's program.
  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("within two minutes").isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }
}
