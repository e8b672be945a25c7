package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;
import static io.yunfu.server.api.admin.MerchantTypes.ID_TAKEN;
import static io.yunfu.server.api.admin.MerchantTypes.NEW_NAME;
import static io.yunfu.server.api.admin.MerchantTypes.NO_SUCH_SHOP;
import static io.yunfu.server.api.admin.MerchantTypes.NO_SUCH_SUB_MERCHANT;
import static io.yunfu.server.api.admin.MerchantTypes.OTHER_NAME;
import static io.yunfu.server.api.admin.MerchantTypes.SHOP;
import static io.yunfu.server.api.admin.MerchantTypes.SHOP_ID;
import static io.yunfu.server.api.admin.MerchantTypes.SUB_MERCHANT;
import static io.yunfu.server.api.admin.MerchantTypes.SUB_MERCHANT_ID;
import static io.yunfu.server.api.admin.MerchantTypes.SUB_MERCHANT_IS;

import io.yunfu.gateway.merchant.ManageMerchants;
import io.yunfu.gateway.merchant.ManageMerchants.ListedShop;
import io.yunfu.gateway.merchant.Merchant.Shop;
import io.yunfu.gateway.merchant.PlacedShop;
import io.yunfu.gateway.merchant.ShopId;
import io.yunfu.gateway.merchant.SubMerchantId;
import java.util.List;
import java.util.function.UnaryOperator;

/// Shops of sub-merchants, what and who is there, and who of their staff may refund. Source:
/// `cloudpay.md` section 6.
final class ShopsArea implements Area {
  private static final int MOST_STAFF = 200;

  /// Also of a `staff_id`. Source: `cloudpay.md` section 3.6.
  private static final int LONGEST_DEVICE_ID = 64;

  private static final String ABOUT_OWN_NUMBER = "The sub-merchant's own number for it.";
  private static final String ABOUT_STAFF =
      "The `staff_id` of everybody there who may refund with `api_version` 2.";

  private static final String ABOUT_DEVICES =
      "The `device_id` of everything there that calls may name, where the sub-merchant has that"
          + " checked.";
  private static final String ABOUT_OTHER_STAFF =
      "The `staff_id` of everybody there whom calls may name, where the sub-merchant has that"
          + " checked, besides `refundStaff`.";

  private static final Scalar<String> OWN_NUMBER_TYPE = Types.text(64);
  private static final ListOf<String> STAFF =
      ListOf.of(Types.text(1, LONGEST_DEVICE_ID), 0, MOST_STAFF);

  private static final Form<PlacedShop> SHOP_FORM =
      Form.<PlacedShop>of("Shop", "A place where a sub-merchant sells.")
          .with("id", SHOP_ID, "The wire's `out_shop_id`.", its -> its.shop().id())
          .with("subMerchant", SUB_MERCHANT_ID, "Whose it is.", PlacedShop::subMerchant)
          .with("name", MerchantTypes.NAME, "Its name.", its -> its.shop().name())
          .with("ownNumber", OWN_NUMBER_TYPE, ABOUT_OWN_NUMBER, its -> its.shop().ownNumber())
          .with(
              "active",
              Types.FLAG,
              "False while no new orders are made there.",
              its -> its.shop().active())
          .with("refundStaff", STAFF, ABOUT_STAFF, its -> its.shop().refundStaff())
          .with("devices", STAFF, ABOUT_DEVICES, its -> its.shop().devices())
          .with("staff", STAFF, ABOUT_OTHER_STAFF, its -> its.shop().staff())
          .with("createdAt", Types.INSTANT, "Since when it is there.", PlacedShop::createdAt);

  private static final Form<ListedShop> LISTED =
      SHOP_FORM.in("Shop", "A place where a sub-merchant sells.", ListedShop::shop);

  private static final Field.May<ShopId> NEW_ID =
      may("id", SHOP_ID, "Of a shop that is imported; made here otherwise.");
  private static final Field.Must<String> OWN_NUMBER =
      must("ownNumber", OWN_NUMBER_TYPE, ABOUT_OWN_NUMBER).or("");
  private static final Field.Must<List<String>> REFUND_STAFF =
      must("refundStaff", STAFF, ABOUT_STAFF).or(List.of());

  private static final Field.Must<List<String>> DEVICES =
      must("devices", STAFF, ABOUT_DEVICES).or(List.of());
  private static final Field.Must<List<String>> OTHER_STAFF =
      must("staff", STAFF, ABOUT_OTHER_STAFF).or(List.of());

  private static final Field.May<String> OTHER_OWN_NUMBER =
      may("ownNumber", OWN_NUMBER_TYPE, ABOUT_OWN_NUMBER);
  private static final Field.May<List<String>> OTHER_REFUND_STAFF =
      may("refundStaff", STAFF, ABOUT_STAFF + " All of them.");
  private static final Field.May<List<String>> NEW_DEVICES =
      may("devices", STAFF, ABOUT_DEVICES + " All of them.");
  private static final Field.May<List<String>> NEW_STAFF =
      may("staff", STAFF, ABOUT_OTHER_STAFF + " All of them.");

  private final ManageMerchants manage;

  ShopsArea(ManageMerchants manage) {
    this.manage = manage;
  }

  @Override
  public String name() {
    return "shops";
  }

  @Override
  public String about() {
    return "Where sub-merchants sell.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.post(
                "shops.create",
                "/sub-merchants/{subMerchant}/shops",
                "Opens or imports a shop of a sub-merchant.")
            .path(SUB_MERCHANT)
            .body(NEW_NAME, OWN_NUMBER, REFUND_STAFF, DEVICES, OTHER_STAFF, NEW_ID)
            .example("{\"name\": \"Main Street\", \"refundStaff\": [\"1001\"]}")
            .refuses(NO_SUCH_SUB_MERCHANT, ID_TAKEN)
            .creates(SHOP_FORM)
            .by(this::create),
        Operation.get("shops.list", "/shops", "Lists shops by age, the oldest first.")
            .query(SUB_MERCHANT_IS)
            .pages(
                LISTED,
                Cursor.number(),
                ListedShop::number,
                "id",
                "subMerchant",
                "name",
                "ownNumber",
                "active",
                "createdAt")
            .by((call, part) ->
                manage.shops(
                    call.get(SUB_MERCHANT_IS).map(SubMerchantId::value).orElse(""),
                    part.after().orElse(0L),
                    part.limit())),
        Operation.get("shops.get", "/shops/{shop}", "Shows a shop.")
            .path(SHOP)
            .refuses(NO_SUCH_SHOP)
            .answers(SHOP_FORM)
            .by(call -> Answers.found(manage.shop(call.get(SHOP)), NO_SUCH_SHOP, call.get(SHOP))),
        Operation.patch("shops.change", "/shops/{shop}", "Changes what a shop is set to.")
            .path(SHOP)
            .body(OTHER_NAME, OTHER_OWN_NUMBER, OTHER_REFUND_STAFF, NEW_DEVICES, NEW_STAFF)
            .example("{\"refundStaff\": [\"1001\", \"1002\"]}")
            .refuses(NO_SUCH_SHOP)
            .answers(SHOP_FORM)
            .by(call ->
                change(
                    call,
                    before ->
                        new Shop(
                            before.id(),
                            call.get(OTHER_OWN_NUMBER).orElse(before.ownNumber()),
                            call.get(OTHER_NAME).orElse(before.name()),
                            before.active(),
                            call.get(OTHER_REFUND_STAFF).orElse(before.refundStaff()),
                            call.get(NEW_DEVICES).orElse(before.devices()),
                            call.get(NEW_STAFF).orElse(before.staff())))),
        Operation.post(
                "shops.disable", "/shops/{shop}/disable", "Ends new orders at a shop for now.")
            .path(SHOP)
            .refuses(NO_SUCH_SHOP)
            .answers(SHOP_FORM)
            .by(call -> setActive(call, false)),
        Operation.post("shops.enable", "/shops/{shop}/enable", "Lets a shop go on again.")
            .path(SHOP)
            .refuses(NO_SUCH_SHOP)
            .answers(SHOP_FORM)
            .by(call -> setActive(call, true)));
  }

  private PlacedShop create(Call call) {
    var command =
        new ManageMerchants.NewShop(
            call.get(SUB_MERCHANT),
            call.get(NEW_ID),
            call.get(NEW_NAME),
            call.get(OWN_NUMBER),
            call.get(REFUND_STAFF),
            call.get(DEVICES),
            call.get(OTHER_STAFF));
    return Answers.done(manage.create(call.operator(), command), MerchantTypes::spelt);
  }

  private PlacedShop setActive(Call call, boolean active) {
    return change(call, before -> before.active(active));
  }

  private PlacedShop change(Call call, UnaryOperator<Shop> change) {
    return Answers.done(
        manage.change(call.operator(), call.get(SHOP), change), MerchantTypes::spelt);
  }
}
