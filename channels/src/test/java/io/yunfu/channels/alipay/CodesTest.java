package io.yunfu.channels.alipay;

import static io.yunfu.channels.Operation.CLOSE;
import static io.yunfu.channels.Operation.CREATE;
import static io.yunfu.channels.Operation.QUERY;
import static io.yunfu.channels.Operation.QUERY_REFUND;
import static io.yunfu.channels.Operation.REFUND;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.channels.Meaning;
import io.yunfu.channels.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The tables of `channels.md` sections 4.6 to 4.9, row by row, written down a second time.
class CodesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "REPEAT ACQ.SYSTEM_ERROR aop.unknow-error isp.unknow-error",
        "NEW_NUMBER ACQ.CONTEXT_INCONSISTENT ACQ.TRADE_HAS_CLOSE ACQ.TRADE_BUYER_NOT_MATCH",
        "NEW_NUMBER ACQ.PAYMENT_AUTH_CODE_INVALID",
        "ASK ACQ.TRADE_HAS_SUCCESS",
        "WRONG ACQ.INVALID_PARAMETER ACQ.ILLEGAL_ARGUMENT ACQ.TOTAL_FEE_EXCEED",
        "WRONG ACQ.EXIST_FORBIDDEN_WORD ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR",
        "WRONG ACQ.SUB_GOODS_SIZE_MAX_COUNT ACQ.INVALID_STORE_ID ACQ.STORE_INFO_INVALID",
        "ACT ACQ.BUYER_NOT_EXIST ACQ.BUYER_SELLER_EQUAL ACQ.BUYER_ENABLE_STATUS_FORBID",
        "ACT ACQ.BUYER_BALANCE_NOT_ENOUGH ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH",
        "ACT ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR ACQ.ERROR_BUYER_CERTIFY_LEVEL_LIMIT",
        "ACT ACQ.PAYER_UNMATCHED ACQ.PAYMENT_FAIL ACQ.PAYMENT_REQUEST_HAS_RISK",
        "ACT ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE ACQ.PULL_MOBILE_CASHIER_FAIL",
        "ACT ACQ.ERROR_BALANCE_PAYMENT_DISABLE ACQ.MOBILE_PAYMENT_SWITCH_OFF",
        "ACT ACQ.CUSTOMER_VALIDATE_ERROR ACQ.NOT_SUPPORT_PAYMENT_INST ACQ.TRADE_SETTLE_ERROR",
        "ACT ACQ.USER_LOGONID_DUP",
        "ALERT ACQ.SELLER_BEEN_BLOCKED ACQ.SELLER_NOT_EXIST ACQ.ERROR_SELLER_CERTIFY_LEVEL_LIMIT",
        "ALERT ACQ.MERCHANT_PERM_RECEIPT_DAY_LIMIT ACQ.MERCHANT_PERM_RECEIPT_SINGLE_LIMIT",
        "ALERT ACQ.MERCHANT_PERM_RECEIPT_SUSPEND_LIMIT ACQ.MERCHANT_STATUS_NOT_NORMAL",
        "ALERT ACQ.BEYOND_PER_RECEIPT_SINGLE_RESTRICTION ACQ.BEYOND_PER_RECEIPT_RESTRICTION",
        "ALERT ACQ.ACCESS_FORBIDDEN ACQ.PARTNER_ERROR ACQ.DEFAULT_SETTLE_RULE_NOT_EXIST",
        "ALERT ACQ.SECONDARY_MERCHANT_STATUS_ERROR ACQ.SECONDARY_MERCHANT_ID_BLANK",
        "ALERT ACQ.SECONDARY_MERCHANT_ID_INVALID ACQ.SECONDARY_MERCHANT_NOT_MATCH",
        "ALERT ACQ.SECONDARY_MERCHANT_ISV_PUNISH_INDIRECT",
        "ALERT ACQ.SECONDARY_MERCHANT_ALIPAY_ACCOUNT_INVALID",
        "ALERT ACQ.SECONDARY_MERCHANT_CARD_ALIAS_NO_INVALID",
        "ALERT ACQ.SUB_MERCHANT_CREATE_FAIL ACQ.SUB_MERCHANT_TYPE_INVALID",
        "ALERT ACQ.OPEN_ID_NOT_TINY_APP ACQ.UNBOUND_APPLICATION ACQ.BIZ_PRODUCT_NOT_ALLOWED",
        "ALERT ACQ.INVALID_RECEIVE_ACCOUNT ACQ.RISK_MERCHANT_IP_NOT_EXIST",
        "ALERT ACQ.PRODUCT_NOT_SUPPORT_IN_TINY_APP",
        "ALERT ACQ.PLATFORM_BUSINESS_ACQUIRE_MODE_MUST_MERCHANT_ID",
        "ALERT isv.invalid-signature isv.invalid-app-id aop.invalid-app-auth-token",
        "UNLISTED ACQ.SOMETHING_NEW isp.something-new SYSTEM_ERROR"
      })
  void creating(String row) {
    check(CREATE, row);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "REPEAT ACQ.SYSTEM_ERROR aop.unknow-error isp.unknow-error",
        "ABSENT ACQ.TRADE_NOT_EXIST",
        "WRONG ACQ.INVALID_PARAMETER",
        "ACT ACQ.ENTERPRISE_PAY_BIZ_ERROR",
        "ALERT isv.insufficient-isv-permissions aop.invalid-auth-token",
        "UNLISTED ACQ.SOMETHING_NEW"
      })
  void asking(String row) {
    check(QUERY, row);
    check(QUERY_REFUND, row);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "REPEAT ACQ.SYSTEM_ERROR",
        "ABSENT ACQ.TRADE_NOT_EXIST",
        "ASK ACQ.TRADE_STATUS_ERROR ACQ.REASON_TRADE_STATUS_INVALID ACQ.REASON_ILLEGAL_STATUS",
        "WRONG ACQ.INVALID_PARAMETER",
        "ALERT isv.invalid-timestamp",
        "UNLISTED ACQ.SOMETHING_NEW"
      })
  void closing(String row) {
    check(CLOSE, row);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ASK ACQ.SYSTEM_ERROR aop.unknow-error isp.unknow-error",
        "ASK_ELSE_NEW_NUMBER ACQ.DISCORDANT_REPEAT_REQUEST",
        "ACT_THEN_REPEAT ACQ.SELLER_BALANCE_NOT_ENOUGH",
        "WRONG ACQ.REFUND_AMT_NOT_EQUAL_TOTAL ACQ.REFUND_FEE_ERROR ACQ.INVALID_PARAMETER",
        "WRONG ACQ.REASON_TRADE_REFUND_FEE_ERR ACQ.NOT_ALLOW_PARTIAL_REFUND",
        "ABSENT ACQ.TRADE_NOT_EXIST",
        "WRONG ACQ.CURRENCY_NOT_SUPPORT ACQ.ALLOC_AMOUNT_VALIDATE_ERROR",
        "ASK_ELSE_ACT ACQ.TRADE_HAS_FINISHED ACQ.TRADE_HAS_CLOSE ACQ.TRADE_STATUS_ERROR",
        "ASK_ELSE_ACT ACQ.REASON_TRADE_STATUS_INVALID ACQ.TRADE_NOT_ALLOW_REFUND",
        "ACT ACQ.REASON_TRADE_BEEN_FREEZEN ACQ.BUYER_ERROR ACQ.BUYER_NOT_EXIST",
        "ACT ACQ.BUYER_ENABLE_STATUS_FORBID ACQ.TRADE_SETTLE_ERROR ACQ.CUSTOMER_VALIDATE_ERROR",
        "ACT ACQ.ENTERPRISE_PAY_BIZ_ERROR ACQ.ONLINE_TRADE_VOUCHER_NOT_ALLOW_REFUND",
        "ACT ACQ.OVERDRAFT_AGREEMENT_NOT_MATCH ACQ.OVERDRAFT_ASSIGN_ACCOUNT_INVALID",
        "ACT ACQ.REFUND_ACCOUNT_NOT_EXIST ACQ.REFUND_CHARGE_ERROR ACQ.USER_NOT_MATCH_ERR",
        "ACT ACQ.REFUND_ROYALTY_PAYEE_ACCOUNT_NOT_EXIST",
        "ALERT isv.invalid-signature aop.invalid-app-auth-token",
        "UNLISTED ACQ.SOMETHING_NEW"
      })
  void refunding(String row) {
    check(REFUND, row);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ABSENT isp.bill_not_exist BILL_NOT_EXIST",
        "WRONG INVAILID_ARGUMENTS",
        "REPEAT UNKNOWN_ERROR aop.unknow-error isp.unknow-error",
        "ALERT isv.invalid-signature aop.invalid-app-auth-token",
        "UNLISTED ACQ.SOMETHING_NEW"
      })
  void fetching_a_bill(String row) {
    check(Operation.BILL, row);
    assertThat(Codes.onTheSafeSide(Operation.BILL, "40004")).isEqualTo(Meaning.ASK);
  }

  @Test
  void codes_without_a_sub_code() {
    for (Operation operation : Operation.values()) {
      assertThat(Codes.meaning(operation, "10000", "")).isEqualTo(Meaning.DONE);
      assertThat(Codes.meaning(operation, "20000", "isp.unknow-error"))
          .isEqualTo(operation == REFUND ? Meaning.ASK : Meaning.REPEAT);
      assertThat(Codes.meaning(operation, "40005", "isv.app-call-limited"))
          .isEqualTo(Meaning.LATER);
      for (String door : List.of("20001", "40001", "40002", "40003", "40006")) {
        assertThat(Codes.meaning(operation, door, "")).isEqualTo(Meaning.ALERT);
        assertThat(Codes.meaning(operation, door, "ACQ.INVALID_PARAMETER"))
            .isEqualTo(Meaning.WRONG);
      }
      for (String other : List.of("10003", "40004", "50000", "")) {
        assertThat(Codes.meaning(operation, other, "")).isEqualTo(Meaning.UNLISTED);
      }
    }
  }

  private static void check(Operation operation, String row) {
    String[] words = row.split(" ", -1);
    for (int i = 1; i < words.length; i++) {
      assertThat(Codes.meaning(operation, "40004", words[i]))
          .as(words[i])
          .isEqualTo(Meaning.valueOf(words[0]));
    }
  }
}
