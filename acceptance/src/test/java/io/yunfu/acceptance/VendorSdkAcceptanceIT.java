package io.yunfu.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.tencentcloudapi.billing.v20180709.models.PayDealsRequest;
import com.tencentcloudapi.billing.v20180709.models.PayDealsResponse;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.Language;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The vendor's unmodified Java SDK pays real deals: `billing.md` section 5.5 for that client. Each
/// test has an account of its own, and so a rate limit of its own.
class VendorSdkAcceptanceIT {
  private static final String UUID_V4 =
      "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

  private final DemoServer demo = DemoServer.shared();
  private final Operator operator = demo.operator();

  @Test
  void with_nothing_changed_but_the_address_it_pays_a_deal_and_gets_its_resource()
      throws TencentCloudSDKException {
    Customer customer = operator.customer(Edition.CHINA, 10_000);
    Order order = operator.order(customer, 100);
    PayDealsResponse paid = Vendor.at(demo.host()).client(customer.key()).PayDeals(order.request());
    assertThat(paid.getOrderIds()).containsExactly(order.dealId());
    assertThat(paid.getBigDealIds()).containsExactly(order.bigDealId());
    assertThat(paid.getResourceIds()).singleElement().asString().matches("ins-[0-9a-z]+");
    assertThat(paid.getRequestId()).matches(UUID_V4);
    assertThat(operator.available(customer)).isEqualTo(9_900);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, TC3-HMAC-SHA256, POST",
    "127.0.0.1, TC3-HMAC-SHA256, GET",
    "127.0.0.1, HmacSHA256, POST",
    "127.0.0.1, HmacSHA256, GET",
    "127.0.0.1, HmacSHA1, POST",
    "127.0.0.1, HmacSHA1, GET",
    "localhost, TC3-HMAC-SHA256, POST",
    "localhost, TC3-HMAC-SHA256, GET",
    "localhost, HmacSHA256, POST",
    "localhost, HmacSHA256, GET",
    "localhost, HmacSHA1, POST",
    "localhost, HmacSHA1, GET"
  })
  void it_pays_in_both_editions_with_every_signature_and_method(
      String host, String signature, String method) throws TencentCloudSDKException {
    Vendor vendor = Vendor.at(host + ":" + demo.port()).signature(signature).method(method);
    for (Edition edition : Edition.values()) {
      Customer customer = operator.customer(edition, 100);
      Order order = operator.order(customer, 100);
      PayDealsResponse paid = vendor.client(customer.key()).PayDeals(order.request());
      assertThat(paid.getOrderIds()).containsExactly(order.dealId());
      assertThat(paid.getResourceIds()).hasSize(1);
      assertThat(operator.available(customer)).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"TC3-HMAC-SHA256, POST", "TC3-HMAC-SHA256, GET", "HmacSHA1, GET", "HmacSHA256, POST"})
  void an_error_arrives_with_its_code_and_request_id(String signature, String method)
      throws TencentCloudSDKException {
    Customer customer = operator.customer(Edition.CHINA, 1_000);
    Order order = operator.order(customer, 100);
    var client = Vendor.at(demo.host()).signature(signature).method(method).client(customer.key());
    client.PayDeals(order.request());
    TencentCloudSDKException again = refused(() -> client.PayDeals(order.request()));
    assertThat(again.getErrorCode()).isEqualTo("FailedOperation.InvalidDeal");
    assertThat(again.getMessage()).contains(order.dealId());
    assertThat(again.getRequestId()).matches(UUID_V4);
    assertThat(operator.available(customer)).isEqualTo(900);
  }

  /// It sends three of the four inputs only when they are set.
  @Test
  void it_pays_a_whole_big_deal_by_its_id() throws TencentCloudSDKException {
    Customer customer = operator.customer(Edition.INTERNATIONAL, 1_000);
    Order order = operator.order(customer, 100, 200, 300);
    var request = new PayDealsRequest();
    request.setBigDealIds(new String[] {order.bigDealId()});
    request.setAgentPay(0L);
    request.setCpsUin("100000000001");
    PayDealsResponse paid = Vendor.at(demo.host()).client(customer.key()).PayDeals(request);
    assertThat(paid.getOrderIds()).containsExactlyElementsOf(order.dealIds());
    assertThat(paid.getBigDealIds()).containsExactly(order.bigDealId());
    assertThat(paid.getResourceIds()).hasSize(3);
    assertThat(operator.available(customer)).isEqualTo(400);
  }

  @Test
  void it_pays_with_a_voucher() throws TencentCloudSDKException {
    Customer customer = operator.customer(Edition.CHINA, 1_000);
    Order order = operator.order(customer, 700);
    String voucher = operator.voucher(customer, 250);
    PayDealsRequest request = order.request();
    request.setVoucherIds(new String[] {voucher});
    Vendor.at(demo.host()).client(customer.key()).PayDeals(request);
    assertThat(operator.available(customer)).isEqualTo(550);
  }

  /// Such an id cannot exist, so that it came through whole shows in the answer.
  @ParameterizedTest
  @CsvSource({
    "TC3-HMAC-SHA256, POST",
    "TC3-HMAC-SHA256, GET",
    "HmacSHA256, POST",
    "HmacSHA256, GET",
    "HmacSHA1, POST",
    "HmacSHA1, GET"
  })
  void a_voucher_id_with_blank_plus_slash_and_chinese_arrives_whole(
      String signature, String method) {
    String voucher = "V 1+2/3 & 代金券=%41";
    Customer customer = operator.customer(Edition.CHINA, 1_000);
    Order order = operator.order(customer, 100);
    PayDealsRequest request = order.request();
    request.setVoucherIds(new String[] {voucher});
    var client = Vendor.at(demo.host()).signature(signature).method(method).client(customer.key());
    TencentCloudSDKException error = refused(() -> client.PayDeals(request));
    assertThat(error.getErrorCode()).isEqualTo("InvalidParameterValue");
    assertThat(error.getMessage()).contains(voucher).contains("VoucherIds.0");
    assertThat(operator.available(customer)).isEqualTo(1_000);
  }

  /// By name, `OrderIds.10` would come before `OrderIds.2`.
  @ParameterizedTest
  @CsvSource({"TC3-HMAC-SHA256, GET", "HmacSHA256, GET", "HmacSHA1, POST"})
  void twelve_ids_keep_their_numeric_order(String signature, String method)
      throws TencentCloudSDKException {
    Customer customer = operator.customer(Edition.CHINA, 12_000);
    var ids = new ArrayList<>(operator.order(customer, Collections.nCopies(12, 1_000L)).dealIds());
    Collections.reverse(ids);
    PayDealsResponse paid =
        Vendor.at(demo.host())
            .signature(signature)
            .method(method)
            .client(customer.key())
            .PayDeals(Vendor.deals(ids.toArray(String[]::new)));
    assertThat(paid.getOrderIds()).containsExactlyElementsOf(ids);
    assertThat(operator.available(customer)).isZero();
  }

  @Test
  void a_payload_that_it_leaves_unsigned_is_accepted() throws TencentCloudSDKException {
    Customer customer = operator.customer(Edition.CHINA, 100);
    Order order = operator.order(customer, 100);
    PayDealsResponse paid =
        Vendor.at(demo.host())
            .withUnsignedPayload()
            .client(customer.key())
            .PayDeals(order.request());
    assertThat(paid.getOrderIds()).containsExactly(order.dealId());
  }

  @ParameterizedTest
  @CsvSource({"TC3-HMAC-SHA256, POST", "TC3-HMAC-SHA256, GET", "HmacSHA256, GET", "HmacSHA1, POST"})
  void a_temporary_key_pays_with_its_token_and_only_with_it(String signature, String method)
      throws TencentCloudSDKException {
    Customer customer = operator.customer(Edition.CHINA, 100);
    Order order = operator.order(customer, 100);
    Key temporary = operator.temporaryKey(customer);
    Vendor vendor = Vendor.at(demo.host()).signature(signature).method(method);
    var without = vendor.client(new Key(temporary.secretId(), temporary.secretKey()));
    var withAnother =
        vendor.client(new Key(temporary.secretId(), temporary.secretKey(), "another-token"));
    assertThat(refused(() -> without.PayDeals(order.request())).getErrorCode())
        .isEqualTo("AuthFailure.TokenFailure");
    assertThat(refused(() -> withAnother.PayDeals(order.request())).getErrorCode())
        .isEqualTo("AuthFailure.TokenFailure");
    assertThat(operator.available(customer)).isEqualTo(100);
    PayDealsResponse paid = vendor.client(temporary).PayDeals(order.request());
    assertThat(paid.getOrderIds()).containsExactly(order.dealId());
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void messages_come_in_the_language_that_was_asked_for(Language language) {
    Customer customer = operator.customer(Edition.CHINA, 99);
    Order order = operator.order(customer, 100);
    String expected =
        switch (language) {
          case EN_US -> "The payer's available amount does not cover this payment.";
          case ZH_CN -> "付款账户可用金额不足。";
        };
    for (String signature : List.of("TC3-HMAC-SHA256", "HmacSHA256")) {
      var client =
          Vendor.at(demo.host()).language(language).signature(signature).client(customer.key());
      TencentCloudSDKException error = refused(() -> client.PayDeals(order.request()));
      assertThat(error.getErrorCode()).isEqualTo("FailedOperation.BalanceInsufficient");
      assertThat(error.getMessage()).isEqualTo(expected);
    }
  }

  @Test
  void without_a_language_messages_are_english() {
    Customer customer = operator.customer(Edition.CHINA, 99);
    Order order = operator.order(customer, 100);
    var client = Vendor.at(demo.host()).client(customer.key());
    assertThat(refused(() -> client.PayDeals(order.request())).getMessage())
        .isEqualTo("The payer's available amount does not cover this payment.");
  }

  @Test
  void a_wrong_secret_key_pays_nothing() {
    Customer customer = operator.customer(Edition.CHINA, 100);
    Order order = operator.order(customer, 100);
    var wrong = new Key(customer.key().secretId(), "A" + customer.key().secretKey());
    for (String signature : List.of("TC3-HMAC-SHA256", "HmacSHA256", "HmacSHA1")) {
      var client = Vendor.at(demo.host()).signature(signature).client(wrong);
      assertThat(refused(() -> client.PayDeals(order.request())).getErrorCode())
          .isEqualTo("AuthFailure.SignatureFailure");
    }
    assertThat(operator.available(customer)).isEqualTo(100);
  }

  private interface SdkCall {
    Object run() throws TencentCloudSDKException;
  }

  private static TencentCloudSDKException refused(SdkCall call) {
    TencentCloudSDKException error =
        catchThrowableOfType(TencentCloudSDKException.class, call::run);
    assertThat(error).as("refused").isNotNull();
    return error;
  }
}
