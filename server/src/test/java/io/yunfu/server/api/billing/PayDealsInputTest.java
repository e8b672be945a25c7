package io.yunfu.server.api.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.yunfu.billing.account.Edition;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.pay.PayCommand.Target;
import io.yunfu.billing.voucher.VoucherId;
import io.yunfu.wire.tc3.ApiError;
import io.yunfu.wire.tc3.ApiRefused;
import io.yunfu.wire.tc3.DecodedRequest;
import io.yunfu.wire.tc3.Limits;
import io.yunfu.wire.tc3.ReceivedRequest;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Section 2.2: the combination table, and each validation.
class PayDealsInputTest {
  private static final int MAX_IDS = 100;
  private static final String ORDERS = "\"OrderIds\":[\"1\"]";

  /// How the action reads, for an edition with or without the extension.
  private static PayDealsInput read(Edition edition, boolean extended, String json) {
    var request = SignedCall.json("PayDeals", json).ready();
    var parameters =
        DecodedRequest.of(
                new ReceivedRequest(
                    request.method(),
                    request.path(),
                    request.query(),
                    request.headers()::all,
                    request.body()),
                Limits.DEFAULTS)
            .call()
            .parameters();
    var input =
        edition == Edition.CHINA && !extended
            ? parameters.read(PayDealsInput::readPlain)
            : parameters.read(PayDealsInput::readExtended);
    input.check(edition, MAX_IDS);
    return input;
  }

  private static PayDealsInput read(Edition edition, String json) {
    return read(edition, true, json);
  }

  private static ApiError refused(Edition edition, boolean extended, String json) {
    return catchThrowableOfType(ApiRefused.class, () -> read(edition, extended, json)).error();
  }

  private static ApiError refused(Edition edition, String json) {
    return refused(edition, true, json);
  }

  private static void assertRefused(Edition edition, String json, String code, String named) {
    var error = refused(edition, json);
    assertThat(error.code()).isEqualTo(code);
    assertThat(error.english()).contains(named);
    assertThat(error.chinese()).contains(named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # edition | extended | given               | code
          CHINA     | true     | OrderIds            | OK
          CHINA     | false    | OrderIds            | OK
          INTL      | true     | OrderIds            | OK
          CHINA     | true     | BigDealIds          | OK
          CHINA     | false    | BigDealIds          | MissingParameter
          INTL      | true     | BigDealIds          | OK
          INTL      | false    | BigDealIds          | OK
          CHINA     | true     | OrderIds,BigDealIds | InvalidParameter
          CHINA     | false    | OrderIds,BigDealIds | UnknownParameter
          INTL      | true     | OrderIds,BigDealIds | InvalidParameter
          CHINA     | true     |                     | MissingParameter
          CHINA     | false    |                     | MissingParameter
          INTL      | true     |                     | InvalidParameter
          """)
  void the_combination_table_holds(Edition edition, boolean extended, String given, String code) {
    String json =
        given == null
            ? "{}"
            : List.of(given.split(",", -1)).stream()
                .map(name -> "\"" + name + "\":[\"1\"]")
                .collect(Collectors.joining(",", "{", "}"));
    if (code.equals("OK")) {
      assertThat(read(edition, extended, json)).isNotNull();
    } else {
      assertThat(refused(edition, extended, json).code()).isEqualTo(code);
    }
  }

  @Test
  void a_china_call_with_neither_list_is_told_that_OrderIds_is_missing() {
    assertRefused(Edition.CHINA, "{}", "MissingParameter", "`OrderIds`");
    assertThat(refused(Edition.CHINA, false, "{}").english()).contains("`OrderIds`");
  }

  @Test
  void an_international_call_with_neither_list_is_told_both_names() {
    assertRefused(Edition.INTL, "{}", "InvalidParameter", "`OrderIds`");
    assertRefused(Edition.INTL, "{}", "InvalidParameter", "`BigDealIds`");
  }

  @ParameterizedTest
  @EnumSource(Edition.class)
  void an_empty_list_counts_as_not_given(Edition edition) {
    assertThat(read(edition, "{\"OrderIds\":[],\"BigDealIds\":[\"1\"]}").target())
        .isEqualTo(new Target.BigDeals(List.of(new BigDealId("1"))));
    assertThat(read(edition, "{\"OrderIds\":[\"1\"],\"BigDealIds\":[]}").target())
        .isEqualTo(new Target.Deals(List.of(new DealId("1"))));
    assertThat(refused(edition, "{\"OrderIds\":[]}").code())
        .isEqualTo(edition == Edition.CHINA ? "MissingParameter" : "InvalidParameter");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"BigDealIds\":[\"1\"]", "\"AgentPay\":0", "\"CpsUin\":\"1\""})
  void without_the_extension_the_china_edition_does_not_know_what_its_document_lacks(String more) {
    var error = refused(Edition.CHINA, false, "{" + ORDERS + "," + more + "}");
    assertThat(error.code()).isEqualTo("UnknownParameter");
    assertThat(error.english()).contains("`" + more.substring(1, more.indexOf('"', 1)) + "`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"OrderIds", "BigDealIds"})
  void an_id_has_1_to_64_letters_digits_underscores_and_dashes(String list) {
    for (String good : List.of("1", "a-B_9", "20260101000000000000011", "x".repeat(64))) {
      assertThat(read(Edition.INTL, "{\"%s\":[\"%s\"]}".formatted(list, good))).isNotNull();
    }
    for (String bad : List.of("", " ", "a b", "a.b", "ä", "１", "a/b", "x".repeat(65), "a\\u000a")) {
      assertRefused(
          Edition.INTL,
          "{\"%s\":[\"1\",\"%s\"]}".formatted(list, bad),
          "InvalidParameterValue",
          "`" + list + ".1`");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"OrderIds", "BigDealIds"})
  void a_hundred_different_ids_are_the_most(String list) {
    assertThat(read(Edition.INTL, "{\"%s\":[%s]}".formatted(list, ids(100)))).isNotNull();
    assertRefused(
        Edition.INTL,
        "{\"%s\":[%s]}".formatted(list, ids(101)),
        "InvalidParameterValue",
        "`" + list + "`");
    assertThat(read(Edition.INTL, "{\"%s\":[%s,%s]}".formatted(list, ids(100), ids(100))))
        .isNotNull();
  }

  private static String ids(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> "\"" + i + "\"")
        .collect(Collectors.joining(","));
  }

  @Test
  void duplicates_collapse_to_the_first() {
    var input = read(Edition.CHINA, "{\"OrderIds\":[\"b\",\"a\",\"b\"]}");
    assertThat(input.target())
        .isEqualTo(new Target.Deals(List.of(new DealId("b"), new DealId("a"))));
  }

  @Test
  void what_may_be_left_out_has_its_default() {
    var input = read(Edition.CHINA, "{" + ORDERS + "}");
    assertThat(input.autoVoucher()).isZero();
    assertThat(input.voucher()).isEmpty();
    assertThat(input.mode()).isEqualTo(AgentPay.SELF);
    assertThat(input.cpsUin()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 2, Long.MAX_VALUE})
  void AutoVoucher_is_0_or_1(long value) {
    assertRefused(
        Edition.CHINA,
        "{%s,\"AutoVoucher\":%d}".formatted(ORDERS, value),
        "InvalidParameterValue",
        "`AutoVoucher`");
    assertThat(read(Edition.CHINA, "{" + ORDERS + ",\"AutoVoucher\":1}").autoVoucher()).isOne();
  }

  @Test
  void one_voucher_is_the_most_and_the_same_twice_is_one() {
    assertThat(read(Edition.CHINA, "{" + ORDERS + ",\"VoucherIds\":[\"v\",\"v\"]}").voucher())
        .contains(new VoucherId("v"));
    assertRefused(
        Edition.CHINA,
        "{" + ORDERS + ",\"VoucherIds\":[\"v\",\"w\"]}",
        "InvalidParameterValue",
        "`VoucherIds`");
    assertRefused(
        Edition.CHINA,
        "{" + ORDERS + ",\"VoucherIds\":[\"v w\"]}",
        "InvalidParameterValue",
        "`VoucherIds.0`");
    assertThat(read(Edition.CHINA, "{" + ORDERS + ",\"VoucherIds\":[]}").voucher()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "CHINA, 0, OK",
    "CHINA, 1, OK",
    "CHINA, 2, no",
    "CHINA, 3, OK",
    "CHINA, 4, OK",
    "CHINA, 5, no",
    "CHINA, -1, no",
    "CHINA, 4294967296, no",
    "INTL, 0, OK",
    "INTL, 1, no",
    "INTL, 2, no",
    "INTL, 3, OK",
    "INTL, 4, OK",
    "INTL, 5, no",
    "INTL, 4294967299, no"
  })
  void AgentPay_is_one_of_the_editions_modes(Edition edition, long value, String expected) {
    String json = "{%s,\"AgentPay\":%d}".formatted(ORDERS, value);
    if (expected.equals("OK")) {
      assertThat(read(edition, json).mode().code()).isEqualTo((int) value);
    } else {
      assertRefused(edition, json, "InvalidParameterValue", "`AgentPay`");
    }
  }

  @Test
  void CpsUin_has_64_characters_at_most_and_may_be_empty() {
    String longest = "界".repeat(63) + "\uD83D\uDCB0";
    assertThat(read(Edition.INTL, "{%s,\"CpsUin\":\"%s\"}".formatted(ORDERS, longest)).cpsUin())
        .isEqualTo(longest);
    assertThat(read(Edition.INTL, "{%s,\"CpsUin\":\"\"}".formatted(ORDERS)).cpsUin()).isEmpty();
    assertRefused(
        Edition.INTL,
        "{%s,\"CpsUin\":\"%s\"}".formatted(ORDERS, longest + "x"),
        "InvalidParameterValue",
        "`CpsUin`");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "OrderIds":"1"                     | OrderIds
          "OrderIds":1                       | OrderIds
          "OrderIds":{}                      | OrderIds
          "OrderIds":["1",2]                 | OrderIds.1
          "OrderIds":[null]                  | OrderIds.0
          "OrderIds":[["1"]]                 | OrderIds.0
          "OrderIds":["1"],"AutoVoucher":"1" | AutoVoucher
          "OrderIds":["1"],"AutoVoucher":1.0 | AutoVoucher
          "OrderIds":["1"],"AutoVoucher":true| AutoVoucher
          "OrderIds":["1"],"VoucherIds":"v"  | VoucherIds
          "OrderIds":["1"],"VoucherIds":[7]  | VoucherIds.0
          "OrderIds":["1"],"AgentPay":"0"    | AgentPay
          "OrderIds":["1"],"CpsUin":1        | CpsUin
          "BigDealIds":[1]                   | BigDealIds.0
          """)
  void another_type_is_refused_with_the_elements_path(String json, String path) {
    assertRefused(Edition.INTL, "{" + json + "}", "InvalidParameter", "`" + path + "`");
  }

  @Test
  void null_is_not_given() {
    assertThat(read(Edition.INTL, "{" + ORDERS + ",\"BigDealIds\":null,\"AgentPay\":null}").mode())
        .isEqualTo(AgentPay.SELF);
  }

  @Test
  void the_combination_comes_before_the_values_and_the_values_in_the_tables_order() {
    assertRefused(
        Edition.INTL,
        "{\"OrderIds\":[\"!\"],\"BigDealIds\":[\"1\"],\"AutoVoucher\":7}",
        "InvalidParameter",
        "`BigDealIds`");
    assertRefused(
        Edition.INTL,
        "{\"AgentPay\":9,\"AutoVoucher\":7,\"OrderIds\":[\"!\"]}",
        "InvalidParameterValue",
        "`OrderIds.0`");
    assertRefused(
        Edition.INTL,
        "{\"AgentPay\":9,\"AutoVoucher\":7,\"OrderIds\":[\"1\"]}",
        "InvalidParameterValue",
        "`AutoVoucher`");
  }
}
