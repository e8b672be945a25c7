package io.yunfu.channels.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.channels.Meaning;
import io.yunfu.channels.Operation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The table of `channels.md` section 2.14, row by row.
class CodesTest {
  @ParameterizedTest
  @CsvSource({
    "CREATE, SYSTEMERROR, REPEAT",
    "CREATE, FREQUENCY_LIMITED, LATER",
    "CREATE, RATELIMIT_EXCEEDED, LATER",
    "CREATE, ORDERPAID, ASK",
    "CREATE, ORDERCLOSED, NEW_NUMBER",
    "CREATE, OUT_TRADE_NO_USED, ASK_ELSE_NEW_NUMBER",
    "CREATE, INVALID_REQUEST, WRONG",
    "CREATE, PARAM_ERROR, WRONG",
    "CREATE, LACK_PARAMS, WRONG",
    "CREATE, NOTENOUGH, ACT",
    "CREATE, NOAUTH, ACT",
    "CREATE, APPID_NOT_EXIST, ALERT",
    "CREATE, MCHID_NOT_EXIST, ALERT",
    "CREATE, APPID_MCHID_NOT_MATCH, ALERT",
    "CREATE, SIGNERROR, ALERT",
    "CREATE, XML_FORMAT_ERROR, ALERT",
    "CREATE, REQUIRE_POST_METHOD, ALERT",
    "CREATE, POST_DATA_EMPTY, ALERT",
    "CREATE, NOT_UTF8, ALERT",
    "CREATE, REFUNDNOTEXIST, UNLISTED",
    "QUERY, ORDERNOTEXIST, ABSENT",
    "QUERY, SYSTEMERROR, REPEAT",
    "QUERY, ORDERPAID, UNLISTED",
    "CLOSE, ORDERPAID, ASK",
    "CLOSE, ORDERCLOSED, DONE",
    "CLOSE, ORDERNOTEXIST, ABSENT",
    "CLOSE, SYSTEMERROR, REPEAT",
    "CLOSE, TRADE_STATE_ERROR, ASK",
    "REFUND, SYSTEMERROR, REPEAT",
    "REFUND, BIZERR_NEED_RETRY, REPEAT",
    "REFUND, INVALID_REQ_TOO_MUCH, LATER",
    "REFUND, FREQUENCY_LIMITED, LATER",
    "REFUND, NOTENOUGH, ACT_THEN_REPEAT",
    "REFUND, TRADE_OVERDUE, ACT",
    "REFUND, USER_ACCOUNT_ABNORMAL, ACT",
    "REFUND, ERROR, ACT",
    "REFUND, ORDERNOTEXIST, WRONG",
    "REFUND, INVALID_TRANSACTIONID, WRONG",
    "REFUND, PARAM_ERROR, WRONG",
    "REFUND, NOAUTH, ALERT",
    "REFUND, ORDERCLOSED, UNLISTED",
    "QUERY_REFUND, REFUNDNOTEXIST, ABSENT",
    "QUERY_REFUND, SYSTEMERROR, REPEAT",
    "QUERY_REFUND, ORDERNOTEXIST, UNLISTED",
  })
  void each_code_has_its_meaning(Operation operation, String code, Meaning meaning) {
    assertThat(Codes.meaning(operation, code)).isEqualTo(meaning);
  }
}
