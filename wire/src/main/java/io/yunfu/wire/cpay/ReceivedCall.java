package io.yunfu.wire.cpay;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A request whose envelope and content can be read, and nothing more: nobody knows yet who sent
/// it. Source: `cloudpay.md` sections 1.2, 1.4, 1.8.
public final class ReceivedCall {
  private static final long HMAC_SHA256 = 1;
  private static final long RSASSA_PSS_2048_SHA256 = 1;

  private final String text;
  private final Json.Fields content;
  private final @Nullable Json authenInfo;

  private ReceivedCall(String text, Json.Fields content, @Nullable Json authenInfo) {
    this.text = text;
    this.content = content;
    this.authenInfo = authenInfo;
  }

  /// Steps 1 to 3: the envelope, its text, and the content that the text holds.
  ///
  /// @param lenient whether the layout of the published examples is read too, see
  ///   [PrintedEnvelope]; off in production
  /// @throws CallRefused 101 with 90001, 90002 or 90003
  public static ReceivedCall of(byte[] body, boolean lenient) {
    String whole = Texts.utf8(body);
    if (whole == null) {
      throw Results.BODY_UNREADABLE.refused();
    }
    Envelope envelope = envelope(whole, lenient);
    if (envelope.text.isEmpty() || !Texts.isWellFormed(envelope.text)) {
      throw Results.CONTENT_MISSING.refused();
    }
    return Json.parse(envelope.text)
        .filter(Json.Fields.class::isInstance)
        .map(content -> new ReceivedCall(envelope.text, (Json.Fields) content, envelope.authenInfo))
        .orElseThrow(Results.CONTENT_UNREADABLE::refused);
  }

  /// The outer JSON, taken apart.
  record Envelope(String text, @Nullable Json authenInfo) {}

  private static Envelope envelope(String body, boolean lenient) {
    Optional<Json.Reading.Whole> whole = Json.Reading.whole(body);
    if (whole.isEmpty()) {
      return lenient
          ? PrintedEnvelope.read(body).orElseThrow(Results.BODY_UNREADABLE::refused)
          : refuseUnreadable();
    }
    if (!(whole.get().value() instanceof Json.Fields(var members))) {
      return refuseUnreadable();
    }
    Json authenInfo = members.get("authen_info");
    if (members.get("request_content") instanceof Json.Text(var text)) {
      return new Envelope(text, authenInfo);
    }
    String slice = lenient ? whole.get().slices().get("request_content") : null;
    if (slice == null) {
      throw Results.CONTENT_MISSING.refused();
    }
    return new Envelope(slice, authenInfo);
  }

  private static Envelope refuseUnreadable() {
    throw Results.BODY_UNREADABLE.refused();
  }

  /// The text exactly as it was signed: one level of JSON escapes undone and nothing else.
  public String text() {
    return text;
  }

  /// Step 4: what proves where the request comes from.
  ///
  /// @throws CallRefused 101 with 90004 or 90005
  public Authentication authenticate() {
    if (!(authenInfo instanceof Json.Fields(var forms))) {
      throw Results.AUTHENTICATION_MISSING.refused();
    }
    Optional<Json.Fields> a = form(forms.get("a"));
    Optional<Json.Fields> s = form(forms.get("s"));
    if (a.isPresent() && s.isPresent()) {
      throw Results.AUTHENTICATION_UNSUPPORTED.refused();
    }
    return a.map(this::hmac)
        .or(() -> s.map(this::rsa))
        .orElseThrow(Results.AUTHENTICATION_MISSING::refused);
  }

  private static Optional<Json.Fields> form(@Nullable Json value) {
    return value instanceof Json.Fields fields && !fields.members().isEmpty()
        ? Optional.of(fields)
        : Optional.empty();
  }

  private Authentication hmac(Json.Fields a) {
    requireKind(a, "authen_type", HMAC_SHA256);
    return new Authentication.Hmac(
        text,
        proof(a.members().get("authen_code")).orElseThrow(Results.AUTHENTICATION_MISSING::refused));
  }

  /// Tables and newer samples say `sign`, older code says `signature`.
  private Authentication rsa(Json.Fields s) {
    requireKind(s, "sign_type", RSASSA_PSS_2048_SHA256);
    return new Authentication.Rsa(
        text,
        proof(s.members().get("sign"))
            .or(() -> proof(s.members().get("signature")))
            .orElseThrow(Results.AUTHENTICATION_MISSING::refused));
  }

  private static void requireKind(Json.Fields form, String name, long only) {
    Long kind = FieldReader.wholeNumber(form.members().get(name));
    if (kind == null || kind != only) {
      throw Results.AUTHENTICATION_UNSUPPORTED.refused();
    }
  }

  private static Optional<String> proof(@Nullable Json value) {
    return value instanceof Json.Text(var code) && !code.isEmpty()
        ? Optional.of(code)
        : Optional.empty();
  }

  /// Step 5: whose key to look up. The first place that names somebody decides; whether that
  /// somebody exists is the caller's to find out.
  ///
  /// @throws CallRefused 101 / 90006 when nobody is named, or by an id that nobody can have
  public KeyOwner keyOwner() {
    Json.Fields key =
        content.members().get("pay_mch_key") instanceof Json.Fields fields
            ? fields
            : new Json.Fields(Map.of());
    return id(key, "out_sub_mch_id")
        .or(() -> id(content, "out_sub_mch_id"))
        .or(() -> id(content, "osmi"))
        .<KeyOwner>map(KeyOwner.SubMerchant::new)
        .or(() ->
            id(key, "out_shop_id")
                .or(() -> id(content, "out_shop_id"))
                .or(() -> id(content, "osi"))
                .map(KeyOwner.Shop::new))
        .filter(owner -> MerchantIds.isPossible(owner.id()))
        .orElseThrow(Results.MERCHANT_UNKNOWN::refused);
  }

  private static Optional<String> id(Json.Fields fields, String name) {
    return Optional.ofNullable(FieldReader.plainText(fields.members().get(name)))
        .map(Texts::trimmed)
        .filter(id -> !id.isEmpty());
  }

  /// Step 7: the content in its documented form, which every request record knows to read: `read(
  /// QueryOrderRequest::of)`.
  ///
  /// @throws CallRefused 101 / 90010 for the first member that is missing or wrong
  public <T> T read(Function<FieldReader, T> form) {
    return form.apply(new FieldReader("", content.members()));
  }
}
