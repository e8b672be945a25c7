package io.yunfu.billing.product;

import static io.yunfu.billing.Desk.ANN;
import static io.yunfu.billing.Desk.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.Desk;
import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.TestDatabase;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// With two cells, whatever the suite runs with.
class ProductsIT {
  private static final Desk desk = new Desk(TestDatabase.cells(2));
  private static final URI URL = URI.create("https://provider.example/yunfu");

  @AfterAll
  static void close() {
    desk.cells.close();
  }

  @Test
  void a_product_stands_in_every_cell() {
    var key = new Product.Key("p_one", "sp_one");
    var product = desk.products.create(ANN, command(key, "first", "")).orThrow();
    assertThat(desk.products.find(key)).contains(product);
    assertThat(desk.lastAudit().subject()).isEqualTo("product/p_one/sp_one");
    assertThat(refusal(desk.products.create(ANN, command(key, "again", ""))))
        .isEqualTo(new ProductRefused.ProductExists(key));
    desk.products.change(ANN, command(key, "second", "")).orThrow();
    assertThat(desk.cells.all())
        .allSatisfy(cell -> assertThat(name(cell, key)).isEqualTo("second"));
  }

  @Test
  void what_does_not_exist_is_neither_changed_nor_named() {
    var key = new Product.Key("p_none", "sp_none");
    assertThat(refusal(desk.products.change(ANN, command(key, "x", ""))))
        .isEqualTo(new ProductRefused.NoSuchProduct(key));
    assertThat(refusal(desk.products.create(ANN, command(key, "x", "nobody"))))
        .isEqualTo(new ProductRefused.NoSuchProvider("nobody"));
  }

  @Test
  void products_are_listed_by_code_and_filtered() {
    for (String sub : new String[] {"a", "b", "c"}) {
      desk.products.create(ANN, command(new Product.Key("p_list", sub), "x", "")).orThrow();
    }
    var first = desk.products.list(Optional.of("p_list"), Optional.empty(), Optional.empty(), 2);
    assertThat(first).extracting(Product::subCode).containsExactly("a", "b");
    var rest =
        desk.products.list(
            Optional.of("p_list"), Optional.empty(), Optional.of(first.getLast().key()), 2);
    assertThat(rest).extracting(Product::subCode).containsExactly("c");
    assertThat(desk.products.list(Optional.empty(), Optional.of("x"), Optional.empty(), 9))
        .isEmpty();
  }

  @Test
  void a_new_cell_gets_the_catalogue_when_a_node_starts() {
    var settings = TestDatabase.settings(1);
    var key = new Product.Key("p_new", "sp_new");
    try (Cells one = Cells.open(settings, 1)) {
      var first = new Desk(one);
      first.providers.create(ANN, provider("maker")).orThrow();
      first.products.create(ANN, command(key, "first", "maker")).orThrow();
    }
    try (Cells two = Cells.open(settings, 2)) {
      var grown = new Desk(two);
      grown.providers.spread();
      grown.products.spread();
      assertThat(name(two.all().getLast(), key)).isEqualTo("first");
      assertThat(url(two.all().getLast(), "maker")).isEqualTo(URL.toString());
    }
  }

  @Test
  void a_providers_secret_is_shown_once_and_can_be_given_anew() {
    var made = desk.providers.create(ANN, provider("acme")).orThrow();
    assertThat(made.secret()).hasSizeGreaterThan(40);
    assertThat(made.toString()).doesNotContain(made.secret());
    assertThat(desk.lastAudit().detail()).doesNotContain(made.secret());
    assertThat(opened("acme")).isEqualTo(made.secret());
    var rotated = desk.providers.rotate(ANN, "acme").orThrow();
    assertThat(rotated.secret()).isNotEqualTo(made.secret());
    assertThat(opened("acme")).isEqualTo(rotated.secret());
    assertThat(refusal(desk.providers.create(ANN, provider("acme"))))
        .isEqualTo(new ProductRefused.ProviderExists("acme"));
    assertThat(opened("acme")).isEqualTo(rotated.secret());
  }

  @Test
  void a_provider_is_changed_and_switched_off_in_every_cell() {
    desk.providers.create(ANN, provider("changing")).orThrow();
    var other = URI.create("http://127.0.0.1:9/x");
    var changed =
        desk.providers
            .change(
                ANN,
                new Providers.Change(
                    "changing",
                    Optional.of(other),
                    Optional.empty(),
                    Optional.of(7),
                    Optional.of(false)))
            .orThrow();
    assertThat(changed.url()).isEqualTo(other);
    assertThat(changed.maxAttempts()).isEqualTo(7);
    assertThat(changed.timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(desk.providers.find("changing")).contains(changed);
    assertThat(desk.cells.all())
        .allSatisfy(cell -> assertThat(url(cell, "changing")).isEqualTo(other.toString()));
    assertThat(desk.providers.list(Optional.of("changin"), 10)).contains(changed);
  }

  @Test
  void a_provider_that_is_not_there_is_refused() {
    var nobody = new ProductRefused.NoSuchProvider("nobody");
    assertThat(refusal(desk.providers.rotate(ANN, "nobody"))).isEqualTo(nobody);
    assertThat(
            refusal(
                desk.providers.change(
                    ANN,
                    new Providers.Change(
                        "nobody",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))))
        .isEqualTo(nobody);
  }

  private static Products.Command command(Product.Key key, String name, String provider) {
    return new Products.Command(key, "产品", name, "子产品", "Sub", 3, "ins", provider);
  }

  private static Providers.Create provider(String name) {
    return new Providers.Create(name, URL, Duration.ofSeconds(5), 10, Optional.empty());
  }

  private static String opened(String name) {
    var cell = desk.cells.all().getLast();
    var stored = cell.database().read(tx -> new ProviderStore().find(tx, name)).orElseThrow();
    return desk.masterKey.open(Provider.sealedFor(name), stored.secret());
  }

  private static String name(Cell cell, Product.Key key) {
    return cell.database().read(tx -> new ProductStore().find(tx, key)).orElseThrow().nameEn();
  }

  private static String url(Cell cell, String name) {
    return cell.database()
        .read(tx -> new ProviderStore().find(tx, name))
        .orElseThrow()
        .provider()
        .url()
        .toString();
  }
}
