package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;

import io.yunfu.billing.product.Product;
import io.yunfu.billing.product.ProductRefused;
import io.yunfu.billing.product.Products;
import java.util.List;

/// The catalogue: what can be ordered, and who makes it.
final class ProductsArea implements Area {
  private static final ErrorCode NO_SUCH_PRODUCT =
      ErrorCode.of(404, "NoSuchProduct", "There is no product {0}.", "产品 {0} 不存在。");
  private static final ErrorCode PRODUCT_EXISTS =
      ErrorCode.of(409, "ProductExists", "The product {0} exists already.", "产品 {0} 已存在。");
  private static final ErrorCode UNKNOWN_PROVIDER =
      ErrorCode.of(422, "UnknownProvider", "There is no provider {0}.", "供应商 {0} 不存在。");

  private static final Scalar<String> NAME = Types.text(1, 200);
  private static final Scalar<Long> CATEGORY = Types.integer(0, Long.MAX_VALUE);
  private static final Scalar<String> PREFIX =
      Types.matching(
          Product.RESOURCE_PREFIX,
          "a letter and up to 15 letters or digits, in lower case",
          "小写字母开头、最多 16 位的字母或数字");

  private static final Field.Must<String> CODE =
      must("code", DealsArea.PRODUCT_CODE, "The product's code, `p_…` on the wire.");
  private static final Field.Must<String> SUB_CODE =
      must("subCode", DealsArea.PRODUCT_CODE, "The sub-product's code, `sp_…` on the wire.");
  private static final Field.Must<String> NAME_ZH =
      must("nameZh", NAME, "The product's Chinese name.");
  private static final Field.Must<String> NAME_EN =
      must("nameEn", NAME, "The product's English name.");
  private static final Field.Must<String> SUB_NAME_ZH =
      must("subNameZh", NAME, "The sub-product's Chinese name.");
  private static final Field.Must<String> SUB_NAME_EN =
      must("subNameEn", NAME, "The sub-product's English name.");
  private static final Field.Must<Long> GOODS_CATEGORY =
      must("goodsCategory", CATEGORY, "The wire's `GoodsCategoryId`.").or(0L);
  private static final Field.Must<String> RESOURCE_PREFIX =
      must(
              "resourcePrefix",
              PREFIX,
              "Before the dash of a resource's id: `ins` gives `ins-1a2b3c4d`.")
          .or("res");
  private static final Field.May<String> PROVIDER =
      may(
          "provider",
          ProvidersArea.NAME,
          "Who makes it. Without it, the built-in provider, which makes every resource at once.");

  private static final Form<Product> PRODUCT =
      Form.<Product>of("Product", "A sub-product that can be ordered, with its product.")
          .with("code", DealsArea.PRODUCT_CODE, CODE.about(), Product::code)
          .with("subCode", DealsArea.PRODUCT_CODE, SUB_CODE.about(), Product::subCode)
          .with("nameZh", Types.text(200), NAME_ZH.about(), Product::nameZh)
          .with("nameEn", Types.text(200), NAME_EN.about(), Product::nameEn)
          .with("subNameZh", Types.text(200), SUB_NAME_ZH.about(), Product::subNameZh)
          .with("subNameEn", Types.text(200), SUB_NAME_EN.about(), Product::subNameEn)
          .with("goodsCategory", CATEGORY, GOODS_CATEGORY.about(), Product::goodsCategory)
          .with("resourcePrefix", PREFIX, RESOURCE_PREFIX.about(), Product::resourcePrefix)
          .maybe(
              "provider",
              ProvidersArea.NAME,
              "Who makes it; absent for the built-in provider.",
              product -> Answers.unlessEmpty(product.provider()))
          .with("createdAt", Types.INSTANT, "Since when it is there.", Product::createdAt);

  private static final Field.May<String> CODE_IS =
      may("code", DealsArea.PRODUCT_CODE, "Only those of this product.");
  private static final Field.May<String> PROVIDER_IS =
      may("provider", ProvidersArea.NAME, "Only those that this provider makes.");

  private static final Cursor<Product.Key> CURSOR =
      Cursor.texts()
          .as(
              text -> {
                int slash = text.indexOf('/');
                if (slash < 0) {
                  throw new IllegalArgumentException("a cursor without a slash");
                }
                return new Product.Key(text.substring(0, slash), text.substring(slash + 1));
              },
              Product.Key::toString);

  private final Products products;

  ProductsArea(Products products) {
    this.products = products;
  }

  @Override
  public String name() {
    return "products";
  }

  @Override
  public String about() {
    return "The catalogue of what can be ordered.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.post("products.create", "/products", "Puts a product into the catalogue.")
            .body(
                CODE,
                SUB_CODE,
                NAME_ZH,
                NAME_EN,
                SUB_NAME_ZH,
                SUB_NAME_EN,
                GOODS_CATEGORY,
                RESOURCE_PREFIX,
                PROVIDER)
            .example(
                """
                {"code": "p_cvm", "subCode": "sp_cvm_s5", "nameZh": "云服务器", "nameEn": "Cloud Virtual Machine",
                 "subNameZh": "标准型 S5", "subNameEn": "Standard S5", "resourcePrefix": "ins"}\
                """)
            .refuses(PRODUCT_EXISTS, UNKNOWN_PROVIDER)
            .creates(PRODUCT)
            .by(call ->
                Answers.done(products.create(call.operator(), command(call)), ProductsArea::spelt)),
        Operation.get("products.list", "/products", "Lists the catalogue by ascending codes.")
            .query(CODE_IS, PROVIDER_IS)
            .pages(
                PRODUCT,
                CURSOR,
                Product::key,
                "code",
                "subCode",
                "nameEn",
                "subNameEn",
                "nameZh",
                "subNameZh",
                "resourcePrefix",
                "provider")
            .by((call, part) ->
                products.list(
                    call.get(CODE_IS), call.get(PROVIDER_IS), part.after(), part.limit())),
        Operation.get("products.get", "/products/{code}/{subCode}", "Shows a product.")
            .path(CODE, SUB_CODE)
            .refuses(NO_SUCH_PRODUCT)
            .answers(PRODUCT)
            .by(call -> Answers.found(products.find(key(call)), NO_SUCH_PRODUCT, key(call))),
        Operation.put(
                "products.change",
                "/products/{code}/{subCode}",
                "Replaces all that is known of a product.")
            .path(CODE, SUB_CODE)
            .body(
                NAME_ZH,
                NAME_EN,
                SUB_NAME_ZH,
                SUB_NAME_EN,
                GOODS_CATEGORY,
                RESOURCE_PREFIX,
                PROVIDER)
            .example(
                """
                {"nameZh": "云服务器", "nameEn": "Cloud Virtual Machine", "subNameZh": "标准型 S5",
                 "subNameEn": "Standard S5", "resourcePrefix": "ins", "provider": "machine-maker"}\
                """)
            .refuses(NO_SUCH_PRODUCT, UNKNOWN_PROVIDER)
            .answers(PRODUCT)
            .by(call ->
                Answers.done(
                    products.change(call.operator(), command(call)), ProductsArea::spelt)));
  }

  private static Product.Key key(Call call) {
    return new Product.Key(call.get(CODE), call.get(SUB_CODE));
  }

  private static Products.Command command(Call call) {
    return new Products.Command(
        key(call),
        call.get(NAME_ZH),
        call.get(NAME_EN),
        call.get(SUB_NAME_ZH),
        call.get(SUB_NAME_EN),
        call.get(GOODS_CATEGORY),
        call.get(RESOURCE_PREFIX),
        call.get(PROVIDER).orElse(""));
  }

  private static Refused spelt(ProductRefused why) {
    return switch (why) {
      case ProductRefused.NoSuchProduct(Product.Key key) -> NO_SUCH_PRODUCT.with(key);
      case ProductRefused.ProductExists(Product.Key key) -> PRODUCT_EXISTS.with(key);
      case ProductRefused.NoSuchProvider(String name) ->
          UNKNOWN_PROVIDER.with(name).at(PROVIDER.name());
      case ProductRefused.ProviderExists(String name) ->
          throw new IllegalStateException("a product is no provider: " + name);
    };
  }
}
