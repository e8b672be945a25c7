package io.yunfu.server;

import io.yunfu.billing.account.ApiKeys;
import io.yunfu.billing.account.Certification;
import io.yunfu.billing.account.Edition;
import io.yunfu.billing.account.OpenAccount;
import io.yunfu.billing.balance.TopUp;
import io.yunfu.billing.deal.CreateDeals;
import io.yunfu.billing.deal.Deal;
import io.yunfu.billing.deal.NewDeal;
import io.yunfu.billing.product.Product;
import io.yunfu.billing.product.Products;
import io.yunfu.billing.voucher.Voucher;
import io.yunfu.kernel.Money;
import io.yunfu.operator.Operator;
import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// An account with a key, money and an order that it can pay.
final class SampleAccount {
  private static final Operator OPERATOR = new Operator("test", "test");
  private static final Product.Key PRODUCT = new Product.Key("p_cvm", "sp_cvm_s5");

  private SampleAccount() {}

  /// Makes one.
  ///
  /// @return as `demo.json` spells an account
  static JsonNode in(Wiring.Running running) {
    var clock = Clock.systemUTC();
    var random = new SecureRandom();
    new Products(running.cells(), clock)
        .create(
            OPERATOR, new Products.Command(PRODUCT, "云服务器", "Server", "标准", "Plain", 1, "ins", ""));
    var uin =
        new OpenAccount(running.cells(), clock, random)
            .open(
                OPERATOR,
                new OpenAccount.Command(
                    Optional.empty(),
                    "示例账号",
                    Edition.CHINA,
                    Certification.COMPLETE,
                    new OpenAccount.Place.Any()))
            .orThrow()
            .owner()
            .uin();
    new TopUp(running.cells(), clock)
        .topUp(OPERATOR, TopUp.Command.cash(uin, Money.cny(100_000)))
        .orThrow();
    var key =
        new ApiKeys(running.cells(), clock, random, running.masterKey())
            .create(OPERATOR, ApiKeys.Command.of(uin, uin))
            .orThrow();
    var order =
        new CreateDeals(running.cells(), clock, CreateDeals.DEFAULT_UNPAID_TTL)
            .create(OPERATOR, CreateDeals.Command.of(uin, deal()))
            .orThrow();
    var json = new ObjectMapper().createObjectNode();
    json.put("secretId", key.key().secretId());
    json.put("secretKey", key.secretKey());
    var unpaid = json.putArray("unpaidOrderIds");
    order.dealIds().forEach(deal -> unpaid.add(deal.value()));
    return json;
  }

  private static NewDeal deal() {
    return new NewDeal(
        Optional.empty(),
        PRODUCT,
        "purchase",
        Deal.PREPAID,
        9_900 * Voucher.MICRO_PER_CENT,
        1,
        BigDecimal.ONE,
        "m",
        NewDeal.NO_DISCOUNT,
        true,
        0,
        List.of(),
        "",
        "",
        "ap-guangzhou-1",
        List.of());
  }
}
