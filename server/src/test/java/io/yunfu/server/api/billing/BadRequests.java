package io.yunfu.server.api.billing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.server.http.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Requests that must change nothing, each with the code that it gets and why. They are as good as
/// possible but for one thing: signed with a key that exists, for deals that could be paid.
final class BadRequests {
  static final String CHINA = "AKID100000000001";
  static final String INTL = "AKID200000000001";
  static final String USER = "AKID100000000101";
  static final String DEAL = "20260101000000000000011";
  static final String FOREIGN_DEAL = "20260101000000000000021";
  static final String FOREIGN_BIG_DEAL = "20260101000000000000020";
  static final String FOREIGN_VOUCHER = "v-foreign";

  private static final String MISSING = "MissingParameter";
  private static final String UNKNOWN = "UnknownParameter";
  private static final String TYPE = "InvalidParameter";
  private static final String VALUE = "InvalidParameterValue";
  private static final String TOO_LARGE = "RequestSizeLimitExceeded";
  private static final String UNAUTHORIZED = "AuthFailure.InvalidAuthorization";
  private static final String BAD_SIGNATURE = "AuthFailure.SignatureFailure";
  private static final String EXPIRED = "AuthFailure.SignatureExpire";
  private static final String NO_ACTION = "InvalidAction";

  /// The vendor's actions that we do not serve (`billing.md` section 3.10, and 3.5 to 3.9).
  private static final List<String> OTHER_ACTIONS =
      List.of(
          "CreateInstance",
          "RenewInstance",
          "RefundInstance",
          "DescribeRenewInstances",
          "SetRenewal",
          "CreateAllocationRule",
          "CreateAllocationTag",
          "CreateAllocationUnit",
          "CreateBudget",
          "CreateGatherRule",
          "DeleteAllocationRule",
          "DeleteAllocationTag",
          "DeleteAllocationUnit",
          "DeleteBudget",
          "DeleteGatherRule",
          "DescribeAllocateConditions",
          "DescribeAllocationBillConditions",
          "DescribeAllocationBillDetail",
          "DescribeAllocationMonthOverview",
          "DescribeAllocationOverview",
          "DescribeAllocationRuleDetail",
          "DescribeAllocationRuleSummary",
          "DescribeAllocationSummaryByBusiness",
          "DescribeAllocationSummaryByItem",
          "DescribeAllocationSummaryByResource",
          "DescribeAllocationTree",
          "DescribeAllocationTrendByMonth",
          "DescribeAllocationUnitDetail",
          "DescribeBillAdjustInfo",
          "DescribeBillDetail",
          "DescribeBillDetailForOrganization",
          "DescribeBillDownloadUrl",
          "DescribeBillResourceSummary",
          "DescribeBillResourceSummaryForOrganization",
          "DescribeBillSummary",
          "DescribeBillSummaryByPayMode",
          "DescribeBillSummaryByProduct",
          "DescribeBillSummaryByProject",
          "DescribeBillSummaryByRegion",
          "DescribeBillSummaryByTag",
          "DescribeBillSummaryForOrganization",
          "DescribeBudget",
          "DescribeBudgetOperationLog",
          "DescribeBudgetRemindRecordList",
          "DescribeCostDetail",
          "DescribeCostExplorerSummary",
          "DescribeCostSummaryByProduct",
          "DescribeCostSummaryByProject",
          "DescribeCostSummaryByRegion",
          "DescribeCostSummaryByResource",
          "DescribeDosageCosDetailByDate",
          "DescribeGatherResource",
          "DescribeGatherRuleDetail",
          "DescribeOrgMemberAccountBalance",
          "DescribeTagList",
          "ModifyAllocationRule",
          "ModifyAllocationUnit",
          "ModifyBudget",
          "ModifyGatherRule",
          "DescribeAccountWarning",
          "DescribeBillList",
          "DescribeCostSummaryByTag",
          "DescribeDosageDetailByDate",
          "DescribeDosageDetailList",
          "DescribeSavingPlanResourceInfo",
          "ModifyAccountWarning",
          "DescribeCPQBillingMapping",
          "CreateSavingPlanOrder",
          "DescribeSavingPlanCoverage",
          "DescribeSavingPlanOverview",
          "DescribeSavingPlanUsage");

  /// One of them.
  record Bad(String name, Request request, String code) {}

  private final List<Bad> all = new ArrayList<>();

  private BadRequests() {}

  static List<Bad> all() {
    var made = new BadRequests();
    made.methodsAndSizes();
    made.contentTypes();
    made.brokenJson();
    made.brokenForms();
    made.brokenMultipart();
    made.commonParameters();
    made.actionsAndVersions();
    made.authorizations();
    made.signatures();
    made.signaturesOfVersion1();
    made.clocks();
    made.tokens();
    made.typesOfPayDeals();
    made.valuesOfPayDeals();
    made.foreignThings();
    made.deals();
    made.vouchers();
    made.usageAndBalance();
    return made.all;
  }

  private void add(String name, String code, Request request) {
    all.add(new Bad(name, request, code));
  }

  private void add(String name, String code, SignedCall call) {
    add(name, code, call.ready());
  }

  private static SignedCall pay() {
    return pay("{\"OrderIds\":[\"" + DEAL + "\"]}");
  }

  private static SignedCall pay(String json) {
    return SignedCall.json("PayDeals", json).by(CHINA);
  }

  private static SignedCall payIntl(String json) {
    return SignedCall.json("PayDeals", json).by(INTL);
  }

  private static String withDeal(String more) {
    return "{\"OrderIds\":[\"" + DEAL + "\"]," + more + "}";
  }

  private void methodsAndSizes() {
    for (String method :
        List.of("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "post", "get", "X")) {
      add("method " + method, "UnsupportedProtocol", pay().method(method));
    }
    add(
        "a GET of 32 KiB and a byte",
        TOO_LARGE,
        SignedCall.get("PayDeals", "OrderIds.0=" + "1".repeat(32 * 1024 - 12)).by(CHINA));
    add(
        "a form of signature v1 of 1 MiB and a byte",
        TOO_LARGE,
        SignedCall.form("CpsUin=" + "1".repeat((1 << 20) - 6)));
    add(
        "a JSON body of 10 MiB and a byte",
        TOO_LARGE,
        pay("{\"CpsUin\":\"" + "1".repeat((10 << 20) - 12) + "\"}"));
    add(
        "more values than any call needs",
        TYPE,
        pay("{\"OrderIds\":[" + "\"1\",".repeat(10_000) + "\"1\"]}"));
  }

  private void contentTypes() {
    for (String type :
        List.of("text/plain", "application/xml", "text/json", "application", "*/*", ";", "json")) {
      add("content type " + type, TYPE, pay().header("Content-Type", type));
    }
    add("no content type", TYPE, pay().signed().without("Content-Type").request());
    add(
        "two content types",
        TYPE,
        pay().signed().also("Content-Type", "application/x-www-form-urlencoded").request());
  }

  private void brokenJson() {
    Stream.of(
            Map.entry("not closed", "{\"OrderIds\":[\"1\"]"),
            Map.entry("array not closed", "{\"OrderIds\":[\"1\"}"),
            Map.entry("trailing comma in an array", "{\"OrderIds\":[\"1\",]}"),
            Map.entry("trailing comma in an object", "{\"OrderIds\":[\"1\"],}"),
            Map.entry("single quotes", "{'OrderIds':['1']}"),
            Map.entry("name without quotes", "{OrderIds:[\"1\"]}"),
            Map.entry("a comment", "{\"OrderIds\":[\"1\"]/*x*/}"),
            Map.entry("a line comment", "{\"OrderIds\":[\"1\"]}//x"),
            Map.entry("NaN", "{\"AutoVoucher\":NaN}"),
            Map.entry("Infinity", "{\"AutoVoucher\":Infinity}"),
            Map.entry("a leading zero", "{\"AutoVoucher\":01}"),
            Map.entry("a leading plus", "{\"AutoVoucher\":+1}"),
            Map.entry("a hexadecimal number", "{\"AutoVoucher\":0x1}"),
            Map.entry("no colon", "{\"OrderIds\" [\"1\"]}"),
            Map.entry("no comma", "{\"OrderIds\":[\"1\"] \"AutoVoucher\":1}"),
            Map.entry("only a name", "{\"OrderIds\"}"),
            Map.entry("two values", "{} {}"),
            Map.entry("something after the value", "{}x"),
            Map.entry("an array", "[\"" + DEAL + "\"]"),
            Map.entry("a text", "\"OrderIds\""),
            Map.entry("a number", "1"),
            Map.entry("null", "null"),
            Map.entry("blank", "   "),
            Map.entry("a raw newline in a text", "{\"OrderIds\":[\"1\n\"]}"),
            Map.entry("a raw control character in a text", "{\"OrderIds\":[\"1\u0001\"]}"),
            Map.entry("an unknown escape", "{\"OrderIds\":[\"\\x31\"]}"),
            Map.entry("half an escape", "{\"OrderIds\":[\"\\u12\"]}"),
            Map.entry("U+0000 in a text", "{\"OrderIds\":[\"1\\u0000\"]}"),
            Map.entry("a lone high surrogate", "{\"CpsUin\":\"\\ud800\"}"),
            Map.entry("a lone low surrogate", "{\"CpsUin\":\"\\udc00\"}"),
            Map.entry("U+0000 in a name", "{\"Order\\u0000Ids\":[\"1\"]}"),
            Map.entry("a byte order mark", "\uFEFF{}"),
            Map.entry("a key twice", "{\"OrderIds\":[\"1\"],\"OrderIds\":[\"1\"]}"),
            Map.entry("a key twice, once escaped", "{\"OrderIds\":[\"1\"],\"\\u004frderIds\":[]}"),
            Map.entry("a key twice further down", "{\"X\":{\"a\":1,\"a\":1}}"),
            Map.entry("17 levels", "{\"X\":" + "[".repeat(17) + "]".repeat(17) + "}"),
            Map.entry("50000 levels", "{\"X\":" + "[".repeat(50_000)),
            Map.entry("a form", "OrderIds.0=" + DEAL))
        .forEach(one -> add("JSON: " + one.getKey(), TYPE, pay(one.getValue())));
    add("JSON: bytes that are no UTF-8", TYPE, pay().body(bytes("{\"CpsUin\":\"\u00ff\"}")));
    add("JSON: a slash of two bytes", TYPE, pay().body(bytes("{\"CpsUin\":\"\u00c0\u00af\"}")));
    add("JSON: half a character", TYPE, pay().body(bytes("{\"CpsUin\":\"\u00e4\u00b8\"}")));
    add(
        "JSON: a surrogate of three bytes",
        TYPE,
        pay().body(bytes("{\"CpsUin\":\"\u00ed\u00a0\u0080\"}")));
    add("JSON: UTF-16", TYPE, pay().body("{}".getBytes(java.nio.charset.StandardCharsets.UTF_16)));
  }

  private static byte[] bytes(String latin1) {
    return latin1.getBytes(ISO_8859_1);
  }

  private void brokenForms() {
    Stream.of(
            Map.entry("no equals sign", "OrderIds.0"),
            Map.entry("an empty pair", "OrderIds.0=1&&AutoVoucher=1"),
            Map.entry("an empty name", "=1"),
            Map.entry("a broken percent sequence", "OrderIds.0=%zz"),
            Map.entry("a percent sequence cut short", "OrderIds.0=%4"),
            Map.entry("a lone percent sign", "OrderIds.0=%"),
            Map.entry("bytes that are no UTF-8", "OrderIds.0=%ff"),
            Map.entry("a slash of two bytes", "OrderIds.0=%c0%af"),
            Map.entry("U+0000", "OrderIds.0=1%00"),
            Map.entry("the same index twice", "OrderIds.0=1&OrderIds.0=2"),
            Map.entry("the same name twice", "AutoVoucher=1&AutoVoucher=1"),
            Map.entry("a value and parts", "OrderIds=1&OrderIds.0=1"),
            Map.entry("parts and a value", "OrderIds.0=1&OrderIds=1"),
            Map.entry("17 segments", "a" + ".0".repeat(16) + "=1"),
            Map.entry("a list as one value", "OrderIds=" + DEAL),
            Map.entry("a negative index", "OrderIds.-1=1"),
            Map.entry("an index with a leading zero", "OrderIds.01=1"),
            Map.entry("an index that is no number", "OrderIds.a=1"),
            Map.entry("an empty index", "OrderIds.=1"),
            Map.entry("a fraction as index", "OrderIds.0.5=1"),
            Map.entry("an index of 19 digits", "OrderIds.1000000000000000000=1"),
            Map.entry("a text for a number", "OrderIds.0=1&AutoVoucher=yes"),
            Map.entry("a fraction for a number", "OrderIds.0=1&AutoVoucher=1.0"),
            Map.entry("a plus before a number", "OrderIds.0=1&AutoVoucher=%2B1"),
            Map.entry("a blank number", "OrderIds.0=1&AutoVoucher=+"),
            Map.entry("an empty number", "OrderIds.0=1&AutoVoucher="),
            Map.entry("20 digits", "OrderIds.0=1&AutoVoucher=10000000000000000000"))
        .forEach(one ->
            add(
                "query: " + one.getKey(),
                TYPE,
                SignedCall.get("PayDeals", one.getValue()).by(CHINA)));
    add(
        "query: a parameter that is not declared",
        UNKNOWN,
        SignedCall.get("PayDeals", "OrderIds.0=1&Foo=1").by(CHINA));
    add(
        "query: an id with a percent-encoded blank",
        VALUE,
        SignedCall.get("PayDeals", "OrderIds.0=a%20b").by(CHINA));
    add(
        "query: an id with a plus for a blank",
        VALUE,
        SignedCall.get("PayDeals", "OrderIds.0=a+b").by(CHINA));
    add("query: nothing", MISSING, SignedCall.get("PayDeals", "").by(CHINA));
    add(
        "form with signature v3: no equals sign",
        TYPE,
        pay().header("Content-Type", "application/x-www-form-urlencoded").body("OrderIds"));
    add(
        "form with signature v3: bytes that are no UTF-8",
        TYPE,
        pay().header("Content-Type", "application/x-www-form-urlencoded").body(bytes("a=\u00ff")));
  }

  private void brokenMultipart() {
    String type = "multipart/form-data; boundary=b";
    String part = "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n%s\r\n%s\r\n--b--\r\n";
    Stream.of(
            Map.entry("empty", ""),
            Map.entry("no boundary inside", "OrderIds"),
            Map.entry(
                "not closed", "--b\r\nContent-Disposition: form-data; name=\"X\"\r\n\r\n1\r\n"),
            Map.entry("no disposition", "--b\r\n\r\n1\r\n--b--\r\n"),
            Map.entry("headers without an end", "--b\r\nContent-Disposition: form-data--b--"))
        .forEach(one ->
            add(
                "multipart: " + one.getKey(),
                "InvalidRequest",
                pay(one.getValue()).header("Content-Type", type)));
    add(
        "multipart: no boundary named",
        "InvalidRequest",
        pay("--b--\r\n").header("Content-Type", "multipart/form-data"));
    add(
        "multipart: a parameter that is not declared",
        UNKNOWN,
        pay(part.formatted("Foo", "", "1")).header("Content-Type", type));
    add(
        "multipart: broken JSON in a part",
        TYPE,
        pay(part.formatted("OrderIds", "Content-Type: application/json\r\n", "[\"1\""))
            .header("Content-Type", type));
    add(
        "multipart: a list as plain text",
        TYPE,
        pay(part.formatted("OrderIds", "", DEAL)).header("Content-Type", type));
  }

  private void commonParameters() {
    for (String header : List.of("X-TC-Action", "X-TC-Version", "X-TC-Timestamp")) {
      add("no " + header, MISSING, pay().signed().without(header).request());
      add("empty " + header, MISSING, pay().signed().header(header, "").request());
      add("blank " + header, MISSING, pay().signed().header(header, "  ").request());
      add("two " + header, TYPE, pay().signed().also(header, "1").request());
    }
    for (String timestamp :
        List.of("abc", "1767268800.5", "1e9", "0x1", "99999999999999999999", "1 2", "１", "--1")) {
      add(
          "timestamp " + timestamp,
          TYPE,
          pay().signed().header("X-TC-Timestamp", timestamp).request());
    }
    for (String name : List.of("Action", "Version", "Timestamp", "SecretId", "Nonce")) {
      add(
          "signature v1 without " + name,
          MISSING,
          SignedCall.form(CHINA, "PayDeals", Map.of(name, "", "OrderIds.0", DEAL)));
    }
    add("common parameters in a JSON body", UNKNOWN, pay(withDeal("\"Action\":\"PayDeals\"")));
    add("a region in a JSON body", UNKNOWN, pay(withDeal("\"Region\":\"\"")));
  }

  private void actionsAndVersions() {
    for (String action : OTHER_ACTIONS) {
      add("action " + action, NO_ACTION, SignedCall.json(action, "{}").by(CHINA));
    }
    for (String action :
        List.of(
            "payDeals",
            "PAYDEALS",
            "PayDeal",
            "PayDeals2",
            "Pay Deals",
            "../PayDeals",
            "*",
            "支付",
            "x".repeat(1000))) {
      add("action " + shortened(action), NO_ACTION, SignedCall.json(action, "{}").by(CHINA));
    }
    for (String version :
        List.of("2017-03-12", "2018-7-9", "2018-07-09 00:00", "v1", "1", "2018-07-10", "９")) {
      add("version " + version, "NoSuchVersion", pay().header("X-TC-Version", version));
    }
  }

  private static String shortened(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }

  private void authorizations() {
    String good = "TC3-HMAC-SHA256 Credential=%s/2026-01-01/billing/tc3_request".formatted(CHINA);
    String headers = ", SignedHeaders=content-type;host";
    String signature = ", Signature=" + "0".repeat(64);
    Stream.of(
            Map.entry("SKIP", "SKIP"),
            Map.entry("another scheme", "Basic QUtJRDpTSw=="),
            Map.entry("only the scheme", "TC3-HMAC-SHA256"),
            Map.entry("the scheme in lower case", good.replace("TC3", "tc3") + headers + signature),
            Map.entry("another algorithm", good.replace("256", "1") + headers + signature),
            Map.entry("no credential", "TC3-HMAC-SHA256 " + headers.substring(2) + signature),
            Map.entry("no signed headers", good + signature),
            Map.entry("no signature", good + headers),
            Map.entry("an empty signature", good + headers + ", Signature="),
            Map.entry("two signatures", good + headers + signature + signature),
            Map.entry("something else", good + headers + signature + ", X=1"),
            Map.entry(
                "a credential of one piece", "TC3-HMAC-SHA256 Credential=x" + headers + signature),
            Map.entry("an empty SecretId", good.replace(CHINA, "") + headers + signature),
            Map.entry("no date", good.replace("/2026-01-01", "") + headers + signature),
            Map.entry("no service", good.replace("/billing", "") + headers + signature),
            Map.entry(
                "another end", good.replace("tc3_request", "aws4_request") + headers + signature),
            Map.entry("host not signed", good + ", SignedHeaders=content-type" + signature),
            Map.entry("content-type not signed", good + ", SignedHeaders=host" + signature),
            Map.entry("no signed header at all", good + ", SignedHeaders=" + signature),
            Map.entry("an empty signed header", good + headers + ";;x" + signature),
            Map.entry("33 signed headers", good + headers + ";x".repeat(31) + signature))
        .forEach(one ->
            add(
                "Authorization: " + one.getKey(),
                UNAUTHORIZED,
                pay().header("Authorization", one.getValue()).request()));
    add("no Authorization", UNAUTHORIZED, pay().request());
    add("two Authorizations", UNAUTHORIZED, pay().signed().also("Authorization", "SKIP").request());
    for (String secretId :
        List.of(
            "AKIDNOBODY", "AKID999999999999", "akid100000000001", "AKID100000000001 ", "'or 1=1")) {
      add("SecretId " + secretId, "AuthFailure.SecretIdNotFound", pay().by(secretId));
    }
    add(
        "a SecretId of 10000 letters",
        "AuthFailure.SecretIdNotFound",
        pay().by("x".repeat(10_000)));
  }

  private void signatures() {
    add("another key", BAD_SIGNATURE, pay().withKey("another"));
    add(
        "another body",
        BAD_SIGNATURE,
        pay().signed().body(withDeal("\"AutoVoucher\":1")).request());
    add("a blank more in the body", BAD_SIGNATURE, pay().signed().body(" {}").request());
    add(
        "signed for another host",
        BAD_SIGNATURE,
        pay().header("Host", "evil.example").signed().header("Host", SignedCall.HOST).request());
    add(
        "a content type that was not signed",
        BAD_SIGNATURE,
        pay().signed().header("Content-Type", "application/json; charset=gbk").request());
    add(
        "another timestamp",
        BAD_SIGNATURE,
        pay().signed().header("X-TC-Timestamp", "1767268801").request());
    add(
        "another query",
        BAD_SIGNATURE,
        SignedCall.get("PayDeals", "OrderIds.0=1")
            .by(CHINA)
            .signed()
            .target("/?OrderIds.0=2")
            .request());
    add(
        "a query in another order",
        BAD_SIGNATURE,
        SignedCall.get("PayDeals", "AutoVoucher=1&OrderIds.0=1")
            .by(CHINA)
            .signed()
            .target("/?OrderIds.0=1&AutoVoucher=1")
            .request());
    add("the date of yesterday", BAD_SIGNATURE, pay().signed("2025-12-31").request());
    add("the date of tomorrow", BAD_SIGNATURE, pay().signed("2026-01-02").request());
    add("a date of another form", BAD_SIGNATURE, pay().signed("20260101").request());
    add(
        "another service",
        BAD_SIGNATURE,
        pay().signed().authorization(value -> value.replace("/billing/", "/cvm/")).request());
    add(
        "somebody else's SecretId",
        "AuthFailure.SecretIdNotFound",
        pay().signed().authorization(value -> value.replace(CHINA, "AKIDX")).request());
    add(
        "a header signed that did not come",
        BAD_SIGNATURE,
        pay()
            .signed()
            .authorization(value -> value.replace("type;host", "type;host;x-tc-foo"))
            .request());
    add(
        "signed headers in another order",
        BAD_SIGNATURE,
        pay()
            .signed()
            .authorization(value -> value.replace("content-type;host", "host;content-type"))
            .request());
    add(
        "a signature in capitals",
        BAD_SIGNATURE,
        pay().signed().authorization(BadRequests::capitals).request());
    for (String wrong :
        List.of("0", "zz", "0".repeat(63), "0".repeat(64), "0".repeat(65), "g".repeat(64))) {
      add(
          "signature " + shortened(wrong) + " of " + wrong.length(),
          BAD_SIGNATURE,
          pay()
              .signed()
              .authorization(value -> value.replaceFirst("Signature=.*", "Signature=" + wrong))
              .request());
    }
    add(
        "an unsigned payload that was signed as one",
        BAD_SIGNATURE,
        pay().signed().header("X-TC-Content-SHA256", "UNSIGNED-PAYLOAD").request());
  }

  private static String capitals(String authorization) {
    int at = authorization.indexOf("Signature=") + 10;
    return authorization.substring(0, at)
        + authorization.substring(at).toUpperCase(java.util.Locale.ROOT);
  }

  private void signaturesOfVersion1() {
    Map<String, String> deal = Map.of("OrderIds.0", DEAL);
    String form = SignedCall.v1("POST", CHINA, "PayDeals", deal);
    add("v1: a value changed", BAD_SIGNATURE, SignedCall.form(form.replace(DEAL, DEAL + "1")));
    add("v1: a parameter added", BAD_SIGNATURE, SignedCall.form(form + "&AutoVoucher=1"));
    add(
        "v1: a parameter taken away",
        BAD_SIGNATURE,
        SignedCall.form(form.replace("OrderIds.0=" + DEAL + "&", "")));
    add(
        "v1: signed for GET, sent as POST",
        BAD_SIGNATURE,
        SignedCall.form(SignedCall.v1("GET", CHINA, "PayDeals", deal)));
    add(
        "v1: another algorithm than was signed with",
        BAD_SIGNATURE,
        SignedCall.form(form.replace("HmacSHA256", "HmacSHA1")));
    add(
        "v1: no Base64",
        BAD_SIGNATURE,
        SignedCall.form(form.replaceFirst("Signature=[^&]*", "Signature=%21%21")));
    add(
        "v1: a signature of nothing",
        MISSING,
        SignedCall.form(form.replaceFirst("Signature=[^&]*", "Signature=")));
    add("v1: no signature", MISSING, SignedCall.form(form.replaceFirst("&Signature=[^&]*", "")));
    for (String method : List.of("HmacMD5", "hmacsha256", "TC3-HMAC-SHA256", "SHA256")) {
      add(
          "v1: algorithm " + method,
          VALUE,
          SignedCall.form(CHINA, "PayDeals", Map.of("SignatureMethod", method)));
    }
    add("v1: nonce 0", VALUE, SignedCall.form(CHINA, "PayDeals", Map.of("Nonce", "0")));
    add("v1: a negative nonce", VALUE, SignedCall.form(CHINA, "PayDeals", Map.of("Nonce", "-1")));
    add("v1: a text as nonce", TYPE, SignedCall.form(CHINA, "PayDeals", Map.of("Nonce", "x")));
    add(
        "v1: a nonce of 64 bits",
        TYPE,
        SignedCall.form(CHINA, "PayDeals", Map.of("Nonce", "9223372036854775808")));
    add(
        "v1: an unknown SecretId",
        "AuthFailure.SecretIdNotFound",
        SignedCall.form("AKIDX", "PayDeals", deal));
    add(
        "v1: an expired clock",
        EXPIRED,
        SignedCall.form(CHINA, "PayDeals", Map.of("Timestamp", "1767268499")));
    add(
        "v1: a text as timestamp",
        TYPE,
        SignedCall.form(CHINA, "PayDeals", Map.of("Timestamp", "now")));
    add(
        "v1: another version",
        "NoSuchVersion",
        SignedCall.form(CHINA, "PayDeals", Map.of("Version", "1")));
    add("v1: an unknown action", NO_ACTION, SignedCall.form(CHINA, "Pay", deal));
    add(
        "v1: a parameter that is not declared",
        UNKNOWN,
        SignedCall.form(CHINA, "PayDeals", Map.of("OrderIds.0", DEAL, "Foo", "")));
    add("v1: a GET with its parameters in the body", TYPE, getWithBody(form));
    add(
        "v1: a POST with its parameters in the query",
        TYPE,
        SignedCall.v3("POST", "/?" + form, "", "", new byte[0]).without("Content-Type").request());
    add(
        "v1 in a JSON body",
        MISSING,
        pay(withDeal("\"Signature\":\"x\"")).without("X-TC-Action").request());
  }

  private static Request getWithBody(String form) {
    return SignedCall.v3(
            "GET", "/?x", "application/x-www-form-urlencoded", "PayDeals", form.getBytes(UTF_8))
        .request();
  }

  private void clocks() {
    for (long off : new long[] {-301, 301, -86_400, 86_400, -1_767_268_800}) {
      add(
          "a clock that is off by " + off + " s",
          EXPIRED,
          pay().at(SignedCall.NOW.plusSeconds(off)));
    }
    for (String timestamp : List.of("-1", "9223372036854775807", "-9223372036854775808")) {
      add(
          "timestamp " + timestamp,
          EXPIRED,
          pay().signed().header("X-TC-Timestamp", timestamp).request());
    }
  }

  private void tokens() {
    String temporary = "AKIDTMP100000000001";
    add("no token", "AuthFailure.TokenFailure", pay().by(temporary));
    for (String token : List.of("", "Token", "token2", "x".repeat(10_000))) {
      add(
          "token " + shortened(token),
          "AuthFailure.TokenFailure",
          pay().by(temporary).header("X-TC-Token", token));
    }
    add(
        "v1: another token",
        "AuthFailure.TokenFailure",
        SignedCall.form(temporary, "PayDeals", Map.of("OrderIds.0", DEAL, "Token", "other")));
  }

  private void typesOfPayDeals() {
    for (String list : List.of("OrderIds", "VoucherIds", "BigDealIds")) {
      for (String wrong :
          List.of(
              "\"1\"",
              "1",
              "1.5",
              "true",
              "{}",
              "{\"0\":\"1\"}",
              "[1]",
              "[1.5]",
              "[true]",
              "[null]",
              "[[\"1\"]]",
              "[{}]",
              "[\"1\",2]")) {
        add(
            list + " " + wrong,
            TYPE,
            payIntl(
                list.equals("OrderIds")
                    ? "{\"OrderIds\":" + wrong + "}"
                    : withDeal("\"" + list + "\":" + wrong)));
      }
    }
    for (String number : List.of("AutoVoucher", "AgentPay")) {
      for (String wrong :
          List.of(
              "\"0\"",
              "\"\"",
              "0.0",
              "1.0",
              "1e0",
              "0.5",
              "true",
              "[]",
              "[0]",
              "{}",
              "9223372036854775808",
              "1" + "0".repeat(900))) {
        add(
            number + " " + shortened(wrong),
            TYPE,
            payIntl(withDeal("\"" + number + "\":" + wrong)));
      }
    }
    for (String wrong : List.of("1", "true", "[]", "[\"1\"]", "{}", "1.5")) {
      add("CpsUin " + wrong, TYPE, payIntl(withDeal("\"CpsUin\":" + wrong)));
    }
    for (String more :
        List.of(
            "\"orderIds\":[\"1\"]",
            "\"Foo\":1",
            "\"\":1",
            "\"OrderIds.1\":\"2\"",
            "\"DryRun\":true",
            "\"Uin\":1")) {
      add("undeclared " + more, UNKNOWN, pay(withDeal(more)));
    }
  }

  private void valuesOfPayDeals() {
    for (String id :
        List.of(
            "",
            " ",
            "a b",
            "a.b",
            "a/b",
            "a'b",
            "a\\\"b",
            "1;drop table deal",
            "ä",
            "订单",
            "１",
            "\\u200b1",
            "1\\n",
            "%31",
            "x".repeat(65),
            "x".repeat(5000))) {
      add(
          "deal id " + shortened(id) + " of " + id.length(),
          VALUE,
          pay("{\"OrderIds\":[\"" + DEAL + "\",\"" + id + "\"]}"));
      add(
          "big deal id " + shortened(id) + " of " + id.length(),
          VALUE,
          payIntl("{\"BigDealIds\":[\"" + id + "\"]}"));
      add(
          "voucher id " + shortened(id) + " of " + id.length(),
          VALUE,
          pay(withDeal("\"VoucherIds\":[\"" + id + "\"]")));
    }
    String many =
        IntStream.range(0, 101).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(","));
    add("101 deals", VALUE, pay("{\"OrderIds\":[" + many + "]}"));
    add("101 big deals", VALUE, payIntl("{\"BigDealIds\":[" + many + "]}"));
    add("two vouchers", VALUE, pay(withDeal("\"VoucherIds\":[\"v-1\",\"v-2\"]")));
    for (String value : List.of("-1", "2", "9223372036854775807", "-9223372036854775808")) {
      add("AutoVoucher " + value, VALUE, pay(withDeal("\"AutoVoucher\":" + value)));
    }
    for (String value :
        List.of("-1", "1", "2", "5", "4294967296", "4294967299", "9223372036854775807")) {
      add("AgentPay " + value, VALUE, payIntl(withDeal("\"AgentPay\":" + value)));
    }
    for (String value : List.of("-1", "2", "5", "4294967297")) {
      add("AgentPay " + value + " in China", VALUE, pay(withDeal("\"AgentPay\":" + value)));
    }
    add(
        "a CpsUin of 65 characters",
        VALUE,
        payIntl(withDeal("\"CpsUin\":\"" + "界".repeat(65) + "\"")));
    add("both lists", TYPE, payIntl(withDeal("\"BigDealIds\":[\"1\"]")));
    add("neither list", TYPE, payIntl("{}"));
    add("neither list in China", MISSING, pay("{}"));
    add("an empty body", MISSING, pay(""));
    add("empty lists", MISSING, pay("{\"OrderIds\":[],\"BigDealIds\":[]}"));
    add("a null list", MISSING, pay("{\"OrderIds\":null}"));
  }

  private void foreignThings() {
    add("an unknown deal", VALUE, pay("{\"OrderIds\":[\"1\"]}"));
    add("an unknown deal among known", VALUE, pay("{\"OrderIds\":[\"" + DEAL + "\",\"1\"]}"));
    add("another owner's deal", VALUE, pay("{\"OrderIds\":[\"" + FOREIGN_DEAL + "\"]}"));
    add(
        "another owner's deal among own",
        VALUE,
        pay("{\"OrderIds\":[\"" + DEAL + "\",\"" + FOREIGN_DEAL + "\"]}"));
    add("another owner's big deal", VALUE, pay("{\"BigDealIds\":[\"" + FOREIGN_BIG_DEAL + "\"]}"));
    add("a deal of the other edition", VALUE, payIntl("{\"OrderIds\":[\"" + DEAL + "\"]}"));
    add("a big deal named as a deal", VALUE, pay("{\"OrderIds\":[\"" + FOREIGN_BIG_DEAL + "\"]}"));
    add(
        "an unknown voucher",
        "FailedOperation.InvalidVoucher",
        pay(withDeal("\"VoucherIds\":[\"v-none\"]")));
    add(
        "another owner's voucher",
        "FailedOperation.InvalidVoucher",
        pay(withDeal("\"VoucherIds\":[\"" + FOREIGN_VOUCHER + "\"]")));
    add(
        "a user without rights",
        "UnauthorizedOperation.NotFinanceAuth",
        SignedCall.json("PayDeals", "{\"OrderIds\":[\"" + DEAL + "\"]}").by(USER));
    for (int mode : new int[] {1, 3, 4}) {
      add(
          "a pay mode without the role: " + mode,
          "UnauthorizedOperation.NotFinanceAuth",
          pay(withDeal("\"AgentPay\":" + mode)));
    }
  }

  private void deals() {
    String period = "\"StartTime\":\"2026-01-01 00:00:00\",\"EndTime\":\"2026-01-02 00:00:00\"";
    String good = period + ",\"Limit\":10";
    describe(
        "DescribeDealsByCond",
        MISSING,
        "",
        "\"Limit\":10",
        period,
        "\"StartTime\":\"2026-01-01 00:00:00\",\"Limit\":1");
    describe("DescribeDealsByCond", UNKNOWN, good + ",\"Foo\":1", good + ",\"Lang\":\"en\"");
    describe(
        "DescribeDealsByCond",
        TYPE,
        period + ",\"Limit\":\"10\"",
        period + ",\"Limit\":10.5",
        good + ",\"Offset\":\"0\"",
        good + ",\"Status\":\"4\"",
        good + ",\"StatusSet\":4",
        good + ",\"StatusSet\":[\"4\"]",
        good + ",\"OrderId\":1",
        good + ",\"BigDealId\":[\"1\"]",
        good + ",\"ResourceId\":false",
        good.replace("2026-01-02", "2026-02-30"),
        good.replace("2026-01-02 00:00:00", "2026-01-02"),
        good.replace("2026-01-02 00", "2026-01-02 24"),
        good.replace("2026-01-02 00", "2026-01-02T00"),
        good.replace("\"2026-01-02 00:00:00\"", "1767268800"),
        good.replace("2026-01-02 00:00:00", ""));
    describe(
        "DescribeDealsByCond",
        VALUE,
        period + ",\"Limit\":0",
        period + ",\"Limit\":-1",
        period + ",\"Limit\":1001",
        period + ",\"Limit\":9223372036854775807",
        good + ",\"Offset\":-1",
        good + ",\"Status\":0",
        good + ",\"Status\":14",
        good + ",\"Status\":31",
        good + ",\"Status\":-4",
        good + ",\"StatusSet\":[4,99]",
        good + ",\"OrderId\":\"a b\"",
        good + ",\"OrderId\":\"1' or '1'='1\"",
        good + ",\"BigDealId\":\"" + "x".repeat(65) + "\"",
        good + ",\"ResourceId\":\"" + "x".repeat(256) + "\"",
        good.replace("2026-01-02", "2025-12-31"));
  }

  private void vouchers() {
    String good = "\"Limit\":10,\"Offset\":1";
    describe("DescribeVoucherInfo", MISSING, "", "\"Limit\":10", "\"Offset\":1");
    describe("DescribeVoucherInfo", UNKNOWN, good + ",\"SubProductCode\":\"x\"");
    describe(
        "DescribeVoucherInfo",
        TYPE,
        "\"Limit\":\"10\",\"Offset\":1",
        "\"Limit\":10,\"Offset\":true",
        good + ",\"Status\":1",
        good + ",\"TimeFrom\":20260101",
        good + ",\"ProductCode\":\"p_cvm\"",
        good + ",\"ProductCode\":\"p_cvm\",\"PayMode\":\"*\"",
        good + ",\"ProductCode\":\"p_cvm\",\"PayMode\":\"\"");
    describe(
        "DescribeVoucherInfo",
        VALUE,
        "\"Limit\":0,\"Offset\":1",
        "\"Limit\":1001,\"Offset\":1",
        "\"Limit\":10,\"Offset\":-1",
        good + ",\"Status\":\"UNUSED\"",
        good + ",\"VoucherId\":\"a b\"",
        good + ",\"CodeId\":\"" + "x".repeat(256) + "\"",
        good + ",\"VoucherName\":\"" + "x".repeat(256) + "\"",
        good + ",\"PayMode\":\"PrePay\"",
        good + ",\"PayScene\":\"buy\"",
        good + ",\"SortField\":\"create_time\"",
        good + ",\"SortOrder\":\"DESC\"",
        good + ",\"SortOrder\":\"; drop table voucher\"",
        good + ",\"Operator\":\"me\"",
        good + ",\"Operator\":\"-1\"",
        good + ",\"VoucherMainType\":\"price\"",
        good + ",\"VoucherSubType\":\"cash\"",
        good + ",\"TimeFrom\":\"2026-13-01\"",
        good + ",\"TimeTo\":\"yesterday\"",
        good + ",\"TimeFrom\":\"2026-01-02\",\"TimeTo\":\"2026-01-01\"",
        good + ",\"StartTimeFrom\":\"2026/01/01\"",
        good + ",\"EndTimeTo\":\"01.01.2026\"",
        good + ",\"EndTimeFrom\":\"2026-01-01 00:00:01\",\"EndTimeTo\":\"2026-01-01 00:00:00\"",
        good + ",\"CreateTimeFrom\":\"2026-01-01T00:00:00Z\"");
  }

  private void usageAndBalance() {
    String usage = "DescribeVoucherUsageDetails";
    describe(usage, MISSING, "", "\"Limit\":10", "\"Offset\":1", "\"VoucherId\":\"v-1\"");
    describe(usage, UNKNOWN, "\"Limit\":10,\"Offset\":1,\"Status\":\"used\"");
    describe(usage, TYPE, "\"Limit\":10,\"Offset\":1,\"VoucherId\":7", "\"Limit\":[],\"Offset\":1");
    describe(
        usage,
        VALUE,
        "\"Limit\":0,\"Offset\":1",
        "\"Limit\":1001,\"Offset\":1",
        "\"Limit\":10,\"Offset\":-1",
        "\"Limit\":10,\"Offset\":1,\"VoucherId\":\"*\"",
        "\"Limit\":10,\"Offset\":1,\"Operator\":\"0\"");
    describe("DescribeAccountBalance", UNKNOWN, "\"Uin\":1", "\"tempCredit\":true");
    describe(
        "DescribeAccountBalance",
        TYPE,
        "\"TempCredit\":1",
        "\"TempCredit\":\"true\"",
        "\"TempCredit\":[]");
  }

  private void describe(String action, String code, String... inputs) {
    for (String input : inputs) {
      add(
          action + " " + all.size() + ": " + shortened(input),
          code,
          SignedCall.json(action, "{" + input + "}").by(CHINA));
    }
  }
}
