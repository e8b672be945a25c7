package io.yunfu.server.api.cpay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.server.api.cpay.SignedText.Answer;
import io.yunfu.server.http.Headers;
import io.yunfu.server.http.Request;
import io.yunfu.server.http.Response;
import io.yunfu.server.observe.Answered;
import io.yunfu.testkit.ManualClock;
import io.yunfu.wire.cpay.AuthenKey;
import io.yunfu.wire.cpay.FieldReader;
import io.yunfu.wire.cpay.KeyOwner;
import io.yunfu.wire.cpay.LogId;
import io.yunfu.wire.cpay.MerchantIds;
import io.yunfu.wire.cpay.OfficialAccountPayRequest;
import io.yunfu.wire.cpay.OrderClient;
import io.yunfu.wire.cpay.OrderRequest;
import io.yunfu.wire.cpay.Payload;
import io.yunfu.wire.cpay.RefundRequest;
import io.yunfu.wire.cpay.Results;
import io.yunfu.wire.cpay.RsaKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The pipeline alone, with a seller and calls written for it.
class CpayApiTest {
  private static final String K1 = "4f6b2c9e8d1a7350bb64e0f1c2d3a495";
  private static final String OLD_KEY = "0f6b2c9e8d1a7350bb64e0f1c2d3a490";
  private static final String PAY =
      """
      {"pay_mch_key":{"pay_platform":1,"out_mch_id":"m1","out_sub_mch_id":"s1","out_shop_id":"h1",
       "wxpay_pay_mch_key_ext":{"open_id":"o"}},
       "pay_content":{"out_trade_no":"gz0200abcd1","total_fee":1},
       "order_client":{"spbill_create_ip":"10.0.0.1"},"nonce_str":"n"}\
      """;
  private static final String QUERY =
      """
      {"pay_mch_key":{"out_mch_id":"m1","out_sub_mch_id":"s1","out_shop_id":"h1"},
       "out_trade_no":"anything"}\
      """;
  private static final String REFUND =
      """
      {"pay_mch_key":{"out_mch_id":"m1","out_sub_mch_id":"s1","out_shop_id":"h1"},
       "refund_content":{"out_trade_no":"gz0200abcd1","out_refund_no":"gz0200abcdR1",
        "total_fee":2,"refund_fee":1}}\
      """;

  /// The one seller there is.
  private static final class TestSeller implements Seller {
    List<AuthenKey> keys = List.of(AuthenKey.of(K1), AuthenKey.of(OLD_KEY));
    Instant oldKeyUntil = Instant.MAX;
    boolean shopOpen = true;
    Optional<RsaKey> rsaKey = Optional.empty();
    boolean refundsNeedRsa;
    boolean enabled = true;
    boolean devicesKnown = true;

    @Override
    public String id() {
      return "s1";
    }

    @Override
    public List<AuthenKey> keys(Instant at) {
      return at.isBefore(oldKeyUntil) ? keys : keys.subList(0, Math.min(1, keys.size()));
    }

    @Override
    public Optional<RsaKey> rsaKey() {
      return rsaKey;
    }

    @Override
    public boolean refundsNeedRsa() {
      return refundsNeedRsa;
    }

    @Override
    public boolean isEnabled() {
      return enabled;
    }

    @Override
    public boolean owns(MerchantIds ids) {
      return ids.equals(new MerchantIds("m1", "s1", "h1"));
    }

    @Override
    public Optional<String> unknownTerminal(String outShopId, OrderClient client) {
      return Optional.of("order_client.device_id").filter(_ -> !devicesKnown);
    }

    @Override
    public boolean sellsIn(String outShopId) {
      return outShopId.equals("h1") && shopOpen;
    }

    @Override
    public boolean hasPrefixOf(String number) {
      return number.startsWith("gz0200abcd") && number.length() > 10;
    }
  }

  /// What a call does when it is reached.
  private interface Deed {
    Told done(Asked<TestSeller, ?> asked);
  }

  private final TestSeller seller = new TestSeller();
  private final List<Answered> log = new ArrayList<>();
  private final List<KeyOwner> lookedUp = new ArrayList<>();
  private final AtomicLong ids = new AtomicLong(3_000_000_000L);
  private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1772323200));
  private int asked;
  private Deed deed = asked -> Told.done(new Payload.NonceOnly("close_order", asked.nonce()));

  private final CpayApi<TestSeller> api = api(false);

  private CpayApi<TestSeller> api(boolean lenient) {
    return new CpayApi<>(
        List.of(
            new Pay(), new Order(OrderRequest.QUERY), new Order(OrderRequest.CLOSE), new Back()),
        owner -> {
          lookedUp.add(owner);
          return owner.id().equals("s1") || owner.id().equals("h1")
              ? Optional.of(seller)
              : Optional.empty();
        },
        lenient,
        new CpayApi.Surroundings(
            () -> new LogId(ids.getAndIncrement()),
            () -> "FreshNonce",
            clock,
            System::nanoTime,
            log::add));
  }

  private final class Pay implements CpayCall<TestSeller, OfficialAccountPayRequest> {
    @Override
    public String name() {
      return OfficialAccountPayRequest.NAME;
    }

    @Override
    public Kind kind() {
      return Kind.CREATES;
    }

    @Override
    public OfficialAccountPayRequest read(FieldReader in) {
      return OfficialAccountPayRequest.of(in);
    }

    @Override
    public Told answer(Asked<TestSeller, OfficialAccountPayRequest> call) {
      asked++;
      return deed.done(call);
    }
  }

  private final class Order implements CpayCall<TestSeller, OrderRequest> {
    private final String name;

    Order(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Kind kind() {
      return name.equals(OrderRequest.QUERY) ? Kind.READS : Kind.CHANGES;
    }

    @Override
    public OrderRequest read(FieldReader in) {
      return OrderRequest.of(in);
    }

    @Override
    public Told answer(Asked<TestSeller, OrderRequest> call) {
      asked++;
      return deed.done(call);
    }
  }

  private final class Back implements CpayCall<TestSeller, RefundRequest> {
    @Override
    public String name() {
      return RefundRequest.NAME;
    }

    @Override
    public Kind kind() {
      return Kind.REFUNDS;
    }

    @Override
    public RefundRequest read(FieldReader in) {
      return RefundRequest.of(in);
    }

    @Override
    public Told answer(Asked<TestSeller, RefundRequest> call) {
      asked++;
      return deed.done(call);
    }
  }

  private Answer post(String call, byte[] body) {
    Response response = api.handle(request("POST", call, body));
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers().first("Content-Type"))
        .contains("application/json; charset=utf-8");
    return Answer.of(response.body());
  }

  private static Request request(String method, String call, byte[] body) {
    return Request.of(method, "/cpay/" + call, Headers.NONE, body);
  }

  private Answer post(String call, String text) {
    return post(call, SignedText.body(text, K1));
  }

  @Test
  void a_call_that_passes_every_check_is_answered_and_signed() {
    Answer answer = post("official_account_pay", PAY);
    assertThat(answer.numbers()).isEqualTo("0/0");
    assertThat(answer.isSignedWith(K1)).isTrue();
    assertThat(answer.logId()).isEqualTo(3_000_000_000L);
    assertThat(answer.content().get("description").stringValue()).isEqualTo("操作成功。");
    assertThat(lookedUp).containsExactly(new KeyOwner.SubMerchant("s1"));
  }

  @Test
  void every_request_leaves_one_line_that_its_log_id_finds() {
    Answer done = post("query_order", QUERY);
    Answer refused = post("query_order", QUERY.replace("\"anything\"", "\"\""));
    Answer nobody = post("query_order", "x".getBytes(UTF_8));
    assertThat(log)
        .extracting(Answered::requestId)
        .containsExactly(
            Long.toString(done.logId()),
            Long.toString(refused.logId()),
            Long.toString(nobody.logId()));
    assertThat(log).extracting(Answered::action).containsOnly("query_order");
    assertThat(log).extracting(Answered::code).containsExactly("OK", "101/90010", "101/90001");
    assertThat(log).extracting(Answered::account).containsExactly("s1", "s1", "");
    assertThat(log).extracting(Answered::user).containsExactly("h1", "", "");
    assertThat(log.toString()).doesNotContain(K1).doesNotContain(SignedText.code(QUERY, K1));
  }

  /// Each request is wrong in its own step and in all later ones: the first decides.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"request_content"                                    | 101/90001
          {"request_content":1}                                 | 101/90002
          {"request_content":"[]"}                              | 101/90003
          {"request_content":"{}"}                              | 101/90004
          {"request_content":"{}","authen_info":{"a":{"authen_type":2,"authen_code":"0"}}} | 101/90005
          {"request_content":"{}","authen_info":{"s":{"sign_type":1,"sign":"0"}}} | 101/90005
          {"request_content":"{}","authen_info":{"a":{"authen_type":1,"authen_code":"0"}}} | 101/90006
          {"request_content":"{\\"out_sub_mch_id\\":\\"s2\\"}","authen_info":{"a":{"authen_type":1,"authen_code":"0"}}} | 101/90006
          {"request_content":"{\\"out_sub_mch_id\\":\\"s1\\"}","authen_info":{"a":{"authen_type":1,"authen_code":"0"}}} | 101/7
          """)
  void the_first_check_that_fails_decides(String body, String numbers) {
    Answer answer = post("official_account_pay", body.getBytes(UTF_8));
    assertThat(answer.numbers()).isEqualTo(numbers);
    assertThat(answer.isSigned()).isFalse();
    assertThat(answer.content().size()).isEqualTo(4);
    assertThat(asked).isZero();
  }

  @Test
  void fields_come_before_relations_and_relations_before_prefixes() {
    String wrongEverything = PAY.replace("\"h1\"", "\"h9\"").replace("gz0200abcd1", "xx0200abcd1");
    Answer fields =
        post("official_account_pay", wrongEverything.replace("\"total_fee\":1", "\"x\":1"));
    assertThat(fields.numbers()).isEqualTo("101/90010");
    assertThat(fields.content().get("description").stringValue()).contains("pay_content.total_fee");
    assertThat(fields.isSigned()).isFalse();
    Answer relations = post("official_account_pay", wrongEverything);
    assertThat(relations.numbers()).isEqualTo("101/90011");
    assertThat(relations.isSigned()).isFalse();
    Answer prefix = post("official_account_pay", PAY.replace("gz0200abcd1", "xx0200abcd1"));
    assertThat(prefix.numbers()).isEqualTo("102/90012");
    assertThat(prefix.isSignedWith(K1)).isTrue();
    assertThat(prefix.content().get("official_account_pay").get("nonce_str").stringValue())
        .isEqualTo("FreshNonce");
    assertThat(asked).isZero();
  }

  @Test
  void terminals_come_between_relations_and_prefixes_and_are_not_looked_at_by_queries() {
    seller.devicesKnown = false;
    assertThat(post("official_account_pay", PAY.replace("\"h1\"", "\"h9\"")).numbers())
        .isEqualTo("101/90011");
    Answer device = post("official_account_pay", PAY.replace("gz0200abcd1", "xx0200abcd1"));
    assertThat(device.numbers()).isEqualTo("101/90010");
    assertThat(device.content().get("description").stringValue())
        .contains("order_client.device_id");
    assertThat(post("refund", REFUND).numbers()).isEqualTo("101/90010");
    assertThat(asked).isZero();
    assertThat(post("query_order", QUERY).numbers()).isEqualTo("0/0");
  }

  @Test
  void refund_numbers_need_a_prefix_too_and_queries_none() {
    assertThat(post("refund", REFUND.replace("gz0200abcdR1", "xx0200abcdR1")).numbers())
        .isEqualTo("102/90012");
    assertThat(post("query_order", QUERY).numbers()).isEqualTo("0/0");
  }

  @Test
  void the_shop_finds_the_key_where_the_sub_merchant_is_not_named() {
    Answer answer = post("query_order", QUERY.replace("\"out_sub_mch_id\":\"s1\",", ""));
    assertThat(lookedUp).containsExactly(new KeyOwner.Shop("h1"));
    assertThat(answer.numbers()).isEqualTo("101/90010");
    assertThat(answer.content().get("description").stringValue()).contains("out_sub_mch_id");
  }

  @Test
  void while_a_key_is_replaced_both_verify_and_the_answer_has_the_one_that_was_used() {
    assertThat(post("query_order", SignedText.body(QUERY, OLD_KEY)).isSignedWith(OLD_KEY)).isTrue();
    assertThat(post("query_order", SignedText.body(QUERY, K1)).isSignedWith(K1)).isTrue();
    seller.oldKeyUntil = clock.instant();
    assertThat(post("query_order", SignedText.body(QUERY, OLD_KEY)).numbers()).isEqualTo("101/7");
    assertThat(post("query_order", SignedText.body(QUERY, K1)).isSignedWith(K1)).isTrue();
  }

  @Test
  void who_is_disabled_makes_no_orders_but_looks_after_old_ones() {
    seller.enabled = false;
    assertThat(post("official_account_pay", PAY).numbers()).isEqualTo("101/90006");
    assertThat(post("query_order", QUERY).numbers()).isEqualTo("0/0");
    assertThat(post("close_order", QUERY).numbers()).isEqualTo("0/0");
    assertThat(post("refund", REFUND).numbers()).isEqualTo("0/0");
    seller.keys = List.of();
    assertThat(post("query_order", QUERY).numbers()).isEqualTo("101/90006");
  }

  @Test
  void a_closed_shop_makes_no_orders_but_looks_after_old_ones() {
    seller.shopOpen = false;
    Answer answer = post("official_account_pay", PAY);
    assertThat(answer.numbers()).isEqualTo("101/90006");
    assertThat(answer.isSigned()).isFalse();
    assertThat(asked).isZero();
    assertThat(post("query_order", QUERY).numbers()).isEqualTo("0/0");
    assertThat(post("refund", REFUND).numbers()).isEqualTo("0/0");
  }

  @Test
  void a_refund_may_come_with_rsa_and_is_answered_with_the_code() throws GeneralSecurityException {
    KeyPair pair = rsaPair();
    byte[] body = SignedText.rsaBody(REFUND, rsa(pair, REFUND));
    assertThat(post("refund", body).numbers()).isEqualTo("101/90005");
    seller.rsaKey =
        Optional.of(RsaKey.of(Base64.getEncoder().encodeToString(pair.getPublic().getEncoded())));
    Answer answer = post("refund", body);
    assertThat(answer.numbers()).isEqualTo("0/0");
    assertThat(answer.isSignedWith(K1)).isTrue();
    assertThat(post("refund", SignedText.rsaBody(REFUND, rsa(rsaPair(), REFUND))).numbers())
        .isEqualTo("101/7");
    assertThat(post("query_order", SignedText.rsaBody(QUERY, rsa(pair, QUERY))).numbers())
        .isEqualTo("101/90005");
    assertThat(post("refund", REFUND).numbers()).isEqualTo("0/0");
    seller.refundsNeedRsa = true;
    assertThat(post("refund", REFUND).numbers()).isEqualTo("101/90005");
    assertThat(post("refund", body).numbers()).isEqualTo("0/0");
    assertThat(post("query_order", QUERY).numbers()).isEqualTo("0/0");
  }

  private static KeyPair rsaPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  private static String rsa(KeyPair pair, String text) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("RSASSA-PSS");
    signature.setParameter(
        new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 222, 1));
    signature.initSign(pair.getPrivate());
    signature.update(text.getBytes(UTF_8));
    return Base64.getEncoder().encodeToString(signature.sign());
  }

  @Test
  void a_refusal_of_a_call_is_signed_and_carries_a_fresh_nonce() {
    deed =
        asked -> {
          throw Results.NOT_FOUND.refused();
        };
    Answer answer = post("close_order", QUERY);
    assertThat(answer.numbers()).isEqualTo("104/90020");
    assertThat(answer.isSignedWith(K1)).isTrue();
    assertThat(answer.content().get("close_order").toString())
        .isEqualTo("{\"nonce_str\":\"FreshNonce\"}");
    assertThat(log.getLast().code()).isEqualTo("104/90020");
    assertThat(log.getLast().fault()).isNull();
  }

  @Test
  void after_a_fault_only_a_harmless_call_says_that_nothing_was_done() {
    var fault = new IllegalStateException("a secret detail");
    deed =
        asked -> {
          throw fault;
        };
    Answer read = post("query_order", QUERY);
    assertThat(read.numbers()).isEqualTo("3/90099");
    assertThat(read.isSigned()).isFalse();
    for (String call : List.of("official_account_pay", "close_order", "refund")) {
      Answer unknown =
          post(call, call.equals("refund") ? REFUND : call.equals("close_order") ? QUERY : PAY);
      assertThat(unknown.numbers()).isEqualTo("103/90032");
      assertThat(unknown.isSignedWith(K1)).isTrue();
      assertThat(unknown.text()).doesNotContain("secret");
      assertThat(log.getLast().fault()).isSameAs(fault);
      assertThat(log.getLast().expected()).isFalse();
    }
  }

  @Test
  void a_fault_before_anything_was_begun_is_told_as_nothing_done() {
    var api =
        new CpayApi<TestSeller>(
            List.of(new Pay()),
            owner -> {
              throw new IllegalStateException("away");
            },
            false,
            new CpayApi.Surroundings(
                () -> new LogId(1), () -> "n", clock, System::nanoTime, log::add));
    Response response =
        api.handle(request("POST", "official_account_pay", SignedText.body(PAY, K1)));
    assertThat(response.status()).isEqualTo(200);
    assertThat(Answer.of(response.body()).numbers()).isEqualTo("3/90099");
    assertThat(log.getLast().fault()).hasMessage("away");
  }

  @Test
  void a_closed_api_answers_that_nothing_was_done() {
    api.close();
    Answer answer = post("official_account_pay", PAY);
    assertThat(answer.numbers()).isEqualTo("3/90099");
    assertThat(asked).isZero();
  }

  @Test
  void too_large_a_body_is_refused_with_413_in_the_envelope() {
    Request head = request("POST", "refund", new byte[0]);
    var oversized =
        new Request(
            head.method(),
            head.path(),
            head.query(),
            head.headers(),
            head.body(),
            true,
            head.remoteAddress(),
            false);
    Response response = api.handle(oversized);
    assertThat(response.status()).isEqualTo(413);
    assertThat(Answer.of(response.body()).numbers()).isEqualTo("101/90001");
    assertThat(log.getLast().status()).isEqualTo(413);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Refund", "refund/", "refund/x", "reverse", "pay", "ping/", "%72efund"})
  void other_names_are_not_found(String name) {
    assertThat(api.handle(request("POST", name, new byte[0])).status()).isEqualTo(404);
    assertThat(api.handle(request("GET", name, new byte[0])).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "post"})
  void other_methods_are_refused(String method) {
    Response response = api.handle(request(method, "refund", SignedText.body(REFUND, K1)));
    assertThat(response.status()).isEqualTo(405);
    assertThat(response.headers().first("Allow")).contains("POST");
    assertThat(asked).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void ping_tells_the_time_without_an_envelope_whatever_it_is_sent(String method) {
    for (String body : new String[] {"", "nonsense", "{\"request_content\":\"{}\"}"}) {
      Response response =
          api.handle(request(method, "ping", body.getBytes(StandardCharsets.UTF_8)));
      assertThat(response.status()).isEqualTo(200);
      assertThat(new String(response.body(), UTF_8))
          .isEqualTo("{\"description\":\"ok\",\"status\":0,\"timestamp\":1772323200}");
    }
    assertThat(api.handle(request("PUT", "ping", new byte[0])).status()).isEqualTo(405);
  }

  @Test
  void the_layout_of_the_published_example_is_read_only_where_that_is_switched_on() {
    String printed =
        "{ \"request_content\": \""
            + QUERY
            + "\", \"authen_info\": {\"a\":{\"authen_type\":1,\"authen_code\":\""
            + SignedText.code(QUERY, K1)
            + "\"}}}";
    assertThat(post("query_order", printed.getBytes(UTF_8)).numbers()).isEqualTo("101/90001");
    Response response = api(true).handle(request("POST", "query_order", printed.getBytes(UTF_8)));
    assertThat(Answer.of(response.body()).numbers()).isEqualTo("0/0");
  }

  // B24
  @Test
  void log_ids_are_unsigned_and_do_not_repeat() {
    var logIds = new LogIds(new Random(7));
    var seen = new HashSet<Long>();
    boolean large = false;
    for (int i = 0; i < 100_000; i++) {
      long id = logIds.get().value();
      assertThat(seen.add(id)).isTrue();
      large |= id > Integer.MAX_VALUE;
    }
    assertThat(large).isTrue();
  }
}
