package io.yunfu.simulator.wechat;

import io.yunfu.simulator.channel.Answer;
import io.yunfu.simulator.channel.Call;
import io.yunfu.simulator.channel.Encoder;
import io.yunfu.simulator.channel.Twists;
import io.yunfu.simulator.fault.Effect;
import io.yunfu.simulator.http.Inbound;
import io.yunfu.simulator.http.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One request, read as far as it can be: the rules apply in this order, and the first that is
/// broken is what the caller hears. Method, body, encoding, XML, the common fields, the provider,
/// its certificate, the signature; then, in the step, the applications, the sub-merchant, and the
/// operation itself.
///
/// What fails before the signature is checked is answered with `return_code` `FAIL`, unsigned,
/// since nobody knows whose key to take. Source: channels.md, section 7.3, rules 1 to 4.
final class WechatCall implements Call {
  private static final String PROTECTED = "/secapi/";

  private final Shop shop;
  private final String op;
  private final @Nullable Operation operation;
  private final DownloadBill bills;
  private Map<String, String> fields = Map.of();
  private @Nullable Merchant merchant;
  private @Nullable SignType signType;
  private @Nullable String signText;
  private @Nullable Refused refused;

  private WechatCall(Shop shop, String op, @Nullable Operation operation, DownloadBill bills) {
    this.shop = shop;
    this.op = op;
    this.operation = operation;
    this.bills = bills;
  }

  /// Reads a request.
  ///
  /// @param operation null for a bill
  static WechatCall read(
      Shop shop, String op, @Nullable Operation operation, DownloadBill bills, Inbound inbound) {
    var call = new WechatCall(shop, op, operation, bills);
    try {
      call.read(inbound);
    } catch (Refused e) {
      call.refused = e;
    }
    return call;
  }

  @Override
  public String op() {
    return op;
  }

  @Override
  public @Nullable String number() {
    String number = fields.getOrDefault("out_trade_no", "");
    if (!number.isEmpty() || merchant == null) {
      return number.isEmpty() ? null : number;
    }
    Merchant whose = merchant;
    return shop.world().timeline().step(() -> named(whose).map(Order::number).orElse(null));
  }

  /// The order that is named by a transaction or a refund of it.
  private Optional<Order> named(Merchant whose) {
    OrderBook book = shop.book();
    return book.byTransaction(whose, fields.getOrDefault("transaction_id", ""))
        .or(() ->
            book.refundByNumber(whose, fields.getOrDefault("out_refund_no", ""))
                .or(() -> book.refundById(whose, fields.getOrDefault("refund_id", "")))
                .map(OrderBook.Found::order));
  }

  @Override
  public List<String> merchants() {
    List<String> merchants = new ArrayList<>(2);
    for (String name : List.of("mch_id", "sub_mch_id")) {
      String id = fields.getOrDefault(name, "");
      if (!id.isEmpty()) {
        merchants.add(id);
      }
    }
    return merchants;
  }

  @Override
  public @Nullable String signText() {
    return signText;
  }

  @Override
  public Encoder perform(Twists twists) {
    if (refused != null) {
      return unsigned(refused);
    }
    Merchant known = known();
    var parameters = new Parameters(fields);
    try {
      String appId = parameters.need("appid");
      checkApp(known, appId);
      Optional<SubMerchant> sub = sub(known, parameters);
      if (operation == null) {
        byte[] bill = bills.perform(known, sub, parameters);
        return _ -> new Answer(Reply.of(200, "text/plain", bill), "OK");
      }
      Optional<String> subAppId = subApp(parameters, sub.orElseThrow());
      var caller = new Caller(known, sub.get(), appId, subAppId, signedBy());
      Map<String, String> answer = operation.perform(caller, parameters);
      return signed(Optional.empty(), answer);
    } catch (Refused e) {
      return signed(Optional.of(e), Map.of());
    }
  }

  @Override
  public Encoder failing(Effect.Failure failure) {
    var error =
        failure.text().isEmpty()
            ? new Refused(failure.code())
            : new Refused(failure.code(), failure.text());
    boolean transport = failure.code().equals("FAIL") || refused != null;
    return transport ? unsigned(error) : signed(Optional.of(error), Map.of());
  }

  private void read(Inbound inbound) {
    if (!inbound.method().equals("POST")) {
      throw new Refused("REQUIRE_POST_METHOD");
    }
    if (inbound.body().length == 0) {
      throw new Refused("POST_DATA_EMPTY");
    }
    fields = Xml.read(inbound.body());
    var parameters = new Parameters(fields);
    for (String name : List.of("appid", "mch_id", "nonce_str", "sign")) {
      var _ = parameters.need(name);
    }
    var _ = parameters.need("nonce_str", 32);
    Merchant known =
        shop.merchants()
            .find(parameters.text("mch_id"))
            .orElseThrow(() -> new Refused("MCHID_NOT_EXIST"));
    merchant = known;
    if (inbound.path().startsWith(PROTECTED)) {
      checkCertificate(inbound, known);
    }
    SignType type =
        SignType.of(parameters.text("sign_type")).orElseThrow(() -> Refused.wrong("sign_type"));
    signType = type;
    String text = SignType.text(fields);
    signText = text;
    if (!type.verifies(text, known.apiKey(), parameters.text("sign"))) {
      throw new Refused("SIGNERROR");
    }
  }

  private void checkCertificate(Inbound inbound, Merchant known) {
    boolean right =
        inbound
            .certificate()
            .filter(shop.world().credentials().authority()::issued)
            .filter(shown ->
                shown.getSubjectX500Principal().getName().contains("CN=" + known.mchId() + ","))
            .isPresent();
    if (!right) {
      throw new Refused("CERT_ERROR");
    }
  }

  private void checkApp(Merchant known, String appId) {
    if (known.appIds().contains(appId)) {
      return;
    }
    throw new Refused(
        shop.merchants().knowsApp(appId) ? "APPID_MCHID_NOT_MATCH" : "APPID_NOT_EXIST");
  }

  /// Empty only where it may be left out, in the request for a bill.
  private Optional<SubMerchant> sub(Merchant known, Parameters parameters) {
    if (operation == null && parameters.optional("sub_mch_id").isEmpty()) {
      return Optional.empty();
    }
    String subMchId = parameters.need("sub_mch_id");
    SubMerchant sub = known.subs().get(subMchId);
    if (sub != null) {
      return Optional.of(sub);
    }
    boolean another =
        shop.merchants().allSubs().stream().anyMatch(each -> each.subMchId().equals(subMchId));
    throw another
        ? new Refused("NOAUTH", "sub_mch_id与mch_id无受理关系")
        : new Refused("MCHID_NOT_EXIST", "sub_mch_id不存在");
  }

  private static Optional<String> subApp(Parameters parameters, SubMerchant sub) {
    Optional<String> subAppId = parameters.optional("sub_appid", 32);
    if (subAppId.isPresent() && !sub.subAppIds().contains(subAppId.get())) {
      throw new Refused("APPID_MCHID_NOT_MATCH", "sub_mch_id与sub_appid不匹配");
    }
    return subAppId;
  }

  private Merchant known() {
    if (merchant == null) {
      throw new IllegalStateException("a request without a merchant was not refused");
    }
    return merchant;
  }

  private SignType signedBy() {
    return signType == null ? SignType.MD5 : signType;
  }

  private Encoder unsigned(Refused error) {
    Map<String, String> answer = new LinkedHashMap<>();
    answer.put("return_code", "FAIL");
    answer.put("return_msg", error.text());
    if (operation == null) {
      answer.put("error_code", error.code().matches("[0-9]+") ? error.code() : "20001");
    } else if (!error.code().equals("SIGNERROR") && !error.code().equals("FAIL")) {
      answer.put("err_code", error.code());
      answer.put("err_code_des", error.text());
    }
    return twists -> xml(twisted(answer, twists), error.code());
  }

  private Encoder signed(Optional<Refused> error, Map<String, String> more) {
    if (operation == null) {
      return unsigned(error.orElseThrow()); // a bill's failures are
    }
    Merchant known = known();
    Map<String, String> answer = new LinkedHashMap<>();
    answer.put("return_code", "SUCCESS");
    answer.put("return_msg", "OK");
    answer.put("appid", fields.getOrDefault("appid", ""));
    answer.put("mch_id", known.mchId());
    for (String name : List.of("sub_appid", "sub_mch_id")) {
      OrderFields.put(answer, name, fields.getOrDefault(name, ""));
    }
    answer.put("nonce_str", shop.nonce());
    answer.put("result_code", error.isPresent() ? "FAIL" : "SUCCESS");
    error.ifPresent(e -> {
      answer.put("err_code", e.code());
      answer.put("err_code_des", e.text());
      if (op.equals("reverse")) {
        answer.put("recall", e.retry() || e.code().equals("SYSTEMERROR") ? "Y" : "N");
      }
    });
    answer.putAll(more);
    return twists -> {
      Map<String, String> twisted = twisted(answer, twists);
      return xml(
          Envelope.signed(twisted, signedBy(), known.apiKey(), twists.sign()),
          error.map(Refused::code).orElse("OK"));
    };
  }

  private static Map<String, String> twisted(Map<String, String> answer, Twists twists) {
    List<Effect.Mutate> mutations = twists.mutations();
    if (mutations.isEmpty()) {
      return answer;
    }
    Map<String, String> twisted = new LinkedHashMap<>(answer);
    for (Effect.Mutate each : mutations) {
      each.value()
          .ifPresentOrElse(
              value -> twisted.put(each.field(), value), () -> twisted.remove(each.field()));
    }
    return twisted;
  }

  private static Answer xml(Map<String, String> answer, String verdict) {
    // Without a charset, as on the real wire: clients have to know that it is UTF-8.
    return new Answer(Reply.of(200, "text/xml", Xml.write(answer)), verdict);
  }
}
