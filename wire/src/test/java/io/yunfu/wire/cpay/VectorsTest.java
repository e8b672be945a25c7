package io.yunfu.wire.cpay;

import static io.yunfu.wire.cpay.Calls.K1;
import static io.yunfu.wire.cpay.Calls.K2;
import static io.yunfu.wire.cpay.Calls.T1;
import static io.yunfu.wire.cpay.Calls.T1_CODE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.kernel.Money;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Published vectors and those of `cloudpay.md`: sections 1.3, 1.8, 1.10, 2.20 and appendix B.
class VectorsTest {
  // B1
  @ParameterizedTest
  @CsvSource({
    "696FF05FA7CE76664211A47CD788CC30, ea90ceba,"
        + " 2F09EFCB064D4F9A4A0BABD5260842D8AC4D0611F4B941A03A77E5E55B5168D7",
    "c852274d372982d5530b692fd77124d3, ac=p9fa01zex4mi&rs=c44f32e0&sn=LANDI_QM600_LA190000000,"
        + " E0CA8FDA56464BDF702FCA1AE9692EB99483E065879247763B3A46B576EBF5AC"
  })
  void a_published_text_has_its_published_code(String key, String text, String code) {
    assertThat(AuthenKey.of(key).sign(text)).isEqualTo(code);
  }

  @Test
  void the_case_of_a_key_counts() {
    assertThat(
            AuthenKey.of("C852274D372982D5530B692FD77124D3")
                .sign("ac=p9fa01zex4mi&rs=c44f32e0&sn=LANDI_QM600_LA190000000"))
        .isNotEqualTo("E0CA8FDA56464BDF702FCA1AE9692EB99483E065879247763B3A46B576EBF5AC");
  }

  // B1
  @Test
  void the_worked_example_is_accepted_and_its_text_is_the_one_that_was_signed() {
    assertThat(T1.getBytes(UTF_8)).hasSize(443);
    assertThat(K1.sign(T1)).isEqualTo(T1_CODE);
    assertThat(ReceivedCall.of(Calls.body(T1, T1_CODE), false).text()).isEqualTo(T1);
    assertThat(K1.sign(T1 + "\n"))
        .isEqualTo("50AB71CCF0B7976D9ECE8BD147A98BB97A9EA0FB4EA6B9D053096CD649824382");
  }

  @Test
  void the_worked_answer_has_its_bytes_and_its_code() {
    String body =
        new String(Reply.signed(new LogId(1734459021), Results.OK.with(), answer(), K1), UTF_8);
    String text =
        "{\"status\":0,\"description\":\"\\u64CD\\u4F5C\\u6210\\u529F\\u3002\",\"log_id\":1734459021,"
            + "\"internal_status\":0,\"official_account_pay\":{\"pay_mch_key\":{\"pay_platform\":1,"
            + "\"out_mch_id\":\"gz02Kp7Qv3nXw8ZrT1mA\",\"out_sub_mch_id\":\"gz02Hs4Lt9bYc6FuE2jD\","
            + "\"out_shop_id\":\"gz02Wd5Rf1kPv0NqC8xB\",\"sub_pay_platform\":100,"
            + "\"wxpay_pay_mch_key_ext\":{\"app_id\":\"wx00000000000000aa\","
            + "\"sub_app_id\":\"wx00000000000000bb\","
            + "\"sub_open_id\":\"oTest0001aaaaBBBBccccDDDD1234\"}},"
            + "\"order_content\":{\"out_trade_no\":\"gz0200abcd20260301000001\",\"trade_type\":3,"
            + "\"time_expire\":1772323320,\"nonce_str\":\"N0nceRequest000000000000000000A1\","
            + "\"create_time\":1772323200,\"last_update_time\":1772323200,\"is_transforming\":false,"
            + "\"total_fee\":2590,\"fee_type\":\"CNY\",\"cash_fee_type\":\"CNY\","
            + "\"body\":\"\\u6D4B\\u8BD5\\u8BA2\\u5355\",\"wxpay_order_content_ext\":"
            + "{\"current_trade_state\":6,\"goods_tag\":\"\","
            + "\"prepare_id\":\"wx01080000123456789abcdef01234567890\"}},"
            + "\"nonce_str\":\"RespNonce000000000000000000000B2\",\"jsapi_args\":{\"wxpay\":"
            + "{\"get_brand_wcpay\":{\"app_id\":\"wx00000000000000bb\",\"timestamp\":\"1772323200\","
            + "\"nonce_str\":\"0f1e2d3c4b5a69788796a5b4c3d2e1f0\","
            + "\"package\":\"prepay_id=wx01080000123456789abcdef01234567890\","
            + "\"sign_type\":\"MD5\",\"pay_sign\":\"B6F75DC65ECA377B5C191BE55A46BDDC\"}}}}}";
    assertThat(body)
        .isEqualTo(
            "{\"response_content\":"
                + Calls.quoted(text)
                + ",\"authen_info\":{\"a\":{\"authen_type\":1,\"authen_code\":"
                + "\"4D82EE8D8FEE2FE44A0652A5B9164CEBD3B283720C74060925B6254523F6FC2D\"}}}");
  }

  private static Payload answer() {
    var order =
        new OrderContent(
            "gz0200abcd20260301000001",
            Optional.empty(),
            3,
            Instant.ofEpochSecond(1772323320),
            Optional.empty(),
            "N0nceRequest000000000000000000A1",
            Instant.ofEpochSecond(1772323200),
            Instant.ofEpochSecond(1772323200),
            false,
            "",
            Money.cny(2590),
            Optional.empty(),
            Optional.empty(),
            "测试订单",
            "",
            "",
            "",
            false,
            List.of(),
            new OrderContent.Wechat(
                6,
                "",
                "",
                "",
                Optional.empty(),
                OptionalInt.empty(),
                "",
                "",
                "wx01080000123456789abcdef01234567890",
                ""));
    return new Payload.OfficialAccountPay(
        new PayMchKey(
            new MerchantIds("gz02Kp7Qv3nXw8ZrT1mA", "gz02Hs4Lt9bYc6FuE2jD", "gz02Wd5Rf1kPv0NqC8xB"),
            Platform.WECHAT,
            100,
            Optional.of(
                new PayMchKey.Wechat(
                    "wx00000000000000aa",
                    Optional.of("wx00000000000000bb"),
                    Optional.empty(),
                    Optional.of("oTest0001aaaaBBBBccccDDDD1234"),
                    Optional.empty()))),
        order,
        "RespNonce000000000000000000000B2",
        Optional.of(
            new JsapiArguments.Wechat(
                "wx00000000000000bb",
                "1772323200",
                "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
                "prepay_id=wx01080000123456789abcdef01234567890",
                "MD5",
                "B6F75DC65ECA377B5C191BE55A46BDDC")));
  }

  @Test
  void a_wrong_code_is_answered_with_the_published_bytes() {
    assertThat(
            new String(
                Reply.unsigned(new LogId(1734459022), Results.WRONG_AUTHEN_CODE.with()), UTF_8))
        .isEqualTo(
            "{\"response_content\":\"{\\\"status\\\":101,\\\"description\\\":\\\"\\\\u53C2\\\\u6570"
                + "authen_code\\\\u9519\\\\u8BEF.\\\",\\\"log_id\\\":1734459022,"
                + "\\\"internal_status\\\":7}\"}");
  }

  // B1
  @Test
  void the_vector_of_the_notification_key_holds() {
    assertThat(K2.sign("{\"nonce_str\":\"K1l2Z3x4C5v6B7n8M9q0W1e2R3t4Y5u6\"}"))
        .isEqualTo("29EFAADED78AE9FC535BF98815F044950B62C60C8482FA4F85C621F46276330E");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("publishedForms")
  void each_form_of_the_published_example_is_read_alike(
      String form, String text, int bytes, String sha256, String code)
      throws NoSuchAlgorithmException {
    byte[] utf8 = text.getBytes(UTF_8);
    assertThat(utf8).hasSize(bytes);
    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(utf8)))
        .isEqualTo(sha256);
    var request = Calls.accepted(Calls.body(text, code), false, OfficialAccountPayRequest::of);
    assertThat(request).isEqualTo(Calls.read(F1, OfficialAccountPayRequest::of));
    assertThat(request.content().outTradeNo()).isEqualTo("sz017439399162737843772384118");
    assertThat(request.content().total()).isEqualTo(Money.cny(10000));
    assertThat(request.content().body()).contains("湖南交通工程学院后勤处");
    assertThat(request.nonce()).isEqualTo("57vJCSbipmT0z00TJhw9xIHn3QGdZBah");
    assertThat(request.tradeType()).hasValue(3);
  }

  private static final String F1 =
      "{\"pay_mch_key\":{\"out_mch_id\":\"sz01CRXVcdYDyJik8873\","
          + "\"out_sub_mch_id\":\"sz01KuceBtrckIKw339L\",\"out_shop_id\":\"sz01NmziKgZQmAI98Kij\","
          + "\"pay_platform\":1,\"wxpay_pay_mch_key_ext\":"
          + "{\"sub_open_id\":\"oxEiL1Yq1eIlkll987C-o3v9y6MYQ\"}},"
          + "\"pay_content\":{\"out_trade_no\":\"sz017439399162737843772384118\","
          + "\"total_fee\":10000,\"fee_type\":\"CNY\",\"body\":"
          + "\"\\u6e56\\u5357\\u4ea4\\u901a\\u5de5\\u7a0b\\u5b66\\u9662\\u540e\\u52e4\\u5904\"},"
          + "\"order_client\":{\"spbill_create_ip\":\"192.168.1.1\"},"
          + "\"nonce_str\":\"57vJCSbipmT0z00TJhw9xIHn3QGdZBah\",\"trade_type\":3}";

  static Stream<Arguments> publishedForms() {
    String verbatim = Calls.published("request_content.txt");
    String blanks = verbatim.replace('\u00A0', ' ');
    String raw =
        F1.replace(
            "\\u6e56\\u5357\\u4ea4\\u901a\\u5de5\\u7a0b\\u5b66\\u9662\\u540e\\u52e4\\u5904",
            "湖南交通工程学院后勤处");
    return Stream.of(
        Arguments.of(
            "F1 minified",
            F1,
            505,
            "df9b83b00955b4474fc43e2d07a92f7e3e8bc20e1501c0844eeded82fa222eef",
            "10605D314E7059301D74F94EB837C335CB0B096C5F08AFCC5BBAB967C4F12A6E"),
        Arguments.of(
            "F2 with a line feed",
            F1 + "\n",
            506,
            "6c8611b437bc90d6774965e594c20cfe6af93cebe46cccbfbe54dd9252394d71",
            "272503EE257B5A050608A32786A8EFB9847F19A119EAA854C2E9B05F5BCD2D14"),
        Arguments.of(
            "F3 with raw characters",
            raw,
            472,
            "29ebafe5464a461e018a8fddae0c3f7a0442ef572e6ca2102b39c751027c7a8a",
            "724C7A452563455C7D7C4DC5D6801B7FA70D94E6C5FC8CEC1CEE0AB23208179B"),
        Arguments.of(
            "F4 laid out with blanks",
            blanks,
            884,
            "bc12dceedfca5c45662e6d57d69d2d7e9d255e8212f4094b692d4e7e9de7abd3",
            "EEC4F462BE7EFE0A9287BA1E5D573D447F76CFC18D5C76B50322EE4F55791AD0"),
        Arguments.of(
            "F5 laid out, with a line feed",
            blanks + "\n",
            885,
            "7b53b17a7701b6ba974489cf07a29416441af57b5255f4b962938ab40e78fb41",
            "5FADCC53575B1F62D3BA4244E3DB9BE92D5E1610C40D6F657778DD250243FABA"),
        Arguments.of(
            "F6 verbatim, with no-break spaces",
            verbatim,
            1241,
            "4f873207fe98f98a90952133b790a7a6cc21017f99cb3d5a42800a3051846dad",
            "67A95A95D52F0C75E601B29D668ACED8C793F0F30D644F854340225A5B7E2663"));
  }
}
