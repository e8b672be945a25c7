package io.yunfu.billing.product;

import io.yunfu.db.Cells;
import io.yunfu.db.Transaction;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The catalogue: products are created and changed, never deleted, since deals name them.
public final class Products {
  /// Before all products.
  private static final Product.Key FIRST = new Product.Key("", "");

  /// How many are copied in one go when a node starts.
  private static final int BATCH = 500;

  private final Copies copies;
  private final InstantSource clock;
  private final ProductStore store = new ProductStore();
  private final ProviderStore providers = new ProviderStore();
  private final AuditLog audit = new AuditLog();

  public Products(Cells cells, InstantSource clock) {
    this.copies = new Copies(cells);
    this.clock = clock;
  }

  /// All that the operator says of a product.
  ///
  /// @param provider empty for the built-in one
  public record Command(
      Product.Key key,
      String nameZh,
      String nameEn,
      String subNameZh,
      String subNameEn,
      long goodsCategory,
      String resourcePrefix,
      String provider) {}

  public Outcome<Product, ProductRefused> create(Operator operator, Command command) {
    return write(operator, command, true);
  }

  /// Replaces what is known of a product.
  public Outcome<Product, ProductRefused> change(Operator operator, Command command) {
    return write(operator, command, false);
  }

  public Optional<Product> find(Product.Key key) {
    return copies.original().database().read(tx -> store.find(tx, key));
  }

  /// By ascending codes.
  public List<Product> list(
      Optional<String> code, Optional<String> provider, Optional<Product.Key> after, int limit) {
    return copies
        .original()
        .database()
        .read(tx -> store.list(tx, code, provider, after.orElse(FIRST), limit));
  }

  /// Which of these do not exist in the cell of the transaction, in their order.
  public Set<Product.Key> missing(Transaction tx, Collection<Product.Key> keys) {
    var missing = new LinkedHashSet<>(keys);
    store.known(tx, keys).forEach(missing::remove);
    return missing;
  }

  /// Copies the whole catalogue to all cells; for the start of a node.
  public void spread() {
    if (!copies.areNeeded()) {
      return;
    }
    List<Product> batch = List.of();
    do {
      var after = batch.isEmpty() ? FIRST : batch.getLast().key();
      batch = list(Optional.empty(), Optional.empty(), Optional.of(after), BATCH);
      batch.forEach(product -> copy(product.key()));
    } while (batch.size() == BATCH);
  }

  private Outcome<Product, ProductRefused> write(
      Operator operator, Command command, boolean isNew) {
    var outcome =
        copies.original().database().inTransaction(tx -> write(tx, operator, command, isNew));
    if (outcome instanceof Outcome.Done<Product, ProductRefused>) {
      copy(command.key());
    }
    return outcome;
  }

  private Outcome<Product, ProductRefused> write(
      Transaction tx, Operator operator, Command command, boolean isNew) {
    var found = store.lock(tx, command.key());
    if (isNew && found.isPresent()) {
      return Outcome.refused(new ProductRefused.ProductExists(command.key()));
    }
    if (!isNew && found.isEmpty()) {
      return Outcome.refused(new ProductRefused.NoSuchProduct(command.key()));
    }
    if (!command.provider().isEmpty() && providers.find(tx, command.provider()).isEmpty()) {
      return Outcome.refused(new ProductRefused.NoSuchProvider(command.provider()));
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var product =
        new Product(
            command.key().code(),
            command.key().subCode(),
            command.nameZh(),
            command.nameEn(),
            command.subNameZh(),
            command.subNameEn(),
            command.goodsCategory(),
            command.resourcePrefix(),
            command.provider(),
            found.map(Product::createdAt).orElse(now));
    store.put(tx, product);
    var detail =
        Detail.of("nameZh", product.nameZh())
            .and("nameEn", product.nameEn())
            .and("subNameZh", product.subNameZh())
            .and("subNameEn", product.subNameEn())
            .and("goodsCategory", product.goodsCategory())
            .and("resourcePrefix", product.resourcePrefix())
            .and("provider", product.provider());
    audit.write(
        tx,
        copies.original().ids(),
        now,
        operator,
        isNew ? "product.create" : "product.change",
        "product/" + product.key(),
        detail);
    return Outcome.done(product);
  }

  private void copy(Product.Key key) {
    copies.copy(tx -> store.lock(tx, key), store::put);
  }
}
