package io.yunfu.server.api.cpay;

import static io.yunfu.kernel.Check.require;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.server.http.Handler;
import io.yunfu.server.http.Headers;
import io.yunfu.server.http.Request;
import io.yunfu.server.http.Response;
import io.yunfu.server.observe.Answered;
import io.yunfu.wire.cpay.AuthenKey;
import io.yunfu.wire.cpay.Authentication;
import io.yunfu.wire.cpay.CallContent;
import io.yunfu.wire.cpay.CallRefused;
import io.yunfu.wire.cpay.KeyOwner;
import io.yunfu.wire.cpay.LogId;
import io.yunfu.wire.cpay.Payload;
import io.yunfu.wire.cpay.Ping;
import io.yunfu.wire.cpay.ReceivedCall;
import io.yunfu.wire.cpay.Reply;
import io.yunfu.wire.cpay.Result;
import io.yunfu.wire.cpay.Results;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The Cloud Pay API: takes a request through all checks in the one order that the contract gives
/// (`cloudpay.md` section 1.8), has a call answer it, and writes one log line. Every outcome of a
/// call is HTTP status 200, since what went wrong stands in the answer.
///
/// @param <S> the sellers that the calls work with
public final class CpayApi<S extends Seller> implements Handler {
  /// All calls are directly below it.
  public static final String PATH = "/cpay/";

  /// The largest body of a call. Unit: bytes. Source: `cloudpay.md` section 7.4.
  public static final int BODY_BYTES = 64 * 1024;

  private static final String PING = "ping";
  private static final Headers JSON = Headers.of("Content-Type", Reply.CONTENT_TYPE);

  private final Map<String, CpayCall<S, ?>> calls = new HashMap<>();
  private final Function<KeyOwner, Optional<S>> sellers;
  private final boolean lenientEnvelope;
  private final Supplier<LogId> logIds;
  private final Supplier<String> nonces;
  private final Clock clock;
  private final LongSupplier nanos;
  private final Consumer<Answered> log;
  private volatile boolean closed;

  /// What the pipeline takes from its surroundings.
  ///
  /// @param nanos a clock that never goes back, for durations
  /// @param log gets every request once, after it is answered
  record Surroundings(
      Supplier<LogId> logIds,
      Supplier<String> nonces,
      Clock clock,
      LongSupplier nanos,
      Consumer<Answered> log) {}

  /// @param sellers finds whoever a request names, disabled ones included
  /// @param lenientEnvelope whether the layout of the published examples is read too
  CpayApi(
      List<CpayCall<S, ?>> calls,
      Function<KeyOwner, Optional<S>> sellers,
      boolean lenientEnvelope,
      Surroundings surroundings) {
    for (CpayCall<S, ?> call : calls) {
      require(this.calls.put(call.name(), call) == null, "%s is there twice", call.name());
    }
    this.sellers = sellers;
    this.lenientEnvelope = lenientEnvelope;
    this.logIds = surroundings.logIds;
    this.nonces = surroundings.nonces;
    this.clock = surroundings.clock;
    this.nanos = surroundings.nanos;
    this.log = surroundings.log;
  }

  /// From now on every call is answered with status 3; those under way go on.
  public void close() {
    closed = true;
  }

  @Override
  public Response handle(Request request) {
    String name = request.path().substring(PATH.length());
    CpayCall<S, ?> call = calls.get(name);
    if (name.equals(PING)) {
      return ping(request);
    }
    if (call == null) {
      return noCall();
    }
    return request.method().equals("POST") ? answered(call, request) : wrongMethod("POST");
  }

  private Response answered(CpayCall<S, ?> call, Request request) {
    var visit = new Visit(logIds.get(), nanos.getAsLong(), call);
    byte[] body;
    try {
      body = answer(call, request, visit);
    } catch (CallRefused refused) {
      body = visit.refused(refused.result(), nonces);
    } catch (RuntimeException | StackOverflowError fault) {
      visit.fault = fault;
      body = visit.refused(spelt(visit), nonces);
    }
    Duration took = Duration.ofNanos(nanos.getAsLong() - visit.began);
    log.accept(visit.answered(request, body.length, took));
    return new Response(request.oversized() ? 413 : 200, JSON, body);
  }

  /// The order of the checks. Its numbers are those of section 1.8.
  private <C extends CallContent> byte[] answer(CpayCall<S, C> call, Request request, Visit visit) {
    if (closed) {
      throw Results.INTERNAL_ERROR.refused();
    }
    if (request.oversized()) {
      throw Results.BODY_TOO_LARGE.refused(BODY_BYTES);
    }
    ReceivedCall received = ReceivedCall.of(request.body(), lenientEnvelope); // 1, 2, 3
    Authentication authentication = received.authenticate(); // 4
    requireAllowed(authentication, call);
    Instant now = clock.instant();
    S seller = seller(received.keyOwner(), call); // 5
    visit.key = verified(authentication, seller, seller.keys(now), call); // 6
    visit.seller = seller;
    C content = received.read(call::read); // 7
    visit.shop = content.merchant().outShopId();
    if (!seller.owns(content.merchant())) { // 8
      throw Results.NOT_RELATED.refused();
    }
    if (call.kind() != CpayCall.Kind.READS) {
      seller
          .unknownTerminal(visit.shop, content.client())
          .ifPresent(field -> {
            throw Results.FIELD_INVALID.refused(field);
          });
    }
    if (call.kind() == CpayCall.Kind.CREATES && !seller.sellsIn(visit.shop)) {
      throw Results.MERCHANT_UNKNOWN.refused();
    }
    content
        .newNumber()
        .filter(number -> !seller.hasPrefixOf(number.value()))
        .ifPresent(number -> {
          throw Results.WRONG_PREFIX.refused(number.path()); // 9
        });
    visit.asking = true;
    Told told = // 10, 11
        call.answer(new Asked<>(seller, content, request.remoteAddress(), nonces.get()));
    visit.result = told.result();
    return Reply.signed(visit.logId, told.result(), told.payload(), visit.key);
  }

  private static void requireAllowed(Authentication authentication, CpayCall<?, ?> call) {
    if (authentication instanceof Authentication.Rsa && call.kind() != CpayCall.Kind.REFUNDS) {
      throw Results.AUTHENTICATION_UNSUPPORTED.refused();
    }
  }

  /// Whoever is disabled makes no new orders, but may still look after those that are there.
  private S seller(KeyOwner owner, CpayCall<S, ?> call) {
    return sellers
        .apply(owner)
        .filter(found -> found.isEnabled() || call.kind() != CpayCall.Kind.CREATES)
        .orElseThrow(Results.MERCHANT_UNKNOWN::refused);
  }

  /// The key that signs the answer: the one that signed the request, or the newest when the request
  /// came with RSA, since answers never do.
  private static AuthenKey verified(
      Authentication authentication, Seller seller, List<AuthenKey> keys, CpayCall<?, ?> call) {
    if (keys.isEmpty()) {
      throw Results.MERCHANT_UNKNOWN.refused();
    }
    return switch (authentication) {
      case Authentication.Hmac hmac -> {
        if (call.kind() == CpayCall.Kind.REFUNDS && seller.refundsNeedRsa()) {
          throw Results.AUTHENTICATION_UNSUPPORTED.refused();
        }
        yield keys.stream()
            .filter(hmac::isSignedWith)
            .findFirst()
            .orElseThrow(Results.WRONG_AUTHEN_CODE::refused);
      }
      case Authentication.Rsa rsa -> {
        boolean genuine =
            rsa.isSignedWith(
                seller.rsaKey().orElseThrow(Results.AUTHENTICATION_UNSUPPORTED::refused));
        if (!genuine) {
          throw Results.WRONG_AUTHEN_CODE.refused();
        }
        yield keys.getFirst();
      }
    };
  }

  /// Once a call that changes something has begun, nobody can say that nothing was done.
  private static Result spelt(Visit visit) {
    boolean unknown = visit.asking && !visit.call.kind().isHarmless();
    return (unknown ? Results.CHANNEL_UNKNOWN : Results.INTERNAL_ERROR).with();
  }

  private Response ping(Request request) {
    boolean known = request.method().equals("POST") || request.method().equals("GET");
    return known ? new Response(200, JSON, Ping.answer(clock.instant())) : wrongMethod("GET, POST");
  }

  private static Response wrongMethod(String allowed) {
    return failure(405, "MethodNotAllowed", "Use " + allowed + ".").with("Allow", allowed);
  }

  private static Response noCall() {
    return failure(404, "NotFound", "There is no such call.");
  }

  /// On the level of HTTP, outside the envelope.
  private static Response failure(int status, String code, String message) {
    return Response.json(
        status,
        "{\"error\":{\"code\":\"%s\",\"message\":\"%s\"}}"
            .formatted(code, message)
            .getBytes(UTF_8));
  }

  /// What is known of a request so far, for an answer and a log line at any point.
  private static final class Visit {
    final LogId logId;
    final long began;
    final CpayCall<?, ?> call;
    Result result = Results.OK.with();
    String shop = "";
    boolean asking;
    @Nullable AuthenKey key;
    @Nullable Seller seller;
    @Nullable Throwable fault;

    Visit(LogId logId, long began, CpayCall<?, ?> call) {
      this.logId = logId;
      this.began = began;
      this.call = call;
    }

    byte[] refused(Result why, Supplier<String> nonces) {
      result = why;
      AuthenKey signer = key;
      if (!why.status().isSigned() || signer == null) {
        return Reply.unsigned(logId, why);
      }
      return Reply.signed(logId, why, new Payload.NonceOnly(call.name(), nonces.get()), signer);
    }

    Answered answered(Request request, int bytesOut, Duration took) {
      return new Answered(
          logId.toString(),
          call.name(),
          code(),
          request.oversized() ? 413 : 200,
          seller == null ? "" : seller.id(),
          shop,
          request.remoteAddress(),
          request.headers().first("User-Agent").orElse(""),
          request.targetLength() + request.body().length,
          bytesOut,
          took,
          fault,
          fault != null && Answered.isExpected(fault));
    }

    private String code() {
      return result.internalStatus() == 0
          ? Answered.OK
          : result.status().number() + "/" + result.internalStatus();
    }
  }
}
