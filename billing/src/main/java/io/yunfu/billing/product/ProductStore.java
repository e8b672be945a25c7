package io.yunfu.billing.product;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The catalogue at rest: table `product`.
final class ProductStore {
  private static final String COLUMNS =
      """
      select product_code, sub_product_code, name_zh, name_en, sub_name_zh, sub_name_en, goods_category,
             resource_prefix, provider, created_at
        from product
      """;

  private static final String FIND = COLUMNS + " where product_code = ? and sub_product_code = ?";
  private static final String LOCK = FIND + " for update";

  private static final String KNOWN =
      """
      select product_code, sub_product_code
        from product
       where (product_code, sub_product_code) in (select * from unnest(?::text[], ?::text[]))
      """;

  private static final String LIST =
      COLUMNS
          + """
           where (product_code, sub_product_code) > (?, ?)
             and (?::text is null or product_code = ?)
             and (?::text is null or provider = ?)
           order by product_code, sub_product_code
           limit ?
          """;

  private static final String PUT =
      """
      insert into product (product_code, sub_product_code, name_zh, name_en, sub_name_zh, sub_name_en, goods_category,
                           resource_prefix, provider, created_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (product_code, sub_product_code) do update
         set name_zh = excluded.name_zh, name_en = excluded.name_en, sub_name_zh = excluded.sub_name_zh,
             sub_name_en = excluded.sub_name_en, goods_category = excluded.goods_category,
             resource_prefix = excluded.resource_prefix, provider = excluded.provider
      """;

  Optional<Product> find(Transaction tx, Product.Key key) {
    return tx.queryOne(FIND, ProductStore::product, key.code(), key.subCode());
  }

  Optional<Product> lock(Transaction tx, Product.Key key) {
    return tx.queryOne(LOCK, ProductStore::product, key.code(), key.subCode());
  }

  List<Product.Key> known(Transaction tx, Collection<Product.Key> keys) {
    return tx.query(
        KNOWN,
        row -> new Product.Key(row.text("product_code"), row.text("sub_product_code")),
        keys.stream().map(Product.Key::code).toArray(String[]::new),
        keys.stream().map(Product.Key::subCode).toArray(String[]::new));
  }

  List<Product> list(
      Transaction tx,
      Optional<String> code,
      Optional<String> provider,
      Product.Key after,
      int limit) {
    String wanted = code.orElse(null);
    String by = provider.orElse(null);
    return tx.query(
        LIST, ProductStore::product, after.code(), after.subCode(), wanted, wanted, by, by, limit);
  }

  /// Writes it whether it is there or not.
  void put(Transaction tx, Product product) {
    tx.update(
        PUT,
        product.code(),
        product.subCode(),
        product.nameZh(),
        product.nameEn(),
        product.subNameZh(),
        product.subNameEn(),
        product.goodsCategory(),
        product.resourcePrefix(),
        product.provider(),
        product.createdAt());
  }

  private static Product product(Row row) {
    return new Product(
        row.text("product_code"),
        row.text("sub_product_code"),
        row.text("name_zh"),
        row.text("name_en"),
        row.text("sub_name_zh"),
        row.text("sub_name_en"),
        row.longAt("goods_category"),
        row.text("resource_prefix"),
        row.text("provider"),
        row.instant("created_at"));
  }
}
