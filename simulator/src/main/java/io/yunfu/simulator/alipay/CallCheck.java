package io.yunfu.simulator.alipay;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Whether a call may be performed: what the gateway checks before any business. In the channel's
/// order, which clients see: the application first, then the signature, then the rest.
final class CallCheck {
  /// How far a caller's clock may be off. Source: channels.md, section 7.3, rule 9.
  private static final Duration TOLERANCE = Duration.ofMinutes(15);

  private static final String VERSION = "1.0";
  private static final int LONGEST_NOTIFY_URL = 256;

  private final OpenCall call;
  private final Optional<App> app;
  private final Optional<OpenMethod> method;
  private final String signText;
  private final boolean signatureFits;

  /// Verifies the signature, which takes longest, and needs no step of the timeline.
  CallCheck(OpenCall call, Apps apps) {
    this.call = call;
    this.app = call.get("app_id").flatMap(apps::find);
    this.method = call.get("method").flatMap(OpenMethod::named);
    this.signText = SignText.ofCall(call.parameters());
    this.signatureFits =
        app.isPresent()
            && call.get("sign")
                .filter(
                    sign -> Rsa2.verifies(app.get().appKey(), call.charset().bytes(signText), sign))
                .isPresent();
  }

  Optional<App> app() {
    return app;
  }

  Optional<OpenMethod> method() {
    return method;
  }

  String signText() {
    return signText;
  }

  /// What is wrong with it, if anything.
  ///
  /// @param now by the channel's clock
  Optional<Refusal> refusal(Instant now) {
    return wrongFrame()
        .or(this::wrongSignature)
        .or(() -> wrongTime(now))
        .or(this::wrongCertificates)
        .or(this::wrongContract)
        .or(this::wrongNotifyUrl);
  }

  /// Who calls; only to be asked when there is no refusal.
  Caller caller() {
    return new Caller(app.orElseThrow(), contract().orElseThrow(), notifyUrl());
  }

  private Optional<Refusal> wrongFrame() {
    if (call.get("method").isEmpty()) {
      return refused(Reason.MISSING_METHOD);
    }
    if (method.isEmpty()) {
      return refused(Reason.INVALID_METHOD);
    }
    if (call.get("app_id").isEmpty()) {
      return refused(Reason.MISSING_APP_ID);
    }
    if (app.isEmpty()) {
      return refused(Reason.INVALID_APP_ID);
    }
    if (call.charsetNamed().flatMap(OpenCharset::named).isEmpty()) {
      return refused(Reason.INVALID_CHARSET);
    }
    if (call.get("format").filter(each -> !each.equalsIgnoreCase("json")).isPresent()) {
      return refused(Reason.INVALID_FORMAT);
    }
    return Optional.empty();
  }

  private Optional<Refusal> wrongSignature() {
    if (call.get("sign_type").isEmpty()) {
      return refused(Reason.MISSING_SIGNATURE_TYPE);
    }
    if (call.get("sign_type").filter(Rsa2.NAME::equals).isEmpty()) {
      return refused(Reason.INVALID_SIGNATURE_TYPE);
    }
    if (call.get("sign").isEmpty()) {
      return refused(Reason.MISSING_SIGNATURE);
    }
    return signatureFits
        ? Optional.empty()
        : Optional.of(
            Reason.INVALID_SIGNATURE.saying(
                "验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为：" + signText));
  }

  private Optional<Refusal> wrongTime(Instant now) {
    Optional<String> text = call.get("timestamp");
    if (text.isEmpty()) {
      return refused(Reason.MISSING_TIMESTAMP);
    }
    Optional<Instant> at = text.flatMap(BeijingTime::read);
    if (at.isEmpty() || Duration.between(at.get(), now).abs().compareTo(TOLERANCE) > 0) {
      return refused(Reason.INVALID_TIMESTAMP);
    }
    if (call.get("version").isEmpty()) {
      return refused(Reason.MISSING_VERSION);
    }
    return call.get("version").filter(VERSION::equals).isPresent()
        ? Optional.empty()
        : Optional.of(Reason.INVALID_PARAMETER_OF_GATEWAY.about("version"));
  }

  /// In certificate mode the caller says by which certificates it goes.
  private Optional<Refusal> wrongCertificates() {
    App caller = app.orElseThrow();
    if (!caller.traits().certificates()) {
      return Optional.empty();
    }
    Optional<String> own = call.get("app_cert_sn");
    Optional<String> roots = call.get("alipay_root_cert_sn");
    if (own.isEmpty()) {
      return refused(Reason.MISSING_APP_CERTIFICATE);
    }
    if (roots.isEmpty()) {
      return refused(Reason.MISSING_ROOT_CERTIFICATE);
    }
    if (!own.get().equals(CertificateNumber.of(caller.appCertificate()))) {
      return refused(Reason.APP_CERTIFICATE_NOT_EXIST);
    }
    // A file may hold more roots than the one that matters.
    String root = CertificateNumber.of(caller.rootCertificate());
    return ("_" + roots.get().toLowerCase(Locale.ROOT) + "_").contains("_" + root + "_")
        ? Optional.empty()
        : refused(Reason.INVALID_ROOT_CERTIFICATE);
  }

  private Optional<Refusal> wrongContract() {
    Optional<Contract> contract = contract();
    boolean byToken = call.get("app_auth_token").isPresent();
    if (contract.isEmpty()) {
      return refused(byToken ? Reason.INVALID_APP_AUTH_TOKEN : Reason.INSUFFICIENT_ISV_PERMISSIONS);
    }
    if (contract.get().allows(method.orElseThrow().wire())) {
      return Optional.empty();
    }
    return refused(byToken ? Reason.APP_AUTH_TOKEN_NO_API : Reason.INSUFFICIENT_ISV_PERMISSIONS);
  }

  private Optional<Refusal> wrongNotifyUrl() {
    Optional<String> text = call.get("notify_url");
    return text.isPresent() && (text.get().length() > LONGEST_NOTIFY_URL || notifyUrl().isEmpty())
        ? Optional.of(Reason.INVALID_PARAMETER_OF_GATEWAY.about("notify_url"))
        : Optional.empty();
  }

  private Optional<Contract> contract() {
    Optional<String> token = call.get("app_auth_token");
    return app.flatMap(each -> token.isPresent() ? each.byToken(token.get()) : each.own());
  }

  private Optional<URI> notifyUrl() {
    return call.get("notify_url")
        .flatMap(text -> {
          try {
            return Optional.of(new URI(text));
          } catch (URISyntaxException e) {
            return Optional.empty();
          }
        })
        .filter(uri -> uri.getHost() != null)
        .filter(uri -> "http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
  }

  private static Optional<Refusal> refused(Reason reason) {
    return Optional.of(reason.refusal());
  }
}
