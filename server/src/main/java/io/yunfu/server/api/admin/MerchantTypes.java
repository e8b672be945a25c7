package io.yunfu.server.api.admin;

import io.yunfu.gateway.merchant.ManageMerchants;
import io.yunfu.gateway.merchant.MerchantRefused;
import io.yunfu.gateway.merchant.ProviderId;
import io.yunfu.gateway.merchant.PublicIds;
import io.yunfu.gateway.merchant.ShopId;
import io.yunfu.gateway.merchant.SubMerchantId;
import io.yunfu.kernel.Secret;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/// What the areas of the gateway's merchants have in common. The operator's merchant is the wire's
/// service provider, `out_mch_id`.
final class MerchantTypes {
  private static final int LONGEST_NAME = 100;

  static final ErrorCode NO_SUCH_MERCHANT =
      ErrorCode.of(404, "NoSuchMerchant", "There is no merchant {0}.", "服务商 {0} 不存在。");
  static final ErrorCode NO_SUCH_SUB_MERCHANT =
      ErrorCode.of(404, "NoSuchSubMerchant", "There is no sub-merchant {0}.", "子商户 {0} 不存在。");
  static final ErrorCode NO_SUCH_SHOP =
      ErrorCode.of(404, "NoSuchShop", "There is no shop {0}.", "门店 {0} 不存在。");
  static final ErrorCode ID_TAKEN =
      ErrorCode.of(409, "IdTaken", "The id {0} is taken already.", "编号 {0} 已被占用。");
  static final ErrorCode NO_RSA_KEY =
      ErrorCode.of(
          422,
          "NoRsaKey",
          "RSA cannot be demanded of {0}, which has no public key here.",
          "{0} 未登记 RSA 公钥,不能要求 RSA 签名。");
  static final ErrorCode KEY_IS_OF_CHANNEL =
      ErrorCode.of(
          422,
          "KeyIsOfChannel",
          "The key is one that a channel is asked with: use another one.",
          "该密钥已用作支付渠道密钥,请更换。");
  static final ErrorCode CREDENTIALS_UNUSABLE =
      ErrorCode.of(
          422, "CredentialsUnusable", "The credentials cannot be used: {0} {1}.", "凭据不可用:{0} {1}。");

  /// Source: `cloudpay.md` section 6.1: 1 to 32 characters of printable ASCII.
  private static final Scalar<String> PUBLIC_ID =
      Types.matching(
          Pattern.compile("[\\x21-\\x7e](?:[\\x20-\\x7e]{0,30}[\\x21-\\x7e])?"),
          "1 to "
              + PublicIds.LONGEST
              + " printable characters of ASCII, without spaces at the ends",
          "1 到 " + PublicIds.LONGEST + " 个可打印的 ASCII 字符,首尾不含空格");

  static final Scalar<ProviderId> MERCHANT_ID = PUBLIC_ID.as(ProviderId::new, ProviderId::value);
  static final Scalar<SubMerchantId> SUB_MERCHANT_ID =
      PUBLIC_ID.as(SubMerchantId::new, SubMerchantId::value);
  static final Scalar<ShopId> SHOP_ID = PUBLIC_ID.as(ShopId::new, ShopId::value);

  static final Scalar<String> NAME = Types.text(LONGEST_NAME);

  static final Scalar<Secret> KEY =
      Types.matching(
              Pattern.compile(ManageMerchants.KEY_PATTERN),
              "8 to 128 printable characters of ASCII without spaces",
              "8 到 128 个可打印的 ASCII 字符(不含空格)")
          .as(Secret::of, Secret::reveal);

  static final Field.Must<ProviderId> MERCHANT =
      Field.must("merchant", MERCHANT_ID, "The id of the merchant, the wire's `out_mch_id`.");
  static final Field.Must<SubMerchantId> SUB_MERCHANT =
      Field.must(
          "subMerchant",
          SUB_MERCHANT_ID,
          "The id of the sub-merchant, the wire's `out_sub_mch_id`.");
  static final Field.Must<ShopId> SHOP =
      Field.must("shop", SHOP_ID, "The id of the shop, the wire's `out_shop_id`.");

  static final Field.May<SubMerchantId> SUB_MERCHANT_IS =
      Field.may("subMerchant", SUB_MERCHANT_ID, "Only those of this sub-merchant.");

  static final Field.May<Secret> IMPORTED_KEY =
      Field.may("key", KEY, "Given when it has one already; made here otherwise.").secret();

  static final Field.Must<String> NEW_NAME = Field.must("name", NAME, "Its name.").or("");
  static final Field.May<String> OTHER_NAME = Field.may("name", NAME, "Its new name.");
  static final Field.May<String> NAME_PART =
      Field.may("name", Types.text(1, LONGEST_NAME), "Part of the name, in capitals or not.");

  private MerchantTypes() {}

  /// The values of an enum, in lower case.
  static <E extends Enum<E>> Scalar<E> choice(E[] values) {
    return Types.choice(Arrays.asList(values), value -> value.name().toLowerCase(Locale.ROOT));
  }

  static Refused spelt(MerchantRefused why) {
    return switch (why) {
      case MerchantRefused.IdTaken(String id) -> ID_TAKEN.with(id).at("id");
      case MerchantRefused.NoSuchProvider(ProviderId id) -> NO_SUCH_MERCHANT.with(id);
      case MerchantRefused.NoSuchSubMerchant(SubMerchantId id) -> NO_SUCH_SUB_MERCHANT.with(id);
      case MerchantRefused.NoSuchShop(ShopId id) -> NO_SUCH_SHOP.with(id);
      case MerchantRefused.NoSuchCell(int cell) -> AccountsArea.UNKNOWN_CELL.with(cell).at("cell");
      case MerchantRefused.CredentialsUnusable(String field, String text) ->
          CREDENTIALS_UNUSABLE.with(field, text).at(field);
      case MerchantRefused.KeyIsOfChannel() -> KEY_IS_OF_CHANNEL.with().at("key");
      case MerchantRefused.NoRsaKey(SubMerchantId id) -> NO_RSA_KEY.with(id).at("rsaRequired");
    };
  }
}
