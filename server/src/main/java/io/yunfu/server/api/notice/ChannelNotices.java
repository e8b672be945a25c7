package io.yunfu.server.api.notice;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.gateway.channel.ChannelNotice.Acknowledgement;
import io.yunfu.gateway.channel.ChannelNotice.Kind;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.payment.HearNotice;
import io.yunfu.gateway.payment.HearNotice.Heard;
import io.yunfu.gateway.payment.NoticeAddress;
import io.yunfu.server.http.Handler;
import io.yunfu.server.http.Headers;
import io.yunfu.server.http.RateLimiter;
import io.yunfu.server.http.Request;
import io.yunfu.server.http.Response;
import io.yunfu.server.observe.Answered;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where channels report, at the addresses that their orders were given. Whatever is sent to any
/// other is turned away without a look into the database. Every notice is answered as its channel
/// wants it, with HTTP status 200, also when it is refused: the body says so, and the channel sends
/// it again by its schedule. What could not be heard because of a fault of ours is refused too, so
/// that it comes again; nothing is lost by that, since orders are asked about anyway. Neither body
/// nor query is ever logged.
///
/// Source: `channels.md` sections 2.13, 4.10.
public final class ChannelNotices implements Handler {
  /// All notices arrive below it.
  public static final String PATH = "/channel/";

  /// The largest body of a notice. Unit: bytes.
  public static final int BODY_BYTES = HearNotice.LONGEST;

  /// What stands for an action in the figures: channel and kind, such as `wechat-payment`.
  public static final Set<String> ACTIONS =
      Stream.of(PayPlatform.values())
          .flatMap(platform -> Stream.of(Kind.values()).map(kind -> action(platform, kind)))
          .collect(Collectors.toUnmodifiableSet());

  private static final String TAKEN = "taken";
  private static final String REFUSED = "refused";

  private final Function<String, Optional<NoticeAddress>> read;
  private final BiFunction<NoticeAddress, byte[], Optional<Heard>> hear;
  private final BiFunction<NoticeAddress, String, Optional<Acknowledgement>> refuse;
  private final Supplier<String> requestIds;
  private final LongSupplier nanos;
  private final RateLimiter<String> callers;
  private final List<RateLimiter.Rule> perAddress;

  /// As many again of what comes to no address of ours, so that these keep no notice away.
  private final List<RateLimiter.Rule> strayPerAddress;

  private final Consumer<Answered> log;
  private volatile boolean closed;

  /// A door for the notices of all channels.
  ///
  /// @param perAddress notices taken from one address in a second; 0: no limit
  /// @param nanos a clock that never goes back, for durations
  /// @param log gets every notice once, after it is answered
  public ChannelNotices(
      HearNotice notices,
      int perAddress,
      Supplier<String> requestIds,
      LongSupplier nanos,
      Consumer<Answered> log) {
    this(notices::address, notices::hear, notices::refuse, perAddress, requestIds, nanos, log);
  }

  ChannelNotices(
      Function<String, Optional<NoticeAddress>> read,
      BiFunction<NoticeAddress, byte[], Optional<Heard>> hear,
      BiFunction<NoticeAddress, String, Optional<Acknowledgement>> refuse,
      int perAddress,
      Supplier<String> requestIds,
      LongSupplier nanos,
      Consumer<Answered> log) {
    this.read = read;
    this.hear = hear;
    this.refuse = refuse;
    this.callers = new RateLimiter<>(nanos);
    this.perAddress = List.of(new RateLimiter.Rule("notices", perAddress));
    this.strayPerAddress = List.of(new RateLimiter.Rule("stray", perAddress));
    this.requestIds = requestIds;
    this.nanos = nanos;
    this.log = log;
  }

  /// From now on every notice is refused, so that it comes again; those under way go on.
  public void close() {
    closed = true;
  }

  @Override
  public Response handle(Request request) {
    Optional<NoticeAddress> address = read.apply(request.path());
    if (address.isEmpty()) {
      return callers.ask(request.remoteAddress(), strayPerAddress).isPresent()
          ? failure(429, "TooManyRequests", "Too many requests.")
          : failure(404, "NotFound", "There is no such address.");
    }
    return request.method().equals("POST")
        ? answered(address.get(), request)
        : failure(405, "MethodNotAllowed", "Use POST.").with("Allow", "POST");
  }

  private Response answered(NoticeAddress address, Request request) {
    long began = nanos.getAsLong();
    String code = TAKEN;
    Throwable fault = null;
    Optional<Acknowledgement> told;
    try {
      String trouble = trouble(request);
      Optional<Heard> heard =
          trouble.isEmpty() ? hear.apply(address, request.body()) : Optional.empty();
      code = heard.filter(Heard::taken).isPresent() ? TAKEN : REFUSED;
      told = trouble.isEmpty() ? heard.map(Heard::acknowledgement) : refuse.apply(address, trouble);
    } catch (RuntimeException | StackOverflowError e) {
      code = "fault";
      fault = e;
      told = refuse.apply(address, "fault");
    }
    Response response =
        told.map(ChannelNotices::response)
            .orElseGet(() -> failure(404, "NotFound", "Nobody here speaks to this channel."));
    log.accept(line(address, request, response, code, fault, began));
    return response;
  }

  /// Why a notice is not even looked at; empty: it is.
  private String trouble(Request request) {
    if (closed) {
      return "stopping";
    }
    if (callers.ask(request.remoteAddress(), perAddress).isPresent()) {
      return "too many";
    }
    return request.oversized() ? "too large" : "";
  }

  private static Response response(Acknowledgement told) {
    return new Response(
        200, Headers.of("Content-Type", told.contentType()), told.body().getBytes(UTF_8));
  }

  private Answered line(
      NoticeAddress address,
      Request request,
      Response response,
      String code,
      @Nullable Throwable fault,
      long began) {
    return new Answered(
        requestIds.get(),
        action(address.platform(), address.kind()),
        code.equals(TAKEN) ? Answered.OK : code,
        response.status(),
        "",
        Long.toString(address.payment()),
        request.remoteAddress(),
        request.headers().first("User-Agent").orElse(""),
        request.targetLength() + request.body().length,
        response.body().length,
        Duration.ofNanos(nanos.getAsLong() - began),
        fault,
        fault != null && Answered.isExpected(fault));
  }

  private static String action(PayPlatform platform, Kind kind) {
    return (platform.name() + "-" + kind.name()).toLowerCase(Locale.ROOT);
  }

  private static Response failure(int status, String code, String message) {
    return Response.json(
        status, "{\"error\":{\"code\":\"%s\",\"message\":\"%s\"}}".formatted(code, message));
  }
}
