package io.yunfu.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The examples of both documents of PayDeals, as they stand there, against orders that were
/// imported under the ids of the examples. The common parameters, which the documents leave out,
/// are those of signature v1.
class SeedDocumentsAcceptanceIT {
  private final DemoServer demo = DemoServer.shared();
  private final Operator operator = demo.operator();

  /// Source: the China document, section 4, example 1.
  ///
  ///     https://billing.tencentcloudapi.com/?Action=PayDeals
  ///     &OrderIds.0=123412551
  ///     &OrderIds.1=123453123
  ///     &AutoVoucher=1
  ///     &<common parameters>
  @Test
  void the_example_of_the_china_document_is_answered_as_it_shows() throws IOException {
    Customer customer = operator.customer(Edition.CHINA, 10_000);
    operator.importOrder(customer, "123412500", List.of("123412551", "123453123"), 1);
    Answer answer =
        CallV1.get(customer.key(), "PayDeals")
            .with("OrderIds.0", "123412551")
            .with("OrderIds.1", "123453123")
            .with("AutoVoucher", "1")
            .host("billing.tencentcloudapi.com")
            .signatureMethod("HmacSHA1")
            .to(demo.port());
    assertThat(answer.code()).isEqualTo(Answer.OK);
    JsonNode response = answer.response();
    // BigDealIds is not in this document, but declared by the vendor's China SDKs.
    assertThat(response.propertyNames())
        .containsExactlyInAnyOrder("OrderIds", "ResourceIds", "BigDealIds", "RequestId");
    assertThat(answer.texts("OrderIds")).containsExactly("123412551", "123453123");
    assertThat(answer.texts("ResourceIds"))
        .hasSize(2)
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("ins-[0-9a-z]+"));
    assertThat(answer.texts("BigDealIds")).containsExactly("123412500");
  }

  /// Source: the international document. Its one deal gives two resources.
  ///
  ///     https://billing.intl.tencentcloudapi.com/?Action=PayDeals
  ///     &OrderIds.0=2020111161300016142141
  ///     &AutoVoucher=1
  ///     &<Common request parameters>
  @Test
  void the_example_of_the_international_document_is_answered_as_it_shows() throws IOException {
    Customer customer = operator.customer(Edition.INTERNATIONAL, 10_000);
    operator.importOrder(customer, "2020111161300016142108", List.of("2020111161300016142141"), 2);
    Answer answer =
        CallV1.get(customer.key(), "PayDeals")
            .with("OrderIds.0", "2020111161300016142141")
            .with("AutoVoucher", "1")
            .host("billing.intl.tencentcloudapi.com")
            .to(demo.port());
    assertThat(answer.code()).isEqualTo(Answer.OK);
    assertThat(answer.response().propertyNames())
        .containsExactlyInAnyOrder("OrderIds", "BigDealIds", "ResourceIds", "RequestId");
    assertThat(answer.texts("OrderIds")).containsExactly("2020111161300016142141");
    assertThat(answer.texts("BigDealIds")).containsExactly("2020111161300016142108");
    assertThat(answer.texts("ResourceIds"))
        .hasSize(2)
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("ins-[0-9a-z]+"));
  }

  /// What the document of one edition declares and the other does not.
  @Test
  void a_call_without_any_order_fails_as_each_document_says() throws IOException {
    Customer china = operator.customer(Edition.CHINA, 1);
    Customer international = operator.customer(Edition.INTERNATIONAL, 1);
    Answer ofChina = CallV1.get(china.key(), "PayDeals").to(demo.port());
    Answer ofInternational = CallV1.get(international.key(), "PayDeals").to(demo.port());
    assertThat(ofChina.code()).isEqualTo("MissingParameter");
    assertThat(ofChina.message()).contains("OrderIds");
    assertThat(ofInternational.code()).isEqualTo("InvalidParameter");
    assertThat(ofInternational.message()).contains("OrderIds").contains("BigDealIds");
  }
}
