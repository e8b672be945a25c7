package io.yunfu.wire.tc3;

import static io.yunfu.wire.tc3.Refusals.refusalOf;
import static io.yunfu.wire.tc3.Requests.BODY_J;
import static io.yunfu.wire.tc3.Requests.form;
import static io.yunfu.wire.tc3.Requests.get;
import static io.yunfu.wire.tc3.Requests.json;
import static io.yunfu.wire.tc3.Requests.post;
import static io.yunfu.wire.tc3.Requests.signedForm;
import static io.yunfu.wire.tc3.Requests.signedGet;
import static io.yunfu.wire.tc3.Requests.signedJson;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Bad requests, one flaw each, with the documented code and the place that the message names.
class MalformedRequestsTest {
  private static final String GOOD = "OrderIds.0=a";
  private static final String AUTHORIZATION =
      "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2026-01-01/billing/tc3_request,"
          + " SignedHeaders=content-type;host,"
          + " Signature=1b1ffad7a788622a9c7be265800a4ac4e5d7fb06e27f63884a7991bb4ee2bebc";

  @ParameterizedTest(name = "{0}")
  @MethodSource({
    "methods",
    "jsonBodies",
    "jsonParameters",
    "flattened",
    "flattenedParameters",
    "multipart",
    "commonHeaders",
    "authorizations",
    "commonParameters"
  })
  void is_refused_with_its_documented_code(
      String flaw, Requests request, String code, String named) {
    ApiError error = refusalOf(request::pipeline);
    assertThat(error.code()).isEqualTo(code);
    assertThat(error.english()).contains(named);
    assertThat(error.chinese()).isNotBlank();
  }

  static Stream<Arguments> methods() {
    return Stream.of(
            "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS", "HEAD", "post", "get", "")
        .map(method ->
            bad(
                "method '" + method + "'",
                signedJson(BODY_J).method(method),
                "UnsupportedProtocol",
                ""));
  }

  static Stream<Arguments> jsonBodies() {
    return Stream.of(
        badJson("an array", "[]", "JSON object"),
        badJson("a string", "\"OrderIds\"", "JSON object"),
        badJson("a number", "1", "JSON object"),
        badJson("true", "true", "JSON object"),
        badJson("null", "null", "JSON object"),
        badJson("only blanks", "  \n ", "not well-formed"),
        badJson("an open object", "{\"OrderIds\":[\"a\"]", "not well-formed"),
        badJson("an open array", "{\"OrderIds\":[\"a\"", "not well-formed"),
        badJson("an open string", "{\"OrderIds\":[\"a", "not well-formed"),
        badJson("an open escape", "{\"OrderIds\":[\"\\u12", "not well-formed"),
        badJson("an unknown escape", "{\"OrderIds\":[\"\\x41\"]}", "not well-formed"),
        badJson("a lone brace", "{", "not well-formed"),
        badJson("a missing colon", "{\"OrderIds\" [\"a\"]}", "not well-formed"),
        badJson("a missing value", "{\"OrderIds\":}", "not well-formed"),
        badJson("a trailing comma in an object", "{\"OrderIds\":[\"a\"],}", "not well-formed"),
        badJson("a trailing comma in an array", "{\"OrderIds\":[\"a\",]}", "not well-formed"),
        badJson("a leading comma", "{,\"OrderIds\":[\"a\"]}", "not well-formed"),
        badJson("a name without quotes", "{OrderIds:[\"a\"]}", "not well-formed"),
        badJson("single quotes", "{'OrderIds':['a']}", "not well-formed"),
        badJson("a block comment", "{/* */\"OrderIds\":[\"a\"]}", "not well-formed"),
        badJson("a line comment", "{\"OrderIds\":[\"a\"]}//", "not well-formed"),
        badJson("a second object", "{\"OrderIds\":[\"a\"]}{}", "not well-formed"),
        badJson("trailing garbage", "{\"OrderIds\":[\"a\"]}x", "not well-formed"),
        badJson("a raw line break in a string", "{\"OrderIds\":[\"a\nb\"]}", "not well-formed"),
        badJson("NaN", "{\"OrderIds\":[\"a\"],\"Rate\":NaN}", "not well-formed"),
        badJson("Infinity", "{\"OrderIds\":[\"a\"],\"Rate\":Infinity}", "not well-formed"),
        badJson("-Infinity", "{\"OrderIds\":[\"a\"],\"Rate\":-Infinity}", "not well-formed"),
        badJson("a leading zero", "{\"OrderIds\":[\"a\"],\"AutoVoucher\":01}", "not well-formed"),
        badJson("a leading plus", "{\"OrderIds\":[\"a\"],\"AutoVoucher\":+1}", "not well-formed"),
        badJson("a leading point", "{\"OrderIds\":[\"a\"],\"Rate\":.5}", "not well-formed"),
        badJson("a trailing point", "{\"OrderIds\":[\"a\"],\"Rate\":5.}", "not well-formed"),
        badJson("a hexadecimal number", "{\"OrderIds\":[\"a\"],\"Rate\":0x1}", "not well-formed"),
        badJson("TRUE", "{\"OrderIds\":[\"a\"],\"Flag\":TRUE}", "not well-formed"),
        badJson("undefined", "{\"OrderIds\":undefined}", "not well-formed"),
        badJson("a key twice", "{\"OrderIds\":[\"a\"],\"OrderIds\":[\"b\"]}", "`OrderIds`"),
        badJson(
            "a key twice, once escaped",
            "{\"OrderIds\":[\"a\"],\"Order\\u0049ds\":[\"b\"]}",
            "`OrderIds`"),
        badJson("an unknown key twice", "{\"X\":1,\"X\":1}", "`X`"),
        badJson(
            "a nested key twice",
            "{\"Filters\":[{\"Name\":\"a\"},{\"Name\":\"a\",\"Name\":\"b\"}]}",
            "`Filters.1.Name`"),
        badJson("a lone surrogate", "{\"OrderIds\":[\"a\",\"\\ud800\"]}", "`OrderIds.1`"),
        badJson("a reversed pair", "{\"OrderIds\":[\"\\udc00\\ud800\"]}", "`OrderIds.0`"),
        badJson("U+0000 in a value", "{\"CpsUin\":\"a\\u0000\"}", "`CpsUin`"),
        badJson("U+0000 in a name", "{\"a\\u0000\":1}", "`a?`"),
        badJson("a depth bomb of arrays", "{\"X\":" + "[".repeat(100_000), "`16` levels"),
        badJson("a depth bomb of objects", "{\"X\":".repeat(100_000), "`16` levels"),
        badJson("a value bomb", "{\"OrderIds\":[" + "0,".repeat(100_000) + "0]}", "`10000` values"),
        badJson(
            "a number of 100 000 digits",
            "{\"OrderIds\":[\"a\"],\"AutoVoucher\":" + "9".repeat(100_000) + "}",
            "too long"),
        badJson("a name of 100 000 characters", "{\"" + "x".repeat(100_000) + "\":1}", "too long"),
        bad(
            "a broken UTF-8 sequence",
            bytes('{', '"', 0xC3, '"', '}'),
            "InvalidParameter",
            "UTF-8"),
        bad(
            "an overlong slash",
            bytes('{', '"', 0xC0, 0xAF, '"', '}'),
            "InvalidParameter",
            "UTF-8"),
        bad(
            "an encoded surrogate",
            bytes('{', '"', 0xED, 0xA0, 0x80, '"', '}'),
            "InvalidParameter",
            "UTF-8"),
        bad("beyond Unicode", bytes(0xF4, 0x90, 0x80, 0x80), "InvalidParameter", "UTF-8"),
        bad("UTF-16", rawJson(BODY_J.getBytes(StandardCharsets.UTF_16)), "InvalidParameter", ""),
        bad(
            "UTF-16 without a mark",
            rawJson(BODY_J.getBytes(StandardCharsets.UTF_16LE)),
            "InvalidParameter",
            ""));
  }

  static Stream<Arguments> jsonParameters() {
    return Stream.of(
        badJson("OrderIds absent", "{}", "MissingParameter", "`OrderIds`"),
        badJson("OrderIds null", "{\"OrderIds\":null}", "MissingParameter", "`OrderIds`"),
        badJson("OrderIds empty", "{\"OrderIds\":[]}", "MissingParameter", "`OrderIds`"),
        badJson(
            "OrderIds in other case", "{\"orderIds\":[\"a\"]}", "MissingParameter", "`OrderIds`"),
        badJson(
            "OrderIds a string",
            "{\"OrderIds\":\"a\"}",
            "`OrderIds` must be of type `Array of String`"),
        badJson("OrderIds an object", "{\"OrderIds\":{\"0\":\"a\"}}", "`OrderIds` must"),
        badJson(
            "OrderIds of numbers",
            "{\"OrderIds\":[\"a\",2]}",
            "`OrderIds.1` must be of type `String`"),
        badJson("OrderIds with null", "{\"OrderIds\":[null]}", "`OrderIds.0` must"),
        badJson("OrderIds with a list", "{\"OrderIds\":[[\"a\"]]}", "`OrderIds.0` must"),
        badJson("OrderIds with a flag", "{\"OrderIds\":[true]}", "`OrderIds.0` must"),
        badValue("AutoVoucher", "\"1\"", "`AutoVoucher` must be of type `Integer`"),
        badValue("AutoVoucher", "1.0", "`AutoVoucher` must be of type `Integer`"),
        badValue("AutoVoucher", "1e0", "`AutoVoucher` must be of type `Integer`"),
        badValue("AutoVoucher", "1E+2", "`AutoVoucher` must be of type `Integer`"),
        badValue("AutoVoucher", "true", "`AutoVoucher` must be of type `Integer`"),
        badValue("AutoVoucher", "[1]", "`AutoVoucher` must be of type `Integer`"),
        badValue("AutoVoucher", "{}", "`AutoVoucher` must be of type `Integer`"),
        badValue("AutoVoucher", "9223372036854775808", "`AutoVoucher` must be of type `Integer`"),
        badValue("AutoVoucher", "-9223372036854775809", "`AutoVoucher` must be of type `Integer`"),
        badValue("AutoVoucher", "9".repeat(500), "`AutoVoucher` must be of type `Integer`"),
        badValue("CpsUin", "1", "`CpsUin` must be of type `String`"),
        badValue("CpsUin", "[\"1\"]", "`CpsUin` must be of type `String`"),
        badValue("Flag", "\"true\"", "`Flag` must be of type `Boolean`"),
        badValue("Flag", "1", "`Flag` must be of type `Boolean`"),
        badValue("Rate", "\"1.5\"", "`Rate` must be of type `Float`"),
        badValue("Rate", "1e999999999", "`Rate` must be of type `Float`"),
        badValue("Rate", "1e-999999999", "`Rate` must be of type `Float`"),
        badValue("Rate", "1e99999999999999", "`Rate` must be of type `Float`"),
        badValue("Rate", "0." + "1".repeat(100), "`Rate` must be of type `Float`"),
        badValue("Since", "1767268800", "`Since` must be of type `Timestamp`"),
        badValue("Since", "\"2026-01-01T00:00:00Z\"", "`Since` must be of type `Timestamp`"),
        badValue("Since", "\"2026-01-01\"", "`Since` must be of type `Timestamp`"),
        badValue("Since", "\"2026-02-29 00:00:00\"", "`Since` must be of type `Timestamp`"),
        badValue("Since", "\"2026-01-01 24:00:00\"", "`Since` must be of type `Timestamp`"),
        badValue("Since", "\"2026-01-01 00:00:60\"", "`Since` must be of type `Timestamp`"),
        badValue("Since", "\" 026-01-01 00:00:00\"", "`Since` must be of type `Timestamp`"),
        badValue("Since", "\"\"", "`Since` must be of type `Timestamp`"),
        badValue("StatusSet", "4", "`StatusSet` must be of type `Array of Integer`"),
        badValue("StatusSet", "[4,\"5\"]", "`StatusSet.1` must be of type `Integer`"),
        badValue("Filters", "[\"a\"]", "`Filters.0` must be of type `Object`"),
        badValue("Filters", "[{\"Name\":1}]", "`Filters.0.Name` must be of type `String`"),
        badValue(
            "Filters", "[{\"Name\":\"a\",\"Values\":[1]}]", "`Filters.0.Values.0` must be of type"),
        badValue("Only", "[]", "`Only` must be of type `Object`"),
        badJson(
            "a nested field absent",
            "{\"OrderIds\":[\"a\"],\"Filters\":[{\"Name\":\"a\"},{}]}",
            "MissingParameter",
            "`Filters.1.Name`"),
        badJson(
            "a nested field unknown",
            "{\"OrderIds\":[\"a\"],\"Only\":{\"Name\":\"a\",\"Op\":\"=\"}}",
            "UnknownParameter",
            "`Only.Op`"),
        badJson("unknown", "{\"OrderIds\":[\"a\"],\"Foo\":1}", "UnknownParameter", "`Foo`"),
        badJson("empty name", "{\"OrderIds\":[\"a\"],\"\":1}", "UnknownParameter", ""),
        badJson(
            "flattened name in JSON",
            "{\"OrderIds\":[\"a\"],\"OrderIds.0\":\"a\"}",
            "UnknownParameter",
            "`OrderIds.0`"),
        badJson(
            "a common parameter in JSON",
            "{\"OrderIds\":[\"a\"],\"Region\":\"\"}",
            "UnknownParameter",
            "`Region`"),
        badJson(
            "an unknown list", "{\"OrderIds\":[\"a\"],\"Ids\":[]}", "UnknownParameter", "`Ids`"));
  }

  static Stream<Arguments> flattened() {
    return Stream.of(
            Arguments.of("no equals sign", GOOD + "&Foo", "Pair number `2`"),
            Arguments.of("an empty pair", GOOD + "&&CpsUin=a", "Pair number `2`"),
            Arguments.of("a leading ampersand", "&" + GOOD, "Pair number `1`"),
            Arguments.of("an empty name", GOOD + "&=a", "Pair number `2`"),
            Arguments.of("a lone percent sign", GOOD + "&CpsUin=100%", "Pair number `2`"),
            Arguments.of("half a percent sequence", GOOD + "&CpsUin=%2", "Pair number `2`"),
            Arguments.of(
                "a percent sequence cut by the next pair", "CpsUin=%2&" + GOOD, "Pair number `1`"),
            Arguments.of("no hexadecimal digits", GOOD + "&CpsUin=%zz", "Pair number `2`"),
            Arguments.of("a sign in a percent sequence", GOOD + "&CpsUin=%+1", "Pair number `2`"),
            Arguments.of("full-width digits", GOOD + "&CpsUin=%\uFF11\uFF11", "Pair number `2`"),
            Arguments.of(
                "a broken percent sequence in a name", GOOD + "&Cps%ZZ=a", "Pair number `2`"),
            Arguments.of("invalid UTF-8", GOOD + "&CpsUin=%ff", "Pair number `2`"),
            Arguments.of("half a UTF-8 character", GOOD + "&CpsUin=%E4%BB", "Pair number `2`"),
            Arguments.of("an overlong slash", GOOD + "&CpsUin=%C0%AF", "Pair number `2`"),
            Arguments.of("U+0000", GOOD + "&CpsUin=a%00", "`CpsUin`"),
            Arguments.of("a name twice", GOOD + "&CpsUin=a&CpsUin=a", "`CpsUin`"),
            Arguments.of("a name twice, once encoded", GOOD + "&CpsUin=a&%43psUin=b", "`CpsUin`"),
            Arguments.of("an index twice", "OrderIds.0=a&OrderIds.0=b", "`OrderIds.0`"),
            Arguments.of("a value and parts", "OrderIds=a&OrderIds.0=b", "`OrderIds`"),
            Arguments.of("parts and a value", "OrderIds.0=a&OrderIds=b", "`OrderIds`"),
            Arguments.of("an element and its parts", "OrderIds.0=a&OrderIds.0.x=b", "`OrderIds.0`"),
            Arguments.of("a depth bomb", GOOD + "&" + "a.".repeat(5_000) + "b=1", "16"),
            Arguments.of("17 segments", GOOD + "&a" + ".a".repeat(16) + "=1", "16"))
        .flatMap(flaw -> {
          String name = (String) flaw.get()[0];
          String pairs = (String) flaw.get()[1];
          String named = (String) flaw.get()[2];
          return Stream.of(
              bad(name + " in a query", signedGet(pairs), "InvalidParameter", named),
              bad(name + " in a form", signedForm(pairs), "InvalidParameter", named));
        });
  }

  static Stream<Arguments> flattenedParameters() {
    return Stream.of(
            Arguments.of("nothing", "CpsUin=a", "MissingParameter", "`OrderIds`"),
            Arguments.of(
                "scalar for a list",
                "OrderIds=x",
                "InvalidParameter",
                "`OrderIds` must be of type `Array of String`"),
            Arguments.of(
                "empty scalar for a list", "OrderIds=", "InvalidParameter", "`OrderIds` must"),
            Arguments.of("leading zero", "OrderIds.00=a", "InvalidParameter", "`OrderIds.00`"),
            Arguments.of(
                "leading zero of a number", "OrderIds.01=a", "InvalidParameter", "`OrderIds.01`"),
            Arguments.of("negative index", "OrderIds.-1=a", "InvalidParameter", "`OrderIds.-1`"),
            Arguments.of("signed index", "OrderIds.%2B1=a", "InvalidParameter", "`OrderIds.+1`"),
            Arguments.of("named index", "OrderIds.N=a", "InvalidParameter", "`OrderIds.N`"),
            Arguments.of("no index", "OrderIds.=a", "InvalidParameter", "`OrderIds.`"),
            Arguments.of("no index between", "OrderIds..0=a", "InvalidParameter", "`OrderIds.`"),
            Arguments.of("fractional index", "OrderIds.1.5=a", "InvalidParameter", "`OrderIds.1`"),
            Arguments.of("brackets", "OrderIds[0]=a", "MissingParameter", "`OrderIds`"),
            Arguments.of(
                "index of Arabic digits", "OrderIds.%D9%A1=a", "InvalidParameter", "OrderIds"),
            Arguments.of(
                "index beyond 64 bits",
                "OrderIds.99999999999999999999=a",
                "InvalidParameter",
                "`OrderIds.99999999999999999999`"),
            Arguments.of(
                "text for Integer",
                GOOD + "&AutoVoucher=one",
                "InvalidParameter",
                "`AutoVoucher` must be of type `Integer`"),
            Arguments.of(
                "nothing for Integer", GOOD + "&AutoVoucher=", "InvalidParameter", "`AutoVoucher`"),
            Arguments.of(
                "plus for Integer",
                GOOD + "&AutoVoucher=%2B1",
                "InvalidParameter",
                "`AutoVoucher`"),
            Arguments.of(
                "blank in Integer", GOOD + "&AutoVoucher=+1", "InvalidParameter", "`AutoVoucher`"),
            Arguments.of(
                "fraction for Integer",
                GOOD + "&AutoVoucher=1.0",
                "InvalidParameter",
                "`AutoVoucher`"),
            Arguments.of(
                "lone minus", GOOD + "&AutoVoucher=-", "InvalidParameter", "`AutoVoucher`"),
            Arguments.of(
                "20 digits",
                GOOD + "&AutoVoucher=00000000000000000001",
                "InvalidParameter",
                "`AutoVoucher`"),
            Arguments.of(
                "beyond 64 bits",
                GOOD + "&AutoVoucher=9223372036854775808",
                "InvalidParameter",
                "`AutoVoucher`"),
            Arguments.of(
                "Arabic digits", GOOD + "&AutoVoucher=%D9%A1", "InvalidParameter", "`AutoVoucher`"),
            Arguments.of(
                "list for Integer", GOOD + "&AutoVoucher.0=1", "InvalidParameter", "`AutoVoucher`"),
            Arguments.of(
                "yes for Boolean",
                GOOD + "&Flag=yes",
                "InvalidParameter",
                "`Flag` must be of type `Boolean`"),
            Arguments.of("1 for Boolean", GOOD + "&Flag=1", "InvalidParameter", "`Flag`"),
            Arguments.of(
                "exponent for Float",
                GOOD + "&Rate=1e5",
                "InvalidParameter",
                "`Rate` must be of type `Float`"),
            Arguments.of("NaN for Float", GOOD + "&Rate=NaN", "InvalidParameter", "`Rate`"),
            Arguments.of("point first", GOOD + "&Rate=.5", "InvalidParameter", "`Rate`"),
            Arguments.of("point last", GOOD + "&Rate=5.", "InvalidParameter", "`Rate`"),
            Arguments.of("two points", GOOD + "&Rate=1.2.3", "InvalidParameter", "`Rate`"),
            Arguments.of("only a minus for Float", GOOD + "&Rate=-", "InvalidParameter", "`Rate`"),
            Arguments.of(
                "date for Timestamp",
                GOOD + "&Since=2026-01-01",
                "InvalidParameter",
                "`Since` must be of type `Timestamp`"),
            Arguments.of(
                "scalar for an object",
                GOOD + "&Only=a",
                "InvalidParameter",
                "`Only` must be of type `Object`"),
            Arguments.of(
                "nested absent",
                GOOD + "&Filters.0.Values.0=a",
                "MissingParameter",
                "`Filters.0.Name`"),
            Arguments.of(
                "nested unknown",
                GOOD + "&Filters.0.Name=a&Filters.0.Op=b",
                "UnknownParameter",
                "`Filters.0.Op`"),
            Arguments.of("unknown", GOOD + "&Foo=1", "UnknownParameter", "`Foo`"),
            Arguments.of("unknown list", GOOD + "&Foo.0=1", "UnknownParameter", "`Foo`"))
        .flatMap(flaw -> {
          Object[] row = flaw.get();
          return Stream.of(
              bad(
                  row[0] + " in a query",
                  signedGet((String) row[1]),
                  (String) row[2],
                  (String) row[3]),
              bad(
                  row[0] + " in a form",
                  signedForm((String) row[1]),
                  (String) row[2],
                  (String) row[3]));
        });
  }

  static Stream<Arguments> multipart() {
    String part = "--b\r\nContent-Disposition: form-data; name=\"OrderIds.0\"\r\n\r\na\r\n";
    return Stream.of(
        badMultipart("no boundary", "multipart/form-data", part + "--b--\r\n", "InvalidRequest"),
        badMultipart("empty boundary", "multipart/form-data; boundary=", part, "InvalidRequest"),
        badMultipart("open quote", "multipart/form-data; boundary=\"b", part, "InvalidRequest"),
        badMultipart(
            "a boundary of 71 characters",
            "multipart/form-data; boundary=" + "b".repeat(71),
            part,
            "InvalidRequest"),
        badMultipart("an empty body", "", "InvalidRequest"),
        badMultipart("another boundary", part.replace("--b", "--c"), "InvalidRequest"),
        badMultipart("no end", part, "InvalidRequest"),
        badMultipart("half an end", part + "--b-", "InvalidRequest"),
        badMultipart(
            "no line break after the boundary", "--bx\r\n" + part + "--b--", "InvalidRequest"),
        badMultipart("line feeds only", (part + "--b--").replace("\r\n", "\n"), "InvalidRequest"),
        badMultipart(
            "no blank line",
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n--b--",
            "InvalidRequest"),
        badMultipart("no headers", "--b\r\n\r\na\r\n--b--", "InvalidRequest"),
        badMultipart(
            "no disposition",
            "--b\r\nContent-Type: text/plain\r\n\r\na\r\n--b--",
            "InvalidRequest"),
        badMultipart(
            "no name", "--b\r\nContent-Disposition: form-data\r\n\r\na\r\n--b--", "InvalidRequest"),
        badMultipart(
            "empty name",
            "--b\r\nContent-Disposition: form-data; name=\"\"\r\n\r\na\r\n--b--",
            "InvalidRequest"),
        badMultipart(
            "an attachment",
            "--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\na\r\n--b--",
            "InvalidRequest"),
        badMultipart(
            "a header without a colon",
            "--b\r\nContent-Disposition\r\n\r\na\r\n--b--",
            "InvalidRequest"),
        badMultipart(
            "a header twice",
            part.replace("\r\n\r\n", "\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n")
                + "--b--",
            "InvalidRequest"),
        badMultipart("a name twice", part + part + "--b--", "InvalidParameter"),
        badMultipart(
            "broken JSON in a part",
            "--b\r\nContent-Disposition: form-data; name=\"OrderIds\"\r\nContent-Type: application/json\r\n\r\n[\r\n--b--",
            "InvalidParameter"),
        badMultipart(
            "no JSON in a JSON part",
            "--b\r\nContent-Disposition: form-data; name=\"OrderIds\"\r\nContent-Type: application/json\r\n\r\n\r\n--b--",
            "InvalidParameter"),
        badMultipart(
            "unknown", part + part.replace("OrderIds.0", "Foo") + "--b--", "UnknownParameter"),
        badMultipart(
            "a value bomb",
            part.replace("OrderIds.0", "X").repeat(1) + partsOf(10_001) + "--b--",
            "InvalidParameter"));
  }

  private static String partsOf(int count) {
    var parts = new StringBuilder();
    for (int i = 0; i < count; i++) {
      parts
          .append("--b\r\nContent-Disposition: form-data; name=\"P")
          .append(i)
          .append("\"\r\n\r\n\r\n");
    }
    return parts.toString();
  }

  static Stream<Arguments> commonHeaders() {
    return Stream.of(
        bad(
            "no action",
            signedJson(BODY_J).with("X-TC-Action", null),
            "MissingParameter",
            "`Action`"),
        bad(
            "empty action",
            signedJson(BODY_J).with("X-TC-Action", ""),
            "MissingParameter",
            "`Action`"),
        bad(
            "action only in the body",
            signedJson("{\"Action\":\"PayDeals\"}").with("X-TC-Action", null),
            "MissingParameter",
            "`Action`"),
        bad(
            "no version",
            signedJson(BODY_J).with("X-TC-Version", null),
            "MissingParameter",
            "`Version`"),
        bad(
            "no timestamp",
            signedJson(BODY_J).with("X-TC-Timestamp", null),
            "MissingParameter",
            "`Timestamp`"),
        bad(
            "blank timestamp",
            signedJson(BODY_J).with("X-TC-Timestamp", "  "),
            "MissingParameter",
            "`Timestamp`"),
        bad(
            "timestamp a word",
            signedJson(BODY_J).with("X-TC-Timestamp", "now"),
            "InvalidParameter",
            "`Timestamp`"),
        bad(
            "timestamp a fraction",
            signedJson(BODY_J).with("X-TC-Timestamp", "1767268800.0"),
            "InvalidParameter",
            "`Timestamp`"),
        bad(
            "timestamp beyond 64 bits",
            signedJson(BODY_J).with("X-TC-Timestamp", "9".repeat(19)),
            "InvalidParameter",
            "`Timestamp`"),
        bad(
            "timestamp in milliseconds",
            signedJson(BODY_J).with("X-TC-Timestamp", "1767268800000"),
            "AuthFailure.SignatureExpire",
            "`1767268800000`"),
        bad(
            "negative timestamp",
            signedJson(BODY_J).with("X-TC-Timestamp", "-1"),
            "AuthFailure.SignatureExpire",
            "`-1`"),
        bad(
            "the largest timestamp",
            signedJson(BODY_J).with("X-TC-Timestamp", "9223372036854775807"),
            "AuthFailure.SignatureExpire",
            "`9223372036854775807`"),
        bad(
            "action twice",
            signedJson(BODY_J).header("X-TC-Action", "PayDeals"),
            "InvalidParameter",
            "`X-TC-Action`"),
        bad(
            "timestamp twice",
            signedJson(BODY_J).header("x-tc-timestamp", "1"),
            "InvalidParameter",
            "`X-TC-Timestamp`"),
        bad(
            "content type twice",
            signedJson(BODY_J).header("content-type", "application/json"),
            "InvalidParameter",
            "`Content-Type`"),
        bad(
            "other version",
            signedJson(BODY_J).with("X-TC-Version", "2017-03-12"),
            "NoSuchVersion",
            "`2017-03-12`"),
        bad(
            "unknown action",
            signedJson(BODY_J).with("X-TC-Action", "payDeals"),
            "InvalidAction",
            "`payDeals`"),
        bad(
            "no content type",
            signedJson(BODY_J).with("Content-Type", null),
            "InvalidParameter",
            "Content-Type"),
        bad(
            "text/plain",
            signedJson(BODY_J).with("Content-Type", "text/plain"),
            "InvalidParameter",
            "Content-Type"),
        bad(
            "application/xml",
            signedJson(BODY_J).with("Content-Type", "application/xml"),
            "InvalidParameter",
            "Content-Type"),
        bad(
            "application/jsonx",
            signedJson(BODY_J).with("Content-Type", "application/jsonx"),
            "InvalidParameter",
            "Content-Type"),
        bad(
            "only a parameter for a content type",
            signedJson(BODY_J).with("Content-Type", ";charset=utf-8"),
            "InvalidParameter",
            "Content-Type"));
  }

  static Stream<Arguments> authorizations() {
    return Stream.concat(
        Stream.of(
                "SKIP",
                "Basic dXNlcjpwYXNz",
                "TC3-HMAC-SHA256",
                "TC3-HMAC-SHA256 ",
                AUTHORIZATION.replace("TC3-HMAC-SHA256", "tc3-hmac-sha256"),
                AUTHORIZATION.replace("TC3-HMAC-SHA256", "TC3-HMAC-SHA512"),
                AUTHORIZATION.replace("TC3-HMAC-SHA256 ", "TC3-HMAC-SHA256"),
                AUTHORIZATION.replace("Credential=", ""),
                AUTHORIZATION.replace(
                    "Credential=AKIDEXAMPLE/2026-01-01/billing/tc3_request, ", ""),
                AUTHORIZATION.replace("AKIDEXAMPLE/", "/"),
                AUTHORIZATION.replace("AKIDEXAMPLE/2026-01-01/billing/tc3_request", "AKIDEXAMPLE"),
                AUTHORIZATION.replace("/2026-01-01/billing", ""),
                AUTHORIZATION.replace("/billing", ""),
                AUTHORIZATION.replace("/billing/", "//"),
                AUTHORIZATION.replace("2026-01-01/", "/"),
                AUTHORIZATION.replace("tc3_request", "aws4_request"),
                AUTHORIZATION.replace("/tc3_request", "/tc3_request/"),
                AUTHORIZATION.replace("SignedHeaders=content-type;host, ", ""),
                AUTHORIZATION.replace("content-type;host", ""),
                AUTHORIZATION.replace("content-type;host", "host"),
                AUTHORIZATION.replace("content-type;host", "content-type"),
                AUTHORIZATION.replace("content-type;host", "Content-Type;Host"),
                AUTHORIZATION.replace("content-type;host", "content-type;host;"),
                AUTHORIZATION.replace("content-type;host", "content-type;;host"),
                AUTHORIZATION.replace("content-type;host", "content-type;host" + ";a".repeat(31)),
                AUTHORIZATION.replaceAll(", Signature=.*", ""),
                AUTHORIZATION.replaceAll("Signature=.*", "Signature="),
                AUTHORIZATION + ", Signature=00",
                AUTHORIZATION + ", Extra=1",
                AUTHORIZATION + ",",
                AUTHORIZATION.replace(", ", "; "))
            .map(header ->
                bad(
                    "authorization '" + header + "'",
                    json(BODY_J).header("Authorization", header),
                    "AuthFailure.InvalidAuthorization",
                    "Authorization header")),
        Stream.of(
            bad("no authorization", json(BODY_J), "AuthFailure.InvalidAuthorization", ""),
            bad(
                "an empty authorization",
                json(BODY_J).header("Authorization", ""),
                "AuthFailure.InvalidAuthorization",
                ""),
            bad(
                "two authorizations",
                json(BODY_J)
                    .header("Authorization", AUTHORIZATION)
                    .header("Authorization", AUTHORIZATION),
                "AuthFailure.InvalidAuthorization",
                ""),
            bad(
                "no authorization of a GET with v3 headers",
                get(GOOD).common(),
                "AuthFailure.InvalidAuthorization",
                ""),
            bad(
                "an unknown SecretId",
                json(BODY_J)
                    .header("Authorization", AUTHORIZATION.replace("AKIDEXAMPLE", "AKIDOTHER")),
                "AuthFailure.SecretIdNotFound",
                ""),
            bad(
                "an endless SecretId",
                json(BODY_J)
                    .header("Authorization", AUTHORIZATION.replace("AKIDEXAMPLE", "A".repeat(129))),
                "AuthFailure.SecretIdNotFound",
                ""),
            bad(
                "another date",
                json(BODY_J)
                    .header("Authorization", AUTHORIZATION.replace("2026-01-01", "2026-01-02")),
                "AuthFailure.SignatureFailure",
                ""),
            bad(
                "a date of another form",
                json(BODY_J)
                    .header("Authorization", AUTHORIZATION.replace("2026-01-01", "20260101")),
                "AuthFailure.SignatureFailure",
                ""),
            bad(
                "another service",
                json(BODY_J).header("Authorization", AUTHORIZATION.replace("/billing/", "/cvm/")),
                "AuthFailure.SignatureFailure",
                ""),
            bad(
                "an upper-case signature",
                json(BODY_J)
                    .header("Authorization", AUTHORIZATION.replace("1b1ffad7a7", "1B1FFAD7A7")),
                "AuthFailure.SignatureFailure",
                ""),
            bad(
                "a short signature",
                json(BODY_J).header("Authorization", AUTHORIZATION.replace("bebc", "")),
                "AuthFailure.SignatureFailure",
                ""),
            bad(
                "a signature that is not hexadecimal",
                json(BODY_J).header("Authorization", AUTHORIZATION.replace("bebc", "bebx")),
                "AuthFailure.SignatureFailure",
                ""),
            bad(
                "a signed header that did not arrive",
                json(BODY_J)
                    .header("Authorization", AUTHORIZATION.replace(";host", ";host;x-none")),
                "AuthFailure.SignatureFailure",
                ""),
            bad(
                "another order of signed headers",
                json(BODY_J)
                    .header(
                        "Authorization",
                        AUTHORIZATION.replace("content-type;host", "host;content-type")),
                "AuthFailure.SignatureFailure",
                "")));
  }

  static Stream<Arguments> commonParameters() {
    return Stream.of(
        badV1("no action", "Action=PayDeals&", "", "MissingParameter", "`Action`"),
        badV1("empty action", "Action=PayDeals", "Action=", "MissingParameter", "`Action`"),
        badV1("no version", "&Version=2018-07-09", "", "MissingParameter", "`Version`"),
        badV1("no timestamp", "&Timestamp=1767268800", "", "MissingParameter", "`Timestamp`"),
        badV1("other version", "2018-07-09", "2018-07-10", "NoSuchVersion", "`2018-07-10`"),
        badV1("unknown action", "=PayDeals", "=Pay", "InvalidAction", "`Pay`"),
        badV1("timestamp a word", "1767268800", "now", "InvalidParameter", "`Timestamp`"),
        badV1(
            "timestamp old",
            "1767268800",
            "1767268499",
            "AuthFailure.SignatureExpire",
            "`1767268499`"),
        badV1("no SecretId", "&SecretId=AKIDEXAMPLE", "", "MissingParameter", "`SecretId`"),
        badV1(
            "empty SecretId",
            "SecretId=AKIDEXAMPLE",
            "SecretId=",
            "MissingParameter",
            "`SecretId`"),
        badV1("unknown SecretId", "AKIDEXAMPLE", "AKIDOTHER", "AuthFailure.SecretIdNotFound", ""),
        badV1(
            "endless SecretId", "AKIDEXAMPLE", "A".repeat(129), "AuthFailure.SecretIdNotFound", ""),
        badV1("no nonce", "&Nonce=1", "", "MissingParameter", "`Nonce`"),
        badV1("nonce a word", "Nonce=1", "Nonce=x", "InvalidParameter", "`Nonce`"),
        badV1("nonce zero", "Nonce=1", "Nonce=0", "InvalidParameterValue", "`Nonce`"),
        badV1("nonce negative", "Nonce=1", "Nonce=-1", "InvalidParameterValue", "`Nonce`"),
        badV1(
            "nonce of 64 bits",
            "Nonce=1",
            "Nonce=9223372036854775808",
            "InvalidParameter",
            "`Nonce`"),
        badV1("other method", "HmacSHA256", "HmacMD5", "InvalidParameterValue", "`HmacMD5`"),
        badV1(
            "method in lower case",
            "HmacSHA256",
            "hmacsha256",
            "InvalidParameterValue",
            "`SignatureMethod`"),
        badV1(
            "another method than signed with",
            "HmacSHA256",
            "HmacSHA1",
            "AuthFailure.SignatureFailure",
            ""),
        badV1("no signature", "&Signature=", "&CpsUin=", "MissingParameter", "`Signature`"),
        bad(
            "an empty signature",
            form(GOOD + "&" + Requests.COMMON_V1 + "&Signature="),
            "MissingParameter",
            "`Signature`"),
        bad(
            "an action twice",
            signedForm(GOOD + "&Action=PayDeals"),
            "InvalidParameter",
            "`Action`"));
  }

  private static Arguments bad(String flaw, Requests request, String code, String named) {
    return Arguments.of(flaw, request, code, named);
  }

  private static Arguments badJson(String flaw, String body, String named) {
    return badJson(flaw, body, "InvalidParameter", named);
  }

  private static Arguments badJson(String flaw, String body, String code, String named) {
    return bad("JSON: " + flaw, signedJson(body), code, named);
  }

  private static Arguments badValue(String name, String value, String named) {
    String body = "{\"OrderIds\":[\"a\"],\"" + name + "\":" + value + "}";
    String shown = value.length() > 40 ? value.substring(0, 40) + "…" : value;
    return badJson(name + " = " + shown, body, named);
  }

  private static Requests rawJson(byte[] body) {
    return post(body).header("Content-Type", "application/json").common().sign();
  }

  private static Requests bytes(int... bytes) {
    byte[] body = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      body[i] = (byte) bytes[i];
    }
    return rawJson(body);
  }

  private static Arguments badMultipart(String flaw, String body, String code) {
    return badMultipart(flaw, "multipart/form-data; boundary=b", body, code);
  }

  private static Arguments badMultipart(String flaw, String contentType, String body, String code) {
    Requests request =
        post(body.getBytes(UTF_8)).header("Content-Type", contentType).common().sign();
    return bad("multipart: " + flaw, request, code, "");
  }

  private static Arguments badV1(
      String flaw, String replaced, String by, String code, String named) {
    String pairs = GOOD + "&" + Requests.COMMON_V1;
    String good = new String(signedForm(GOOD).received().body(), UTF_8);
    assertThat(good).startsWith(pairs).contains(replaced);
    Requests request =
        form(good.replace(replaced, by)).header("Host", "billing.tencentcloudapi.com");
    return bad("v1: " + flaw, request, code, named);
  }
}
