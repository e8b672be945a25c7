package io.yunfu.simulator.alipay;

import io.yunfu.simulator.channel.Answer;
import io.yunfu.simulator.channel.Call;
import io.yunfu.simulator.channel.Encoder;
import io.yunfu.simulator.channel.Twists;
import io.yunfu.simulator.fault.Effect;
import io.yunfu.simulator.fault.Effect.SignFault;
import io.yunfu.simulator.http.Reply;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One call of `/gateway.do`.
final class GatewayCall implements Call {
  /// Performs a method for a caller that was checked.
  interface Business {
    OpenAnswer perform(OpenMethod method, Caller caller, BizContent content);
  }

  /// What a call needs of the channel.
  ///
  /// @param clock of the timeline
  record Desk(Apps apps, Book book, Supplier<Instant> clock, Business business) {}

  /// How the channel's log would find the call; the vendor's Node SDK shows it.
  private static final String TRACE = "trace_id";

  private final Desk desk;
  private final String trace;
  private final OpenCall call;
  private final CallCheck check;
  private final Optional<BizContent> content;

  GatewayCall(Desk desk, String trace, OpenCall call) {
    this.desk = desk;
    this.trace = trace;
    this.call = call;
    this.check = new CallCheck(call, desk.apps());
    this.content =
        call.get("biz_content").map(BizContent::read).orElse(Optional.of(BizContent.empty()));
  }

  @Override
  public String op() {
    return call.get("method").orElse("");
  }

  @Override
  public @Nullable String number() {
    try {
      return content
          .flatMap(each -> each.text("out_trade_no", 64))
          .or(() ->
              content
                  .flatMap(each -> each.text("trade_no", 64))
                  .flatMap(desk.book()::find)
                  .map(Trade::outTradeNo))
          .orElse(null);
    } catch (InvalidField e) {
      return null; // for the answer to complain about
    }
  }

  @Override
  public List<String> merchants() {
    return check
        .app()
        .map(app ->
            call.get("app_auth_token")
                .map(app::byToken)
                .orElseGet(app::own)
                .map(contract -> List.of(app.id(), contract.seller().id()))
                .orElse(List.of(app.id())))
        .orElse(List.of());
  }

  @Override
  public String signText() {
    return check.signText();
  }

  @Override
  public Encoder perform(Twists twists) {
    Optional<Refusal> refusal = check.refusal(desk.clock().get().plus(twists.clockSkew()));
    if (refusal.isPresent()) {
      return encoder(OpenAnswer.Refused.of(refusal.get()));
    }
    if (content.isEmpty()) {
      return encoder(OpenAnswer.Refused.of(Reason.ILLEGAL_JSON));
    }
    try {
      return encoder(
          desk.business().perform(check.method().orElseThrow(), check.caller(), content.get()));
    } catch (InvalidField e) {
      return encoder(
          OpenAnswer.Refused.of(Reason.INVALID_PARAMETER.about(String.valueOf(e.getMessage()))));
    }
  }

  @Override
  public Encoder failing(Effect.Failure failure) {
    return encoder(OpenAnswer.Refused.of(Reason.named(failure.code(), failure.text())));
  }

  private Encoder encoder(OpenAnswer answer) {
    return twists -> encode(answer, twists);
  }

  private Answer encode(OpenAnswer answer, Twists twists) {
    Map<String, Object> node = answer.node();
    for (Effect.Mutate mutation : twists.mutations()) {
      mutation
          .value()
          .ifPresentOrElse(
              value -> node.put(mutation.field(), value), () -> node.remove(mutation.field()));
    }
    String text =
        OpenAnswer.text(node, check.app().map(app -> app.traits().escapeSlashes()).orElse(false));
    // Who is not known gets nothing signed: there is no key for it.
    Optional<String> sign = check.app().flatMap(app -> sign(app, text, twists.sign()));
    Optional<String> certificate =
        check
            .app()
            .filter(app -> app.traits().certificates())
            .map(app -> CertificateNumber.of(app.channelCertificate()));
    String name = check.method().map(OpenMethod::node).orElse("error_response");
    String body = OpenAnswer.envelope(name, text, certificate, sign);
    Reply reply =
        Reply.of(
                200,
                "text/html;charset=" + call.charset().spelling(), // it is JSON; the channel says so
                call.charset().bytes(body))
            .with(TRACE, trace);
    return new Answer(reply, answer.verdict());
  }

  private Optional<String> sign(App app, String node, Optional<SignFault> fault) {
    byte[] text = call.charset().bytes(node);
    if (fault.isEmpty()) {
      return Optional.of(Rsa2.sign(app.channelPrivateKey(), text));
    }
    return switch (fault.get()) {
      case MISSING -> Optional.empty();
      case BAD -> Optional.of(Rsa2.spoilt(Rsa2.sign(app.channelPrivateKey(), text)));
      case OTHER_ALG -> Optional.of(Rsa2.signSha1(app.channelPrivateKey(), text));
      case OTHER_KEY -> Optional.of(Rsa2.sign(app.strangersPrivateKey(), text));
      case LOWER_CASE ->
          Optional.of(Rsa2.sign(app.channelPrivateKey(), text).toLowerCase(Locale.ROOT));
    };
  }
}
