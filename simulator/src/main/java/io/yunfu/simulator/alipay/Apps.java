package io.yunfu.simulator.alipay;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.channel.Surroundings;
import io.yunfu.simulator.http.Credential;
import io.yunfu.simulator.json.BadInput;
import io.yunfu.simulator.json.Fields;
import io.yunfu.simulator.json.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The applications and the sellers behind them. Read by many threads, changed in steps.
final class Apps {
  /// Two providers, three sub-merchants, and a merchant that integrates directly, so that mistakes
  /// across merchants show. The second provider is in certificate mode.
  static final String DEFAULTS =
      """
      [
        {"app_id": "2021000000000001", "name": "云帆服务商",
         "sellers": [
           {"app_auth_token": "202601BBtoken0000000000000000000000A101", "seller_id": "2088000000000101",
            "name": "测试门店", "email": "shop101@example.test"},
           {"app_auth_token": "202601BBtoken0000000000000000000000A102", "seller_id": "2088000000000102",
            "name": "第二门店", "email": "shop102@example.test"}]},
        {"app_id": "2021000000000002", "name": "远航服务商", "certificate_mode": true,
         "seller": {"seller_id": "2088000000000200", "name": "远航直营", "email": "own200@example.test"},
         "sellers": [
           {"app_auth_token": "202601BBtoken0000000000000000000000B201", "seller_id": "2088000000000201",
            "name": "海边门店", "email": "shop201@example.test"}]}
      ]
      """;

  /// What a seller has when the world begins, in fen.
  private static final long BALANCE = 100_000_00;

  private static final BigDecimal FEE_RATE = new BigDecimal("0.006");
  private static final String ROOT_FILE = "alipay_root.crt";

  private final Surroundings world;
  private final Map<String, App> apps = new ConcurrentHashMap<>();
  private final Map<String, Seller> sellers = new LinkedHashMap<>();
  private final Keys keys;

  Apps(Surroundings world) {
    this.world = world;
    this.keys = new Keys(world.seed(), world.credentials());
  }

  /// Forgets all of them.
  void clear() {
    apps.clear();
    sellers.clear();
  }

  Optional<App> find(String appId) {
    return Optional.ofNullable(apps.get(appId));
  }

  List<App> all() {
    return apps.values().stream().sorted((one, other) -> one.id().compareTo(other.id())).toList();
  }

  /// Those who are paid, in the order in which they were registered.
  List<Seller> sellers() {
    return new ArrayList<>(sellers.values());
  }

  /// Adds an application with its sellers, as it is spelt in the configuration.
  ///
  /// @throws BadInput if it makes no sense
  void register(Fields fields) {
    String appId = fields.needText("app_id");
    if (!appId.matches("[0-9]{16}")) {
      throw fields.wrong("app_id", "16 digits");
    }
    if (apps.containsKey(appId)) {
      throw new BadInput("there is an application " + appId + " already");
    }
    var traits =
        new App.Traits(
            appId,
            fields.text("name", appId),
            fields.flag("certificate_mode", false),
            fields.flag("open_ids", false),
            fields.flag("escape_slashes", true));
    Optional<PublicKey> given = fields.text("app_public_key").map(text -> key(fields, text));
    Optional<Contract> own =
        fields
            .object("seller")
            .map(each -> {
              Contract contract = contract(each);
              each.done();
              return contract;
            });
    Map<String, Contract> tokens = new HashMap<>();
    for (Fields each : fields.objects("sellers")) {
      String token = each.needText("app_auth_token");
      if (token.length() > 40 || tokens.containsKey(token)) {
        throw each.wrong("app_auth_token", "unique, and at most 40 characters");
      }
      tokens.put(token, contract(each));
      each.done();
    }
    fields.done();
    App app = new App(traits, own, tokens, given, keys);
    apps.put(appId, app);
    handOut(app, given.isEmpty());
  }

  /// Puts what the owner of an application needs among the credentials.
  private void handOut(App app, boolean ours) {
    String prefix = "alipay_" + app.id();
    if (ours) {
      offer(
          prefix + "_app_private_key.pem",
          () ->
              Credential.pem("PRIVATE KEY", app.appKeys().orElseThrow().getPrivate().getEncoded()));
    }
    offer(prefix + "_app_public_key.pem", () -> publicPem(app.appKey()));
    offer(prefix + "_alipay_public_key.pem", () -> publicPem(app.channelKey()));
    if (app.traits().certificates()) {
      offer(prefix + "_app_cert.crt", () -> Credential.pem(app.appCertificate()));
      offer(prefix + "_alipay_cert.crt", () -> Credential.pem(app.channelCertificate()));
      offer(ROOT_FILE, () -> Credential.pem(app.rootCertificate()));
    }
  }

  /// All of them for people, without keys.
  List<JsonNode> describe() {
    return all().stream().<JsonNode>map(this::describe).toList();
  }

  private ObjectNode describe(App app) {
    ObjectNode node =
        Json.object()
            .put("app_id", app.id())
            .put("name", app.traits().name())
            .put("certificate_mode", app.traits().certificates())
            .put("open_ids", app.traits().openIds())
            .put("escape_slashes", app.traits().escapeSlashes());
    app.own().ifPresent(contract -> node.set("seller", describe(contract)));
    ArrayNode list = node.putArray("sellers");
    app.tokens().keySet().stream()
        .sorted()
        .forEach(token -> {
          ObjectNode seller = describe(app.byToken(token).orElseThrow());
          list.add(seller.put("app_auth_token", token));
        });
    return node;
  }

  private ObjectNode describe(Contract contract) {
    Seller seller = contract.seller();
    ObjectNode node =
        Json.object()
            .put("seller_id", seller.id())
            .put("name", seller.name())
            .put("email", seller.email())
            .put("fee_rate", seller.feeRate())
            .put("balance", world.ledger().balance(seller.account()).cents());
    ArrayNode methods = node.putArray("permissions");
    contract.methods().stream().sorted().forEach(methods::add);
    return node;
  }

  private Contract contract(Fields fields) {
    String id = fields.needText("seller_id");
    if (!id.matches("2088[0-9]{12}")) {
      throw fields.wrong("seller_id", "16 digits that begin with 2088");
    }
    BigDecimal rate = fields.exact("fee_rate").orElse(FEE_RATE);
    if (rate.signum() < 0 || rate.compareTo(BigDecimal.ONE) > 0) {
      throw fields.wrong("fee_rate", "from 0 to 1");
    }
    var seller =
        new Seller(id, fields.text("name", id), fields.text("email", id + "@example.test"), rate);
    long balance = fields.number("balance", BALANCE);
    if (balance < 0) {
      throw fields.wrong("balance", "not negative; it is in fen");
    }
    Set<String> methods = new HashSet<>(fields.texts("permissions"));
    for (String method : methods) {
      if (OpenMethod.named(method).isEmpty()) {
        throw fields.wrong("permissions", "methods that are served here, unlike " + method);
      }
    }
    Seller known = sellers.putIfAbsent(id, seller);
    if (known == null) {
      world.ledger().open(world.timeline().now(), seller.account(), Money.cny(balance));
    } else if (!known.equals(seller)) {
      throw new BadInput("the seller " + id + " is described twice, and differently");
    }
    return new Contract(seller, methods.isEmpty() ? OpenMethod.names() : methods);
  }

  private static PublicKey key(Fields fields, String text) {
    try {
      byte[] encoded =
          Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", "").strip());
      PublicKey key = KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(encoded));
      if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= 2048) {
        return key;
      }
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      // said below
    }
    throw fields.wrong("app_public_key", "an RSA public key of 2048 bits or more, in PEM");
  }

  private void offer(String name, Supplier<String> text) {
    world.credentials().offer(name, () -> text.get().getBytes(StandardCharsets.US_ASCII));
  }

  private static String publicPem(PublicKey key) {
    return Credential.pem("PUBLIC KEY", key.getEncoded());
  }
}
