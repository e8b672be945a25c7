package io.yunfu.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.annotations.SerializedName;
import com.tencentcloudapi.billing.v20180709.BillingClient;
import com.tencentcloudapi.billing.v20180709.models.Deal;
import com.tencentcloudapi.billing.v20180709.models.DescribeAccountBalanceRequest;
import com.tencentcloudapi.billing.v20180709.models.DescribeAccountBalanceResponse;
import com.tencentcloudapi.billing.v20180709.models.DescribeDealsByCondRequest;
import com.tencentcloudapi.billing.v20180709.models.DescribeDealsByCondResponse;
import com.tencentcloudapi.billing.v20180709.models.DescribeVoucherInfoRequest;
import com.tencentcloudapi.billing.v20180709.models.DescribeVoucherInfoResponse;
import com.tencentcloudapi.billing.v20180709.models.DescribeVoucherUsageDetailsRequest;
import com.tencentcloudapi.billing.v20180709.models.DescribeVoucherUsageDetailsResponse;
import com.tencentcloudapi.billing.v20180709.models.PayDealsRequest;
import com.tencentcloudapi.billing.v20180709.models.UsageRecords;
import com.tencentcloudapi.billing.v20180709.models.VoucherInfos;
import com.tencentcloudapi.common.AbstractModel;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Every read action as the typed models of the vendor's SDK see it: each field that a model
/// declares is sent, and what was sent comes out of the model unchanged.
class VendorModelsAcceptanceIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EVER =
      "\"StartTime\":\"2020-01-01 00:00:00\",\"EndTime\":\"2099-12-31 23:59:59\"";

  /// What is newer than this SDK: it ignores it.
  private static final Set<String> NEWER = Set.of("Unit");

  private final DemoServer demo = DemoServer.shared();
  private final Operator operator = demo.operator();

  @ParameterizedTest
  @EnumSource(Edition.class)
  void deals_carry_every_field(Edition edition) throws TencentCloudSDKException, IOException {
    Customer customer = operator.customer(edition, 1_000);
    Order order = operator.order(customer, 700);
    BillingClient client = Vendor.at(demo.host()).client(customer.key());
    client.PayDeals(order.request());

    var request = new DescribeDealsByCondRequest();
    request.setStartTime("2020-01-01 00:00:00");
    request.setEndTime("2099-12-31 23:59:59");
    request.setLimit(20L);
    request.setOffset(0L);
    request.setOrderId(order.dealId());
    request.setBigDealId(order.bigDealId());
    request.setStatusSet(new Long[] {2L, 3L, 4L});
    DescribeDealsByCondResponse response = client.DescribeDealsByCond(request);
    JsonNode raw =
        raw(
            customer,
            "DescribeDealsByCond",
            "{%s,\"Limit\":20,\"StatusSet\":[2,3,4]}".formatted(EVER));

    requireWhole(response, raw);
    assertThat(response.getTotalCount()).isEqualTo(1);
    Deal deal = response.getDeals()[0];
    requireEveryField(deal, raw.get("Deals").get(0), Set.of());
    assertThat(deal.getOrderId()).isEqualTo(order.dealId());
    assertThat(deal.getBigDealId()).isEqualTo(order.bigDealId());
    assertThat(deal.getStatus()).isIn(2L, 3L, 4L);
    assertThat(deal.getRealTotalCost()).isEqualTo(700);
    assertThat(deal.getVoucherDecline()).isZero();
    assertThat(deal.getTotalCost()).isEqualTo(700);
    assertThat(deal.getPolicy()).isEqualTo(100);
    assertThat(deal.getCurrency()).isEqualTo(edition.currency());
    assertThat(deal.getPayMode()).isEqualTo("prePay");
    assertThat(deal.getAction()).isEqualTo("purchase");
    assertThat(deal.getPayer()).isEqualTo(Long.toString(customer.uin()));
    assertThat(deal.getCreator()).isEqualTo(Long.toString(customer.uin()));
    assertThat(deal.getResourceId()).hasSize(1);
    assertThat(deal.getCreateTime()).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
  }

  @ParameterizedTest
  @EnumSource(Edition.class)
  void the_balance_carries_every_field(Edition edition)
      throws TencentCloudSDKException, IOException {
    Customer customer = operator.customer(edition, 123_456);
    BillingClient client = Vendor.at(demo.host()).client(customer.key());
    var request = new DescribeAccountBalanceRequest();
    request.setTempCredit(true);
    DescribeAccountBalanceResponse response = client.DescribeAccountBalance(request);
    JsonNode raw = raw(customer, "DescribeAccountBalance", "{\"TempCredit\":true}");
    requireWhole(response, raw);
    requireEveryField(response, raw, Set.of());
    assertThat(response.getBalance()).isEqualTo(123_456);
    assertThat(response.getUin()).isEqualTo(customer.uin());
    assertThat(response.getRealBalance()).isEqualTo(123_456);
    assertThat(response.getRealCreditBalance()).isEqualTo(123_456);

    JsonNode unasked = raw(customer, "DescribeAccountBalance", "{}");
    assertThat(unasked.has("TempCredit")).isFalse();
    assertThat(unasked.has("TempAmountInfoList")).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Edition.class)
  void vouchers_and_their_usage_carry_every_field(Edition edition)
      throws TencentCloudSDKException, IOException {
    Customer customer = operator.customer(edition, 1_000);
    Order order = operator.order(customer, 600, 400);
    String voucher = operator.voucher(customer, 500);
    BillingClient client = Vendor.at(demo.host()).client(customer.key());
    PayDealsRequest pay = order.request();
    pay.setVoucherIds(new String[] {voucher});
    client.PayDeals(pay);

    var request = new DescribeVoucherInfoRequest();
    request.setLimit(20L);
    request.setOffset(1L);
    request.setVoucherId(voucher);
    DescribeVoucherInfoResponse info = client.DescribeVoucherInfo(request);
    JsonNode raw = raw(customer, "DescribeVoucherInfo", "{\"Limit\":20,\"Offset\":1}");
    requireWhole(info, raw);
    requireEveryField(info, raw, Set.of());
    VoucherInfos one = info.getVoucherInfos()[0];
    requireEveryField(one, raw.get("VoucherInfos").get(0), Set.of());
    assertThat(one.getVoucherId()).isEqualTo(voucher);
    assertThat(one.getOwnerUin()).isEqualTo(Long.toString(customer.uin()));
    assertThat(one.getStatus()).isEqualTo("used");
    assertThat(one.getNominalValue()).isEqualTo(500_000_000L);
    assertThat(one.getBalance()).isZero();
    assertThat(info.getTotalBalance()).isZero();

    var usage = new DescribeVoucherUsageDetailsRequest();
    usage.setLimit(20L);
    usage.setOffset(1L);
    usage.setVoucherId(voucher);
    DescribeVoucherUsageDetailsResponse details = client.DescribeVoucherUsageDetails(usage);
    JsonNode rawUsage =
        raw(
            customer,
            "DescribeVoucherUsageDetails",
            "{\"Limit\":20,\"Offset\":1,\"VoucherId\":\"%s\"}".formatted(voucher));
    requireWhole(details, rawUsage);
    requireEveryField(details, rawUsage, Set.of());
    assertThat(details.getTotalUsedAmount()).isEqualTo(500_000_000L);
    UsageRecords[] records = details.getUsageRecords();
    assertThat(Arrays.stream(records).map(UsageRecords::getSeqId))
        .containsExactlyInAnyOrderElementsOf(order.dealIds());
    assertThat(Arrays.stream(records).map(UsageRecords::getUsedAmount))
        .containsExactlyInAnyOrder(300_000_000L, 200_000_000L);
    JsonNode record = rawUsage.get("UsageRecords").get(0);
    requireEveryField(records[0], record, Set.of());
    requireEveryField(records[0].getUsageDetails()[0], record.get("UsageDetails").get(0), Set.of());
  }

  /// The same answer without any library in between.
  private JsonNode raw(Customer customer, String action, String json) throws IOException {
    Answer answer = CallV3.post(customer.key(), action, json).to(demo.port());
    assertThat(answer.code()).as(answer.text()).isEqualTo(Answer.OK);
    return answer.response();
  }

  /// Each field that the SDK declares was sent.
  private static void requireEveryField(AbstractModel model, JsonNode raw, Set<String> butFor) {
    Set<String> declared =
        Arrays.stream(model.getClass().getDeclaredFields())
            .map(VendorModelsAcceptanceIT::nameOf)
            .filter(name -> !name.isEmpty() && !butFor.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(raw.propertyNames()).as(model.getClass().getSimpleName()).containsAll(declared);
    declared.forEach(name -> assertThat(raw.get(name).isNull()).as(name).isFalse());
  }

  private static String nameOf(Field field) {
    SerializedName name = field.getAnnotation(SerializedName.class);
    return name == null ? "" : name.value();
  }

  /// The model holds all that was sent, as it was sent, but for the id of the request.
  private static void requireWhole(AbstractModel model, JsonNode raw) {
    requireSame(JSON.readTree(AbstractModel.toJsonString(model)), raw, "Response");
  }

  private static void requireSame(JsonNode typed, JsonNode raw, String path) {
    if (raw.isObject()) {
      Set<String> sent = new TreeSet<>(raw.propertyNames());
      sent.removeIf(name -> raw.get(name).isNull() || NEWER.contains(name));
      assertThat(new TreeSet<>(typed.propertyNames())).as(path).isEqualTo(sent);
      for (String name : sent) {
        if (!name.equals("RequestId")) {
          requireSame(typed.get(name), raw.get(name), path + "." + name);
        }
      }
    } else if (raw.isArray()) {
      assertThat(typed.size()).as(path).isEqualTo(raw.size());
      Iterator<JsonNode> others = raw.iterator();
      int at = 0;
      for (JsonNode one : List.copyOf(typed.valueStream().toList())) {
        requireSame(one, others.next(), path + "[" + at++ + "]");
      }
    } else if (raw.isNumber()) {
      assertThat(typed.decimalValue()).as(path).isEqualByComparingTo(raw.decimalValue());
    } else {
      assertThat(typed).as(path).isEqualTo(raw);
    }
  }
}
