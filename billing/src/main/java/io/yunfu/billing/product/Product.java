package io.yunfu.billing.product;

import static io.yunfu.kernel.Check.require;

import java.time.Instant;
import java.util.regex.Pattern;

/// A sub-product that can be ordered, with its product.
///
/// @param code `p_…` on the wire
/// @param subCode `sp_…` on the wire
/// @param goodsCategory the wire's `GoodsCategoryId`
/// @param resourcePrefix before the dash of a resource id: `ins` gives `ins-1a2b3c4d`
/// @param provider who makes it; empty for the built-in one
public record Product(
    String code,
    String subCode,
    String nameZh,
    String nameEn,
    String subNameZh,
    String subNameEn,
    long goodsCategory,
    String resourcePrefix,
    String provider,
    Instant createdAt) {

  /// What a code looks like; the dash of vouchers' `product/sub-product` is a slash.
  public static final Pattern CODE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  public static final Pattern RESOURCE_PREFIX = Pattern.compile("[a-z][a-z0-9]{0,15}");

  public Product {
    require(CODE.matcher(code).matches(), "not a product code: %s", code);
    require(CODE.matcher(subCode).matches(), "not a sub-product code: %s", subCode);
    require(
        RESOURCE_PREFIX.matcher(resourcePrefix).matches(),
        "not a resource prefix: %s",
        resourcePrefix);
  }

  /// Both codes: what tells products apart.
  public record Key(String code, String subCode) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byCode = code.compareTo(other.code);
      return byCode != 0 ? byCode : subCode.compareTo(other.subCode);
    }

    @Override
    public String toString() {
      return code + "/" + subCode;
    }
  }

  public Key key() {
    return new Key(code, subCode);
  }
}
