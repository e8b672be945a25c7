package io.yunfu.wire.tc3;

import static io.yunfu.wire.tc3.Requests.form;
import static io.yunfu.wire.tc3.Requests.get;
import static io.yunfu.wire.tc3.Requests.json;
import static io.yunfu.wire.tc3.Requests.post;
import static io.yunfu.wire.tc3.Requests.signedForm;
import static io.yunfu.wire.tc3.Requests.signedGet;
import static io.yunfu.wire.tc3.Requests.signedJson;
import static io.yunfu.wire.tc3.Type.STRING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sections 1.1 and 1.2: how a request is taken apart.
class DecodingTest {
  private static final String PARTS =
      """
      --b
      Content-Disposition: form-data; name="OrderIds"
      Content-Type: application/json

      ["a","代金券"]
      --b
      Content-Disposition: form-data; name="AutoVoucher"

      1
      --b--
      """
          .replace("\n", "\r\n");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON;charset=UTF-8",
        "application/json ;x=y"
      })
  void only_the_media_type_decides_and_in_any_case(String contentType) {
    assertThat(signedJson("{}").with("Content-Type", contentType).decoded().mode())
        .isEqualTo(Mode.JSON);
  }

  @Test
  void a_get_takes_its_parameters_from_the_query_only() {
    Requests request = get("OrderIds.0=a").common().header("Content-Type", "application/json");
    assertThat(orderIds(request.sign())).containsExactly("a");
  }

  @Test
  void a_get_without_a_query_has_no_parameters() {
    assertThat(get(null).common().call().parameters().<Object>read(in -> "none")).isEqualTo("none");
    assertThat(get("").common().call().parameters().<Object>read(in -> "none")).isEqualTo("none");
  }

  @Test
  void a_post_ignores_the_query() {
    ReceivedRequest received = signedJson("{\"OrderIds\":[\"a\"]}").received();
    var withQuery =
        new ReceivedRequest("POST", "/", "OrderIds.0=b&x&%", received.headers(), received.body());
    ApiCall call = DecodedRequest.of(withQuery, Limits.DEFAULTS).call();
    assertThat(
            ((Credentials.Signed) call.credentials())
                .isSignedWith(Requests.SECRET, PublicHosts.VENDOR, null))
        .isTrue();
    assertThat(call.parameters().<List<String>>read(in -> in.requiredList("OrderIds", STRING)))
        .containsExactly("a");
  }

  @Test
  void authorization_wins_over_a_signature_parameter() {
    Requests request = signedGet("OrderIds.0=a&Signature=x&SignatureMethod=none&Nonce=n");
    assertThat(request.decoded().mode()).isEqualTo(Mode.QUERY_V3);
    assertThat(orderIds(request)).containsExactly("a");
  }

  @Test
  void a_signature_parameter_without_authorization_is_v1_even_beside_v3_headers() {
    Requests request = signedForm("OrderIds.0=a").header("X-TC-Action", "Nothing");
    assertThat(request.decoded().mode()).isEqualTo(Mode.FORM_V1);
    assertThat(orderIds(request)).containsExactly("a");
  }

  @Test
  void a_form_may_be_signed_with_v3() {
    Requests request = form("OrderIds.0=a+b&OrderIds.1=c").common().sign();
    assertThat(request.decoded().mode()).isEqualTo(Mode.FORM_V3);
    assertThat(orderIds(request)).containsExactly("a b", "c");
  }

  @Test
  void an_empty_body_is_an_empty_object() {
    assertThat(json("").call().parameters().<Object>read(in -> "none")).isEqualTo("none");
  }

  @Test
  void blanks_around_the_object_are_fine() {
    assertThat(orderIds(signedJson(" \r\n\t{ \"OrderIds\" : [ \"a\" ] } \n"))).containsExactly("a");
  }

  @Test
  void escaped_and_raw_chinese_read_the_same() {
    assertThat(orderIds(signedJson("{\"OrderIds\":[\"\\u4ee3\\u91d1\\u5238\",\"代金券\"]}")))
        .containsExactly("代金券", "代金券");
    assertThat(orderIds(signedJson("{\"OrderIds\":[\"\\ud83d\\ude00\"]}")))
        .containsExactly("\uD83D\uDE00");
  }

  @Test
  void sixteen_levels_are_fine_and_one_more_is_not() {
    String ok = "{\"X\":" + "[".repeat(15) + "]".repeat(15) + "}";
    assertThat(Refusals.codeOf(() -> signedJson(ok).decoded())).isEqualTo("none");
    String deeper = "{\"X\":" + "[".repeat(16) + "]".repeat(16) + "}";
    assertThat(Refusals.codeOf(() -> signedJson(deeper).decoded())).isEqualTo("InvalidParameter");
    assertThat(Refusals.codeOf(() -> signedGet("a" + ".a".repeat(15) + "=1").decoded()))
        .isEqualTo("none");
  }

  @Test
  void ten_thousand_values_are_fine_and_one_more_is_not() {
    // The object and the list count, too.
    String ok = "{\"X\":[" + "0,".repeat(9_997) + "0]}";
    assertThat(Refusals.codeOf(() -> signedJson(ok).decoded())).isEqualTo("none");
    String more = "{\"X\":[" + "0,".repeat(9_998) + "0]}";
    assertThat(Refusals.codeOf(() -> signedJson(more).decoded())).isEqualTo("InvalidParameter");
    String pairs = "&a=".repeat(9_999);
    assertThat(Refusals.messageOf(() -> form("x=" + pairs).decoded())).contains("`a` is given");
    assertThat(Refusals.messageOf(() -> form("x=" + numbered(9_999)).decoded())).isEmpty();
    assertThat(Refusals.messageOf(() -> form("x=" + numbered(10_000)).decoded())).contains("10000");
  }

  private static String numbered(int count) {
    var pairs = new StringBuilder();
    for (int i = 0; i < count; i++) {
      pairs.append("&a").append(i).append("=");
    }
    return pairs.toString();
  }

  static Stream<Requests> flattenings() {
    return Stream.of(
        signedGet("OrderIds.10=k&OrderIds.9=j&OrderIds.2=c&OrderIds.0=a"),
        signedForm("OrderIds.10=k&OrderIds.9=j&OrderIds.2=c&OrderIds.0=a"));
  }

  @ParameterizedTest
  @MethodSource("flattenings")
  void indexes_are_ordered_by_number_and_may_have_gaps(Requests request) {
    assertThat(orderIds(request)).containsExactly("a", "c", "j", "k");
  }

  @Test
  void indexes_may_start_at_one_and_be_large() {
    assertThat(orderIds(signedGet("OrderIds.2=b&OrderIds.1=a"))).containsExactly("a", "b");
    assertThat(orderIds(signedGet("OrderIds.999999999999999999=b&OrderIds.1=a")))
        .containsExactly("a", "b");
  }

  @Test
  void the_order_of_arrival_means_nothing() {
    assertThat(signedGet("OrderIds.0=a&CpsUin=v&OrderIds.1=b&AutoVoucher=1").pipeline().orderIds())
        .containsExactly("a", "b");
  }

  @Test
  void twelve_ids_in_a_query_keep_their_numeric_order() {
    String query =
        "OrderIds.0=0&OrderIds.1=1&OrderIds.10=10&OrderIds.11=11&OrderIds.2=2&OrderIds.3=3"
            + "&OrderIds.4=4&OrderIds.5=5&OrderIds.6=6&OrderIds.7=7&OrderIds.8=8&OrderIds.9=9";
    assertThat(orderIds(signedGet(query)))
        .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11");
  }

  @ParameterizedTest
  @CsvSource({
    "a+b, a b",
    "a%20b, a b",
    "a%2Bb, a+b",
    "a%2bb, a+b",
    "%E4%BB%A3, 代",
    "%e4%bb%a3, 代",
    "%F0%9F%98%80, \uD83D\uDE00",
    "代, 代",
    "代+%E4%BB%A3, 代 代",
    "a=b, a=b",
    "100%25, 100%",
    "a%26b%3Dc, a&b=c"
  })
  void a_value_is_decoded_as_utf8_with_plus_and_percent_20_as_space(String sent, String read) {
    assertThat(orderIds(signedGet("OrderIds.0=" + sent))).containsExactly(read);
    assertThat(orderIds(signedForm("OrderIds.0=" + sent))).containsExactly(read);
  }

  @Test
  void names_are_decoded_too() {
    assertThat(orderIds(signedGet("%4FrderIds%2E0=a"))).containsExactly("a");
  }

  @Test
  void objects_and_lists_of_objects_are_read_from_flattened_names() {
    Requests.PayDeals read =
        signedGet(
                "OrderIds.0=a&Filters.1.Name=n1&Filters.0.Name=n0&Filters.0.Values.1=v1"
                    + "&Filters.0.Values.0=v0&Only.Name=o")
            .pipeline();
    assertThat(read.filters())
        .containsExactly(
            new Requests.Filter("n0", List.of("v0", "v1")), new Requests.Filter("n1", List.of()));
    assertThat(read.only()).isEqualTo(new Requests.Filter("o", List.of()));
  }

  @Test
  void the_same_is_read_from_json() {
    Requests.PayDeals read =
        signedJson(
                "{\"OrderIds\":[\"a\"],\"Filters\":[{\"Name\":\"n0\",\"Values\":[\"v0\",\"v1\"]},"
                    + "{\"Values\":null,\"Name\":\"n1\"}],\"Only\":{\"Name\":\"o\"}}")
            .pipeline();
    assertThat(read.filters())
        .containsExactly(
            new Requests.Filter("n0", List.of("v0", "v1")), new Requests.Filter("n1", List.of()));
    assertThat(read.only()).isEqualTo(new Requests.Filter("o", List.of()));
  }

  @Test
  void a_json_part_holds_a_list_and_a_plain_part_a_text() {
    Requests.PayDeals read = multipart("multipart/form-data; boundary=b", PARTS).pipeline();
    assertThat(read.orderIds()).containsExactly("a", "代金券");
    assertThat(read.autoVoucher()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data; boundary=\"b\"",
        "Multipart/Form-Data; charset=utf-8; Boundary=b",
        "multipart/form-data;boundary=b ; x=y"
      })
  void the_boundary_is_found_however_it_is_written(String contentType) {
    assertThat(multipart(contentType, PARTS).pipeline().orderIds()).hasSize(2);
  }

  @Test
  void parts_may_have_flattened_names() {
    String parts =
        """
        --b
        Content-Disposition: form-data; name="OrderIds.1"

        second
        --b
        content-disposition: form-data; name=OrderIds.0

        first
        --b--\
        """
            .replace("\n", "\r\n");
    assertThat(multipart("multipart/form-data; boundary=b", parts).pipeline().orderIds())
        .containsExactly("first", "second");
  }

  @Test
  void what_stands_before_and_after_the_parts_is_ignored() {
    String body = "preamble\r\n" + PARTS.replace("--b\r\n", "--b \t\r\n") + "epilogue";
    assertThat(multipart("multipart/form-data; boundary=b", body).pipeline().orderIds()).hasSize(2);
  }

  @Test
  void a_part_may_hold_line_breaks_and_what_looks_like_a_boundary() {
    String held = "line\r\nline --b\r\n-b\r\n";
    String parts =
        "--b\r\nContent-Disposition: form-data; name=\"OrderIds.0\"\r\n\r\n" + held + "\r\n--b--";
    assertThat(multipart("multipart/form-data; boundary=b", parts).pipeline().orderIds())
        .containsExactly(held);
  }

  @Test
  void a_part_may_be_empty_and_a_body_without_parts_has_no_parameters() {
    String empty =
        "--b\r\nContent-Disposition: form-data; name=\"OrderIds.0\"\r\n\r\n\r\n--b--\r\n";
    assertThat(multipart("multipart/form-data; boundary=b", empty).pipeline().orderIds())
        .containsExactly("");
    Requests none = multipart("multipart/form-data; boundary=b", "--b--\r\n");
    assertThat(Refusals.codeOf(none::pipeline)).isEqualTo("MissingParameter");
  }

  @Test
  void a_body_made_of_near_boundaries_is_read_in_one_pass() {
    String body = "\r\n--b".repeat(500_000);
    Requests request = multipart("multipart/form-data; boundary=" + "b".repeat(70), body);
    assertThat(Refusals.codeOf(request::pipeline)).isEqualTo("InvalidRequest");
  }

  private static Requests multipart(String contentType, String body) {
    return post(body.getBytes(UTF_8)).header("Content-Type", contentType).common().sign();
  }

  private static List<String> orderIds(Requests request) {
    return request.pipeline().orderIds();
  }
}
