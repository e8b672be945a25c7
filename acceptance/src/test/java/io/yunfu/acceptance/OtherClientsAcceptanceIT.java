package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the vendor's clients of other languages put on the wire, byte by byte. Source:
/// `billing.md`, sections 1.1 to 1.7, 5.1 and 5.4, where it was observed with the real clients.
class OtherClientsAcceptanceIT {
  private final DemoServer demo = DemoServer.shared();
  private final Operator operator = demo.operator();
  private final Customer customer = operator.customer(Edition.CHINA, 1_000);
  private final Key key = customer.key();
  private final Order order = operator.order(customer, 1_000);

  /// Node, China: the port is in the `Host` header, but not in what is signed.
  @Test
  void node_signs_the_host_without_its_port() throws IOException {
    Answer answer =
        CallV3.post(key, "PayDeals", order.json())
            .signedHost("127.0.0.1")
            .service("127")
            .header("X-TC-RequestClient", "SDK_NODEJS_4.1.313")
            .header("X-TC-TraceId", "5f3c-trace")
            .to(demo.port());
    requirePaid(answer);
    assertThat(answer.header("X-TC-TraceId")).isEqualTo("5f3c-trace");
  }

  @Test
  void node_on_localhost_names_a_service_with_a_colon() throws IOException {
    String host = "localhost:" + demo.port();
    requirePaid(
        CallV3.post(key, "PayDeals", order.json())
            .host(host)
            .signedHost("localhost")
            .service(host)
            .to(demo.port()));
  }

  /// Node, international, with its defaults.
  @Test
  void node_international_posts_a_form_with_signature_v1() throws IOException {
    requirePaid(
        CallV1.post(key, "PayDeals")
            .with("OrderIds.0", order.dealId())
            .with("CpsUin", "a b+c")
            .with("Language", "en-US")
            .with("RequestClient", "SDK_NODEJS_INTL_EN3.0.1335")
            .spacesAsPercent20()
            .to(demo.port()));
  }

  @Test
  void node_international_sends_the_region_null() throws IOException {
    requirePaid(
        CallV3.post(key, "PayDeals", order.json())
            .signedHost("127.0.0.1")
            .service("127")
            .header("X-TC-Region", "null")
            .to(demo.port()));
  }

  /// Python writes all JSON as ASCII, and names the language always.
  @Test
  void python_escapes_its_json_and_hashes_what_it_sends() throws IOException {
    String json =
        "{\"OrderIds\": [\"%s\"], \"AutoVoucher\": 0, \"CpsUin\": \"\\u4e2d\\u6587\"}"
            .formatted(order.dealId());
    requirePaid(
        CallV3.post(key, "PayDeals", json)
            .header("X-TC-Language", "zh-CN")
            .header("X-TC-RequestClient", "SDK_PYTHON_3.1.161")
            .header("Accept-Encoding", "gzip, deflate")
            .header("Accept", "*/*")
            .to(demo.port()));
  }

  /// `tccli --endpoint http://…`, and Python when its endpoint has a scheme.
  @Test
  void tccli_sends_a_host_with_a_scheme_and_signs_it_like_that() throws IOException {
    requirePaid(
        CallV3.post(key, "PayDeals", order.json())
            .host("http://127.0.0.1:" + demo.port())
            .header("X-TC-Language", "zh-CN")
            .header("X-TC-RequestClient", "SDK_PYTHON_3.1.161; _CLI_3.1.155.1")
            .to(demo.port()));
  }

  /// Go sends pairs without a value, and leaves them out of what it signs.
  @Test
  void go_sends_an_empty_region_that_it_did_not_sign() throws IOException {
    requirePaid(
        CallV1.post(key, "PayDeals")
            .with("Region", "")
            .with("Language", "zh-CN")
            .with("OrderIds.0", order.dealId())
            .emptyPairsUnsigned()
            .to(demo.port()));
  }

  @Test
  void go_sends_the_same_signed_bytes_again() throws IOException {
    byte[] request =
        CallV3.post(key, "PayDeals", order.json())
            .header("X-Idempotency-Key", "x")
            .header("X-TC-Language", "zh-CN")
            .bytes(demo.port());
    Answer first = Connection.exchange(demo.port(), request);
    Answer second = Connection.exchange(demo.port(), request);
    requirePaid(first);
    assertThat(second.code()).isEqualTo("FailedOperation.InvalidDeal");
    assertThat(second.requestId()).isNotEqualTo(first.requestId());
    assertThat(operator.available(customer)).isZero();
  }

  @Test
  void a_query_need_not_be_sorted() throws IOException {
    requirePaid(
        CallV3.get(key, "PayDeals", "OrderIds.0=" + order.dealId() + "&AutoVoucher=1&CpsUin=%41+b")
            .to(demo.port()));
  }

  /// Python sends each list as one part that holds JSON.
  @Test
  void python_multipart_holds_its_lists_as_json_parts() throws IOException {
    String boundary = "a83d0f2b4c";
    String body =
        """
        --a83d0f2b4c\r
        Content-Disposition: form-data; name="OrderIds"\r
        Content-Type: application/json\r
        \r
        ["%s"]\r
        --a83d0f2b4c\r
        Content-Disposition: form-data; name="AutoVoucher"\r
        \r
        1\r
        --a83d0f2b4c--\r
        """
            .formatted(order.dealId());
    requirePaid(
        CallV3.post(key, "PayDeals", body)
            .contentType("multipart/form-data; boundary=" + boundary)
            .to(demo.port()));
  }

  @Test
  void node_multipart_comes_with_header_names_in_lower_case() throws IOException {
    String body =
        "--X\r\ncontent-disposition: form-data; name=\"OrderIds\"\r\ncontent-type: application/json\r\n\r\n[\"%s\"]\r\n--X--\r\n"
            .formatted(order.dealId());
    requirePaid(
        CallV3.post(key, "PayDeals", body)
            .contentType("multipart/form-data; boundary=X")
            .lowerCaseNames()
            .to(demo.port()));
  }

  @Test
  void a_broken_multipart_body_is_an_invalid_request() throws IOException {
    Answer answer =
        CallV3.post(key, "PayDeals", "--X\r\nnothing")
            .contentType("multipart/form-data; boundary=X")
            .to(demo.port());
    assertThat(answer.code()).isEqualTo("InvalidRequest");
  }

  /// Chunks cut through characters, and the hash is of what they carry.
  @Test
  void a_body_may_come_in_chunks() throws IOException {
    String json = "{\"OrderIds\":[\"%s\"],\"CpsUin\":\"代理商\"}".formatted(order.dealId());
    requirePaid(CallV3.post(key, "PayDeals", json).chunked().to(demo.port()));
  }

  @Test
  void a_client_behind_its_own_name_or_the_vendors_is_served() throws IOException {
    for (String host :
        List.of(
            "billing.local:" + demo.port(),
            "billing.tencentcloudapi.com",
            "billing.intl.tencentcloudapi.com",
            "Billing.Example:80")) {
      Answer answer = CallV3.post(key, "DescribeAccountBalance", "{}").host(host).to(demo.port());
      assertThat(answer.code()).as(host).isEqualTo(Answer.OK);
    }
  }

  /// A tunnel or gateway in between: what was signed is the vendor's name.
  @Test
  void a_signature_over_the_vendors_host_holds_behind_another_name() throws IOException {
    requirePaid(
        CallV3.post(key, "PayDeals", order.json())
            .signedHost("billing.tencentcloudapi.com")
            .to(demo.port()));
  }

  @Test
  void a_signature_over_an_unknown_host_does_not_hold() throws IOException {
    Answer answer =
        CallV3.post(key, "PayDeals", order.json())
            .signedHost("billing.example.com")
            .to(demo.port());
    assertThat(answer.code()).isEqualTo("AuthFailure.SignatureFailure");
    assertThat(operator.available(customer)).isEqualTo(1_000);
  }

  @Test
  void many_requests_go_over_one_connection_also_before_their_answers() throws IOException {
    byte[] pay = CallV3.post(key, "PayDeals", order.json()).bytes(demo.port());
    byte[] balance = CallV1.get(key, "DescribeAccountBalance").bytes(demo.port());
    byte[] unsigned = "GET /?Action=PayDeals HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8);
    try (var connection = new Connection(demo.port())) {
      connection.send(balance).send(pay).send(unsigned).send(balance);
      Answer before = connection.answer();
      Answer paid = connection.answer();
      Answer refused = connection.answer();
      Answer after = connection.answer();
      assertThat(before.response().get("Balance").longValue()).isEqualTo(1_000);
      assertThat(paid.code()).isEqualTo(Answer.OK);
      assertThat(refused.code()).isEqualTo("MissingParameter");
      assertThat(after.response().get("Balance").longValue()).isZero();
      assertThat(List.of(before, paid, refused, after).stream().map(Answer::requestId))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void a_client_that_asks_before_it_sends_its_body_is_told_to_go_on() throws IOException {
    byte[] request =
        CallV3.post(key, "PayDeals", order.json())
            .header("Expect", "100-continue")
            .bytes(demo.port());
    int head = new String(request, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
    try (var connection = new Connection(demo.port())) {
      connection.send(java.util.Arrays.copyOf(request, head));
      assertThat(connection.head().status()).isEqualTo(100);
      connection.send(java.util.Arrays.copyOfRange(request, head, request.length));
      requirePaid(connection.answer());
    }
  }

  /// A GET that says nothing at all is a terminal's: see decision 0024. Source: `billing.md`
  /// section 1.7, rules 1, 2, 3 and 9.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\nX-TC-Action: PayDeals\r\n\r\n",
        "GET /?Action=PayDeals&Version=2018-07-09 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /?%zz HTTP/1.1\r\nHost: a\r\n\r\n",
        "DELETE / HTTP/1.1\r\nHost: a\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n[1]",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"
      })
  void whatever_is_asked_at_the_root_is_answered_as_api_3_0(String request) throws IOException {
    Answer answer = Connection.exchange(demo.port(), request.getBytes(UTF_8));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.code()).isNotEqualTo(Answer.OK);
    assertThat(answer.response().propertyNames()).containsExactlyInAnyOrder("Error", "RequestId");
    assertThat(answer.header("X-TC-RequestId")).isEqualTo(answer.requestId());
  }

  @Test
  void success_has_no_error_and_the_exact_content_type() throws IOException {
    Answer answer = CallV3.post(key, "PayDeals", order.json()).to(demo.port());
    requirePaid(answer);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.header("Content-Encoding")).isEmpty();
    assertThat(answer.header("X-TC-RequestId")).isEqualTo(answer.requestId());
    assertThat(answer.response().has("Error")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin",
        "/admin/v1",
        "/live/",
        "/ready/",
        "//",
        "/?",
        "/index.html",
        "/a/../",
        "/%2e"
      })
  void nobody_is_sent_elsewhere(String target) throws IOException {
    for (String method : List.of("GET", "POST", "HEAD")) {
      try (var connection = new Connection(demo.port())) {
        connection.send(
            "%s %s HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .formatted(method, target));
        assertThat(connection.head().status())
            .as("%s %s", method, target)
            .isNotIn(301, 302, 303, 307, 308);
      }
    }
  }

  /// A client behind an HTTP proxy names the whole address.
  @Test
  void the_target_may_be_an_absolute_one() throws IOException {
    String request =
        new String(CallV3.post(key, "PayDeals", order.json()).bytes(demo.port()), UTF_8);
    String absolute = request.replaceFirst("^POST /", "POST http://127.0.0.1:" + demo.port() + "/");
    requirePaid(Connection.exchange(demo.port(), absolute.getBytes(UTF_8)));
  }

  @Test
  void a_large_answer_is_compressed_for_those_who_asked_and_only_with_gzip() throws IOException {
    Customer buyer = operator.customer(Edition.CHINA, 0);
    operator.orders(buyer, 30, 100);
    String json =
        "{\"StartTime\":\"2020-01-01 00:00:00\",\"EndTime\":\"2099-01-01 00:00:00\",\"Limit\":100,\"Status\":1}";
    Answer plain = deals(buyer, json, "");
    Answer deflate = deals(buyer, json, "deflate, br, *");
    Answer refused = deals(buyer, json, "gzip;q=0");
    Answer gzip = deals(buyer, json, "deflate, gzip");
    for (Answer uncompressed : List.of(plain, deflate, refused)) {
      assertThat(uncompressed.header("Content-Encoding")).isEmpty();
      assertThat(uncompressed.response().get("TotalCount").intValue()).isEqualTo(30);
    }
    assertThat(gzip.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(gzip.header("Content-Type")).isEqualTo("application/json");
    byte[] body = new GZIPInputStream(new ByteArrayInputStream(gzip.body())).readAllBytes();
    assertThat(new Answer(200, gzip.headers(), body).response().get("Deals"))
        .isEqualTo(plain.response().get("Deals"));
  }

  private Answer deals(Customer buyer, String json, String accepted) throws IOException {
    CallV3 call = CallV3.post(buyer.key(), "DescribeDealsByCond", json);
    return (accepted.isEmpty() ? call : call.header("Accept-Encoding", accepted)).to(demo.port());
  }

  /// Source: `billing.md` section 1.10.
  @Test
  void options_and_head_never_reach_the_api() throws IOException {
    try (var connection = new Connection(demo.port())) {
      Answer options =
          connection
              .send("OPTIONS / HTTP/1.1\r\nHost: a\r\nOrigin: https://shop.example\r\n\r\n")
              .head();
      assertThat(options.status()).isEqualTo(204);
      assertThat(options.headers().keySet())
          .noneMatch(name -> name.startsWith("access-control-") || name.equals("x-tc-requestid"));
      Answer head = connection.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").head();
      assertThat(head.status()).isEqualTo(405);
      assertThat(head.headers()).doesNotContainKey("x-tc-requestid");
    }
  }

  @Test
  void what_is_not_http_is_refused_and_takes_nobody_down() throws IOException {
    for (String nonsense :
        List.of(
            "\u0016\u0003\u0001\u0000\u00a5\r\n\r\n",
            "GET / HTTP/9.9\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(100_000) + "\r\n\r\n")) {
      try (var connection = new Connection(demo.port())) {
        connection.send(nonsense);
        assertThat(connection.head().status()).isBetween(400, 505);
      } catch (java.net.SocketException e) {
        // Cut off while it still sends: as good an answer.
      }
    }
    requirePaid(CallV3.post(key, "PayDeals", order.json()).to(demo.port()));
  }

  private void requirePaid(Answer answer) {
    assertThat(answer.code()).as(answer.text()).isEqualTo(Answer.OK);
    assertThat(answer.texts("OrderIds")).containsExactly(order.dealId());
  }
}
