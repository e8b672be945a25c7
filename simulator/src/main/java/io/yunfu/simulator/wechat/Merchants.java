package io.yunfu.simulator.wechat;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.channel.Surroundings;
import io.yunfu.simulator.json.BadInput;
import io.yunfu.simulator.json.Fields;
import io.yunfu.simulator.json.Json;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// All service providers.
final class Merchants {
  /// Two of them and three sub-merchants, so that a mix-up shows. The first is the one of the
  /// examples in channels.md, section 2.3.
  private static final String DEFAULTS =
      """
      {"merchants": [
        {"mch_id": "1900000001", "name": "云付服务商", "appids": ["wx00000000000000aa"],
         "api_key": "TESTKEY0000000000000000000000001",
         "sub": [
           {"sub_mch_id": "1900000101", "name": "测试门店", "sub_appids": ["wx00000000000000bb"],
            "fee_rate": "0.60%"},
           {"sub_mch_id": "1900000102", "name": "豆浆铺", "sub_appids": ["wx00000000000000cc"],
            "fee_rate": "0.38%"}]},
        {"mch_id": "1900000002", "name": "另一服务商", "appids": ["wx00000000000000dd"],
         "api_key": "TESTKEY0000000000000000000000002",
         "sub": [
           {"sub_mch_id": "1900000201", "name": "书店", "sub_appids": ["wx00000000000000ee"],
            "fee_rate": "0.60%"}]}]}
      """;

  private static final Set<String> PERMISSIONS =
      Set.of("jsapi", "native", "app", "mweb", "micropay", "refund");

  private final Surroundings world;
  private final Map<String, Merchant> merchants = new ConcurrentHashMap<>();

  Merchants(Surroundings world) {
    this.world = world;
  }

  void reset(List<Fields> configured) {
    merchants.clear();
    List<Fields> all =
        configured.isEmpty() ? Fields.of(Json.read(DEFAULTS)).objects("merchants") : configured;
    all.forEach(this::register);
  }

  Optional<Merchant> find(String mchId) {
    return Optional.ofNullable(merchants.get(mchId));
  }

  boolean knowsApp(String appId) {
    return merchants.values().stream()
        .anyMatch(each ->
            each.appIds().contains(appId)
                || each.subs().values().stream().anyMatch(sub -> sub.subAppIds().contains(appId)));
  }

  List<SubMerchant> allSubs() {
    return merchants.values().stream()
        .sorted(java.util.Comparator.comparing(Merchant::mchId))
        .flatMap(each ->
            each.subs().values().stream()
                .sorted(java.util.Comparator.comparing(SubMerchant::subMchId)))
        .toList();
  }

  /// Adds a provider, or sub-merchants to one that is there.
  void register(Fields fields) {
    String mchId = digits(fields, "mch_id");
    Merchant old = merchants.get(mchId);
    Set<String> appIds = new HashSet<>(fields.texts("appids"));
    String key = fields.text("api_key").orElse(old == null ? "" : old.apiKey());
    String name = fields.text("name").orElse(old == null ? mchId : old.name());
    Optional<String> refundNotifyUrl =
        fields
            .text("refund_notify_url")
            .or(() -> old == null ? Optional.empty() : old.refundNotifyUrl());
    Map<String, SubMerchant> subs = new LinkedHashMap<>();
    Map<SubMerchant, Long> balances = new LinkedHashMap<>();
    if (old != null) {
      appIds.addAll(old.appIds());
      subs.putAll(old.subs());
    }
    if (key.length() != 32) {
      throw fields.wrong("api_key", "of 32 characters");
    }
    if (appIds.isEmpty()) {
      throw fields.wrong("appids", "not empty");
    }
    for (Fields each : fields.objects("sub")) {
      SubMerchant sub = sub(each);
      if (!subs.containsKey(sub.subMchId()) && isTaken(sub.subMchId())) {
        throw each.wrong("sub_mch_id", "of one provider only");
      }
      if (!subs.containsKey(sub.subMchId())) {
        balances.put(sub, each.number("refundable_balance", 0));
      }
      each.done();
      subs.put(sub.subMchId(), sub);
    }
    fields.done();
    merchants.put(mchId, new Merchant(mchId, name, appIds, key, refundNotifyUrl, subs));
    balances.forEach((sub, balance) ->
        world.ledger().open(world.timeline().now(), sub.account(), Money.cny(balance)));
    appIds.forEach(world.people()::knowApplication);
    subs.values().forEach(sub -> sub.subAppIds().forEach(world.people()::knowApplication));
    world.credentials().prepareClient(mchId);
  }

  /// For people: without keys.
  List<JsonNode> describe() {
    return merchants.values().stream()
        .sorted(java.util.Comparator.comparing(Merchant::mchId))
        .map(this::describe)
        .toList();
  }

  private JsonNode describe(Merchant merchant) {
    ObjectNode node = Json.object().put("mch_id", merchant.mchId()).put("name", merchant.name());
    node.set("appids", Json.array(new TreeSet<>(merchant.appIds())));
    node.put("client_certificate", merchant.mchId() + ".p12");
    merchant.refundNotifyUrl().ifPresent(url -> node.put("refund_notify_url", url));
    node.set(
        "sub",
        Json.array(
            merchant.subs().values().stream()
                .sorted(java.util.Comparator.comparing(SubMerchant::subMchId))
                .map(sub -> {
                  ObjectNode each =
                      Json.object().put("sub_mch_id", sub.subMchId()).put("name", sub.name());
                  each.set("sub_appids", Json.array(new TreeSet<>(sub.subAppIds())));
                  each.set("permissions", Json.array(new TreeSet<>(sub.permissions())));
                  each.put("fee_rate", sub.feeRate().toPlainString());
                  return each.put("balance", world.ledger().balance(sub.account()).cents());
                })
                .toList()));
    return node;
  }

  private SubMerchant sub(Fields fields) {
    String subMchId = digits(fields, "sub_mch_id");
    Set<String> permissions = new HashSet<>(fields.texts("permissions"));
    if (!PERMISSIONS.containsAll(permissions)) {
      throw fields.wrong("permissions", "among " + String.join(", ", new TreeSet<>(PERMISSIONS)));
    }
    return new SubMerchant(
        subMchId,
        fields.text("name", subMchId),
        new HashSet<>(fields.texts("sub_appids")),
        fields.has("permissions") ? permissions : PERMISSIONS,
        rate(fields));
  }

  private boolean isTaken(String subMchId) {
    return merchants.values().stream().anyMatch(each -> each.subs().containsKey(subMchId));
  }

  private static String digits(Fields fields, String name) {
    String id = fields.needText(name);
    if (!id.matches("[0-9]{1,32}")) {
      throw fields.wrong(name, "1 to 32 digits");
    }
    return id;
  }

  /// `0.60%` or `0.006`.
  private static BigDecimal rate(Fields fields) {
    String text = fields.text("fee_rate", "0.60%");
    try {
      BigDecimal rate =
          text.endsWith("%")
              ? new BigDecimal(text.substring(0, text.length() - 1)).movePointLeft(2)
              : new BigDecimal(text);
      if (rate.signum() >= 0 && rate.compareTo(BigDecimal.ONE) < 0) {
        return rate;
      }
    } catch (NumberFormatException e) {
      throw new BadInput("fee_rate must be written 0.60% or 0.006, not " + text);
    }
    throw fields.wrong("fee_rate", "from 0% to 100%");
  }
}
