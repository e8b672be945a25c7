package io.yunfu.server.api.billing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.account.Caller;
import io.yunfu.billing.account.Credential;
import io.yunfu.billing.account.Edition;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Uin;
import io.yunfu.server.config.AddressRanges;
import io.yunfu.server.config.RateLimits;
import io.yunfu.server.http.Headers;
import io.yunfu.server.http.Request;
import io.yunfu.server.http.Response;
import io.yunfu.server.observe.Answered;
import io.yunfu.testkit.ManualClock;
import io.yunfu.wire.tc3.CommonErrors;
import io.yunfu.wire.tc3.Limits;
import io.yunfu.wire.tc3.PublicHosts;
import io.yunfu.wire.tc3.ResponseFields;
import io.yunfu.wire.tc3.Secret;
import io.yunfu.wire.tc3.Type;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BillingApiTest {
  private static final String ID = "11111111-2222-4333-8444-555555555555";
  private static final long OWNER = 100_000_000_001L;
  private static final Caller CALLER = caller(OWNER, OWNER);
  private static final TrafficRules OPEN =
      new TrafficRules(
          AddressRanges.NONE, AddressRanges.NONE, 0, 0, new RateLimits(20, Map.of(), Map.of()));

  private final ManualClock clock = new ManualClock(SignedCall.NOW);
  private final AtomicLong nanos = new AtomicLong();
  private final List<Answered> log = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();
  private Consumer<ResponseFields> answer = out -> out.integer("Answer", 42);
  private BillingApi api = api(OPEN, Set.of(), Optional.empty(), Limits.DEFAULTS);

  private BillingApi api(
      TrafficRules traffic, Set<String> offline, Optional<String> anonymous, Limits limits) {
    var settings =
        new BillingApi.Settings(
            limits, Duration.ofMinutes(5), PublicHosts.VENDOR, traffic, offline, anonymous);
    return new BillingApi(
        settings,
        new Actions(List.of(new Recording("PayDeals"), new Recording("DescribeAccountBalance"))),
        this::key,
        () -> ID,
        clock,
        nanos::get,
        log::add);
  }

  /// Takes one optional parameter and answers what the test says.
  private final class Recording implements Action {
    private final String name;

    Recording(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public boolean changes() {
      return name.equals("PayDeals");
    }

    @Override
    public Consumer<ResponseFields> answer(Call call) {
      call.parameters().read(in -> in.list("OrderIds", Type.STRING));
      calls.add(call);
      return answer;
    }
  }

  private Optional<Credential<Secret>> key(String secretId) {
    var secret = Secret.of(SignedCall.SECRET_KEY);
    var temporary = new Credential.Temporary(sha256("token"), SignedCall.NOW.plusSeconds(60));
    return Optional.ofNullable(
        switch (secretId) {
          case "AKIDEXAMPLE" -> new Credential<>(secretId, secret, CALLER, true, Optional.empty());
          case "AKIDDISABLED" ->
              new Credential<>(secretId, secret, CALLER, false, Optional.empty());
          case "AKIDUSER" ->
              new Credential<>(secretId, secret, caller(7, OWNER), true, Optional.empty());
          case "AKIDTEMP" ->
              new Credential<>(secretId, secret, CALLER, true, Optional.of(temporary));
          default -> null;
        });
  }

  private static Caller caller(long user, long owner) {
    return new Caller(new Uin(user), new Uin(owner), new CellId(0), Edition.CHINA, Set.of());
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SignedCall payDeals() {
    return SignedCall.json("PayDeals", "{\"OrderIds\":[\"1\"]}");
  }

  private String codeOf(Request request) {
    api.handle(request);
    return log.getLast().code();
  }

  private String messageOf(Request request) {
    String body = bodyOf(api.handle(request));
    int from = body.indexOf("\"Message\":\"") + 11;
    return body.substring(from, body.indexOf("\"}", from));
  }

  private static String bodyOf(Response response) {
    return new String(response.body(), UTF_8);
  }

  @Test
  void an_answer_is_status_200_of_exactly_application_json_with_the_request_id() {
    var response = api.handle(payDeals().ready());
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers().all("Content-Type")).containsExactly("application/json");
    assertThat(response.headers().all("X-TC-RequestId")).containsExactly(ID);
    assertThat(bodyOf(response))
        .isEqualTo("{\"Response\":{\"Answer\":42,\"RequestId\":\"" + ID + "\"}}");
  }

  @Test
  void an_error_has_the_same_form_with_code_and_message() {
    var response = api.handle(payDeals().by("AKIDNOBODY").ready());
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers().all("Content-Type")).containsExactly("application/json");
    assertThat(response.headers().all("X-TC-RequestId")).containsExactly(ID);
    assertThat(bodyOf(response))
        .isEqualTo(
            "{\"Response\":{\"Error\":{\"Code\":\"AuthFailure.SecretIdNotFound\",\"Message\":\"No such"
                + " SecretId; check it for typos and blanks.\"},\"RequestId\":\""
                + ID
                + "\"}}");
  }

  @Test
  void the_action_learns_who_calls_and_when() {
    api.handle(payDeals().by("AKIDUSER").header("X-TC-Language", "zh-CN").ready());
    var call = calls.getFirst();
    assertThat(call.caller()).isEqualTo(caller(7, OWNER));
    assertThat(call.now()).isEqualTo(SignedCall.NOW);
    assertThat(call.requestId()).isEqualTo(ID);
    assertThat(call.language().tag()).isEqualTo("zh-CN");
  }

  @ParameterizedTest
  @CsvSource({
    "1, UnsupportedProtocol",
    "2, RequestSizeLimitExceeded",
    "3, InvalidParameter",
    "4, MissingParameter",
    "5, NoSuchVersion",
    "6, InvalidAction",
    "7, AuthFailure.InvalidAuthorization",
    "8, AuthFailure.SecretIdNotFound",
    "9, AuthFailure.SignatureExpire",
    "10, AuthFailure.SignatureFailure",
    "11, AuthFailure.TokenFailure",
    "12, RequestLimitExceeded",
    "13, UnknownParameter",
    "14, OK"
  })
  void of_several_faults_the_first_in_the_contracts_order_is_told(int firstFault, String code) {
    for (int i = 0; i < (firstFault <= 12 ? 20 : 0); i++) {
      assertThat(codeOf(payDeals().ready())).isEqualTo("OK");
    }
    var call = SignedCall.json("PayDeals", firstFault <= 13 ? "{\"What\":1}" : "{}");
    call.by(firstFault <= 8 ? "AKIDNOBODY" : "AKIDTEMP");
    if (firstFault > 11) {
      call.header("X-TC-Token", "token");
    }
    if (firstFault <= 9) {
      call.at(SignedCall.NOW.minusSeconds(301));
    }
    if (firstFault <= 10) {
      call.withKey("another");
    }
    call.signed();
    if (firstFault <= 7) {
      call.header("Authorization", "Basic abc");
    }
    if (firstFault <= 6) {
      call.header("X-TC-Action", "payDeals");
    }
    if (firstFault <= 5) {
      call.header("X-TC-Version", "2017-03-12");
    }
    if (firstFault <= 4) {
      call.without("X-TC-Timestamp");
    }
    if (firstFault <= 3) {
      call.body("{");
    }
    if (firstFault <= 2) {
      call.body(new byte[Limits.DEFAULTS.bodyBytesV3() + 1]);
    }
    if (firstFault <= 1) {
      call.method("PUT");
    }
    assertThat(codeOf(call.request())).isEqualTo(code);
  }

  @Test
  void a_body_that_the_http_server_did_not_keep_is_too_large_but_the_method_comes_first() {
    assertThat(codeOf(oversized("POST"))).isEqualTo("RequestSizeLimitExceeded");
    assertThat(codeOf(oversized("GET"))).isEqualTo("RequestSizeLimitExceeded");
    assertThat(codeOf(oversized("PUT"))).isEqualTo("UnsupportedProtocol");
  }

  private static Request oversized(String method) {
    return new Request(method, "/", null, Headers.NONE, new byte[0], true, "127.0.0.1", false);
  }

  @Test
  void an_error_speaks_the_language_that_was_asked_for_even_before_anything_is_decoded() {
    assertThat(messageOf(payDeals().method("PUT").header("X-TC-Language", "zh-CN").request()))
        .isEqualTo("仅支持 GET 和 POST 请求。");
    assertThat(messageOf(payDeals().method("PUT").header("X-TC-Language", "fr-FR").request()))
        .isEqualTo("Only GET and POST are supported.");
    assertThat(messageOf(SignedCall.form("AKIDNOBODY", "PayDeals", Map.of("Language", "zh-CN"))))
        .startsWith("SecretId 不存在");
  }

  @Test
  void a_trace_id_is_echoed_on_success_and_error_alike_unless_it_is_unfit_for_a_header() {
    assertThat(api.handle(payDeals().header("X-TC-TraceId", "abc-1").ready()).headers())
        .isEqualTo(
            Headers.of(
                "Content-Type", "application/json", "X-TC-RequestId", ID, "X-TC-TraceId", "abc-1"));
    var broken = payDeals().header("X-TC-TraceId", "abc-2").method("PUT").request();
    assertThat(api.handle(broken).headers().all("X-TC-TraceId")).containsExactly("abc-2");
    var unfit = payDeals().header("X-TC-TraceId", "a b").ready();
    assertThat(api.handle(unfit).headers().has("X-TC-TraceId")).isFalse();
  }

  @Test
  void the_clock_may_be_300_seconds_off_either_way_and_not_301() {
    for (int off : new int[] {-300, 300}) {
      assertThat(codeOf(payDeals().at(SignedCall.NOW.plusSeconds(off)).ready())).isEqualTo("OK");
    }
    for (int off : new int[] {-301, 301}) {
      assertThat(codeOf(payDeals().at(SignedCall.NOW.plusSeconds(off)).ready()))
          .isEqualTo("AuthFailure.SignatureExpire");
    }
  }

  @Test
  void the_same_signed_bytes_may_come_again_within_the_window() {
    var request = payDeals().ready();
    assertThat(codeOf(request)).isEqualTo("OK");
    assertThat(codeOf(request)).isEqualTo("OK");
  }

  @Test
  void a_disabled_key_is_answered_like_one_that_does_not_exist() {
    assertThat(messageOf(payDeals().by("AKIDDISABLED").ready()))
        .isEqualTo(messageOf(payDeals().by("AKIDNOBODY").ready()));
    assertThat(log.getFirst().code()).isEqualTo("AuthFailure.SecretIdNotFound");
  }

  @Test
  void a_temporary_key_needs_its_token_until_it_expires() {
    assertThat(codeOf(payDeals().by("AKIDTEMP").ready())).isEqualTo("AuthFailure.TokenFailure");
    assertThat(codeOf(payDeals().by("AKIDTEMP").header("X-TC-Token", "Token").ready()))
        .isEqualTo("AuthFailure.TokenFailure");
    assertThat(codeOf(payDeals().by("AKIDTEMP").header("X-TC-Token", "token").ready()))
        .isEqualTo("OK");
    clock.advance(Duration.ofSeconds(60));
    assertThat(codeOf(payDeals().by("AKIDTEMP").header("X-TC-Token", "token").ready()))
        .isEqualTo("AuthFailure.TokenFailure");
  }

  @Test
  void a_token_that_a_lasting_key_does_not_need_does_no_harm() {
    assertThat(codeOf(payDeals().header("X-TC-Token", "whatever").ready())).isEqualTo("OK");
  }

  @Test
  void the_twenty_first_call_of_a_second_is_refused_with_both_numbers() {
    for (int i = 0; i < 20; i++) {
      assertThat(codeOf(payDeals().ready())).isEqualTo("OK");
    }
    assertThat(messageOf(payDeals().ready()))
        .isEqualTo("`21` calls in this second, the limit is `20`.");
    assertThat(log.getLast().code()).isEqualTo("RequestLimitExceeded");
    assertThat(calls).hasSize(20);
    nanos.addAndGet(1_000_000_000L);
    assertThat(codeOf(payDeals().ready())).isEqualTo("OK");
  }

  @Test
  void users_share_the_limit_of_their_owner_and_actions_do_not_share_theirs() {
    for (int i = 0; i < 20; i++) {
      codeOf(payDeals().by(i % 2 == 0 ? "AKIDEXAMPLE" : "AKIDUSER").ready());
    }
    assertThat(codeOf(payDeals().by("AKIDUSER").ready())).isEqualTo("RequestLimitExceeded");
    assertThat(codeOf(SignedCall.json("DescribeAccountBalance", "{}").ready())).isEqualTo("OK");
  }

  @Test
  void calls_that_are_not_authenticated_use_up_nobodys_limit() {
    for (int i = 0; i < 100; i++) {
      codeOf(payDeals().withKey("guess").ready());
    }
    assertThat(codeOf(payDeals().ready())).isEqualTo("OK");
  }

  @Test
  void limits_can_be_set_by_account_action_and_over_all_actions() {
    var limits = new RateLimits(20, Map.of("PayDeals", 2), Map.of(OWNER + ".PayDeals", 3));
    api =
        api(
            new TrafficRules(AddressRanges.NONE, AddressRanges.NONE, 0, 4, limits),
            Set.of(),
            Optional.empty(),
            Limits.DEFAULTS);
    for (int i = 0; i < 3; i++) {
      assertThat(codeOf(payDeals().ready())).isEqualTo("OK");
    }
    assertThat(codeOf(payDeals().ready())).isEqualTo("RequestLimitExceeded");
    assertThat(codeOf(SignedCall.json("DescribeAccountBalance", "{}").ready())).isEqualTo("OK");
    assertThat(codeOf(SignedCall.json("DescribeAccountBalance", "{}").ready()))
        .isEqualTo("RequestLimitExceeded.UinLimitExceeded");
  }

  @Test
  void an_address_can_be_limited_before_anything_else_is_looked_at() {
    api =
        api(
            new TrafficRules(AddressRanges.NONE, AddressRanges.NONE, 1, 0, OPEN.perAction()),
            Set.of(),
            Optional.empty(),
            Limits.DEFAULTS);
    assertThat(codeOf(payDeals().by("AKIDNOBODY").ready()))
        .isEqualTo("AuthFailure.SecretIdNotFound");
    assertThat(codeOf(payDeals().method("PUT").ready()))
        .isEqualTo("RequestLimitExceeded.IPLimitExceeded");
  }

  @Test
  void addresses_can_be_let_in_and_kept_out() {
    var loopback = AddressRanges.parse(List.of("127.0.0.0/8"));
    var elsewhere = AddressRanges.parse(List.of("10.0.0.0/8"));
    api = addresses(elsewhere, AddressRanges.NONE);
    assertThat(codeOf(payDeals().ready())).isEqualTo("IpNotInWhitelist");
    api = addresses(loopback, AddressRanges.NONE);
    assertThat(codeOf(payDeals().ready())).isEqualTo("OK");
    api = addresses(loopback, loopback);
    assertThat(codeOf(payDeals().ready())).isEqualTo("IpInBlacklist");
  }

  private BillingApi addresses(AddressRanges allowed, AddressRanges blocked) {
    return api(
        new TrafficRules(allowed, blocked, 0, 0, OPEN.perAction()),
        Set.of(),
        Optional.empty(),
        Limits.DEFAULTS);
  }

  @Test
  void an_action_that_is_switched_off_says_so() {
    api = api(OPEN, Set.of("PayDeals"), Optional.empty(), Limits.DEFAULTS);
    assertThat(messageOf(payDeals().ready()))
        .isEqualTo("Action `PayDeals` has been taken offline.");
    assertThat(codeOf(SignedCall.json("DescribeAccountBalance", "{}").ready())).isEqualTo("OK");
  }

  @Test
  void unsigned_calls_are_refused_unless_they_have_an_account_to_act_for() {
    var unsigned = payDeals().header("Authorization", "SKIP");
    assertThat(codeOf(unsigned.request())).isEqualTo("AuthFailure.InvalidAuthorization");
    api = api(OPEN, Set.of(), Optional.of("AKIDUSER"), Limits.DEFAULTS);
    assertThat(codeOf(unsigned.request())).isEqualTo("OK");
    assertThat(calls.getFirst().caller()).isEqualTo(caller(7, OWNER));
    assertThat(codeOf(payDeals().withKey("guess").ready()))
        .isEqualTo("AuthFailure.SignatureFailure");
  }

  @Test
  void an_answer_over_the_cap_is_refused_as_a_whole() {
    var small = new Limits(32 * 1024, 1024, 1024, 16, 100, 200);
    api = api(OPEN, Set.of(), Optional.empty(), small);
    answer = out -> out.text("Answer", "x".repeat(200));
    assertThat(codeOf(SignedCall.json("DescribeAccountBalance", "{}").ready()))
        .isEqualTo("ResponseSizeLimitExceeded");
  }

  @Test
  void an_answer_that_tells_of_a_change_is_sent_whatever_its_size() {
    var small = new Limits(32 * 1024, 1024, 1024, 16, 100, 200);
    api = api(OPEN, Set.of(), Optional.empty(), small);
    answer = out -> out.text("Answer", "x".repeat(200));
    assertThat(codeOf(payDeals().ready())).isEqualTo("OK");
  }

  @Test
  void a_fault_of_ours_tells_the_client_nothing_but_the_id_that_finds_the_log_line() {
    answer =
        out -> {
          throw new IllegalStateException("the secret inside");
        };
    var response = api.handle(payDeals().ready());
    assertThat(response.status()).isEqualTo(200);
    assertThat(bodyOf(response))
        .contains("\"Code\":\"InternalError\"")
        .contains(ID)
        .doesNotContain("secret inside");
    assertThat(log.getLast().fault()).hasMessage("the secret inside");
    assertThat(log.getLast().requestId()).isEqualTo(ID);
  }

  @Test
  void a_server_that_stops_says_so_and_does_nothing() {
    api.close();
    assertThat(codeOf(payDeals().ready())).isEqualTo("ServiceUnavailable");
    assertThat(calls).isEmpty();
  }

  @Test
  void every_request_leaves_one_line_with_who_what_and_how_long_and_no_secret() {
    answer = out -> out.integer("Answer", nanos.addAndGet(5_000_000));
    api.handle(
        payDeals().header("X-TC-RequestClient", "SDK_JAVA_3").header("X-TC-Token", "t0k").ready());
    assertThat(log).hasSize(1);
    var line = log.getFirst();
    assertThat(line.action()).isEqualTo("PayDeals");
    assertThat(line.code()).isEqualTo("OK");
    assertThat(line.account()).isEqualTo(Long.toString(OWNER));
    assertThat(line.user()).isEqualTo(Long.toString(OWNER));
    assertThat(line.address()).isEqualTo("127.0.0.1");
    assertThat(line.bytesIn()).isEqualTo("/{\"OrderIds\":[\"1\"]}".length());
    assertThat(line.client()).isEqualTo("SDK_JAVA_3");
    assertThat(line.took()).isEqualTo(Duration.ofMillis(5));
    assertThat(line.toString()).doesNotContain("t0k").doesNotContain(SignedCall.SECRET_KEY);
  }

  @Test
  void a_caller_that_could_not_prove_itself_is_not_named_in_the_line() {
    api.handle(payDeals().withKey("guess").ready());
    assertThat(log.getLast().account()).isEmpty();
    assertThat(log.getLast().user()).isEmpty();
    assertThat(log.getLast().action()).isEqualTo("PayDeals");
  }

  @Test
  void an_unknown_action_is_not_named_in_the_line_so_that_metrics_stay_bounded() {
    api.handle(SignedCall.json("Whatever", "{}").ready());
    assertThat(log.getLast().action()).isEmpty();
    assertThat(log.getLast().code()).isEqualTo(CommonErrors.INVALID_ACTION.code());
  }

  @Test
  void v1_forms_and_queries_are_served_like_v3() {
    assertThat(codeOf(SignedCall.form("AKIDEXAMPLE", "PayDeals", Map.of("OrderIds.0", "V 1+2"))))
        .isEqualTo("OK");
    assertThat(codeOf(SignedCall.query("AKIDEXAMPLE", "PayDeals", Map.of("OrderIds.0", "1"))))
        .isEqualTo("OK");
    assertThat(codeOf(SignedCall.get("PayDeals", "OrderIds.1=2&OrderIds.0=1").ready()))
        .isEqualTo("OK");
    assertThat(calls).hasSize(3);
  }
}
