package io.yunfu.server.api.billing;

import io.yunfu.billing.account.Caller;
import io.yunfu.billing.account.Credential;
import io.yunfu.server.config.Configuration;
import io.yunfu.server.http.Handler;
import io.yunfu.server.http.Request;
import io.yunfu.server.http.Response;
import io.yunfu.server.observe.Answered;
import io.yunfu.wire.tc3.ApiCall;
import io.yunfu.wire.tc3.ApiError;
import io.yunfu.wire.tc3.ApiRefused;
import io.yunfu.wire.tc3.CommonErrors;
import io.yunfu.wire.tc3.Credentials;
import io.yunfu.wire.tc3.DecodedRequest;
import io.yunfu.wire.tc3.Envelope;
import io.yunfu.wire.tc3.Language;
import io.yunfu.wire.tc3.Limits;
import io.yunfu.wire.tc3.PublicHosts;
import io.yunfu.wire.tc3.ReceivedRequest;
import io.yunfu.wire.tc3.Secret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The billing API at `/`: takes a request through all checks in the one order that the contract
/// gives (`billing.md` section 1.11), has an action answer it, and writes one log line. Every
/// outcome is HTTP status 200, since clients drop code and message of any other.
public final class BillingApi implements Handler {
  static final String VERSION = "2018-07-09";

  /// Of every outcome: clients drop code and message of any other.
  private static final int STATUS = 200;

  private static final String REQUEST_ID = "X-TC-RequestId";
  private static final String TRACE_ID = "X-TC-TraceId";

  /// What an operator may set.
  ///
  /// @param clockTolerance how far a request's timestamp may be from our clock, either way
  /// @param hosts names that clients may have signed besides the `Host` that arrived
  /// @param offline actions that are switched off
  /// @param anonymous the SecretId that unsigned calls act as; empty to refuse them
  public record Settings(
      Limits limits,
      Duration clockTolerance,
      PublicHosts hosts,
      TrafficRules traffic,
      Set<String> offline,
      Optional<String> anonymous) {
    public Settings {
      offline = Set.copyOf(offline);
    }

    /// What the configuration says. The vendor's two hosts are among the names in any case.
    public static Settings of(Configuration configuration) {
      var api = configuration.api();
      var names = new LinkedHashSet<>(PublicHosts.VENDOR.names());
      names.addAll(configuration.http().publicHosts());
      return new Settings(
          new Limits(
              api.getLimit().asInt(),
              api.postV1Limit().asInt(),
              api.postV3Limit().asInt(),
              Limits.DEFAULTS.depth(),
              Limits.DEFAULTS.values(),
              api.responseLimit().asInt()),
          api.clockWindow(),
          new PublicHosts(List.copyOf(names)),
          new TrafficRules(
              api.allowedAddresses(),
              api.blockedAddresses(),
              api.addressRateLimit(),
              api.accountRateLimit(),
              configuration.rateLimits()),
          Set.copyOf(api.offlineActions()),
          api.anonymous());
    }
  }

  private final Settings settings;
  private final Actions actions;
  private final Function<String, Optional<Credential<Secret>>> keys;
  private final Traffic traffic;
  private final Supplier<String> requestIds;
  private final Clock clock;
  private final LongSupplier nanos;
  private final Consumer<Answered> log;
  private volatile boolean closed;

  /// @param keys finds the key of a SecretId, disabled ones included
  /// @param nanos a clock that never goes back, for durations and rate limits
  /// @param log gets every request once, after it is answered
  public BillingApi(
      Settings settings,
      Actions actions,
      Function<String, Optional<Credential<Secret>>> keys,
      Supplier<String> requestIds,
      Clock clock,
      LongSupplier nanos,
      Consumer<Answered> log) {
    this.settings = settings;
    this.actions = actions;
    this.keys = keys;
    this.traffic = new Traffic(settings.traffic, nanos);
    this.requestIds = requestIds;
    this.clock = clock;
    this.nanos = nanos;
    this.log = log;
  }

  /// From now on every request is answered `ServiceUnavailable`; those under way go on.
  public void close() {
    closed = true;
  }

  @Override
  public Response handle(Request request) {
    var visit = new Visit(requestIds.get(), nanos.getAsLong(), request);
    byte[] body;
    try {
      body = answer(request, visit);
    } catch (ApiRefused refused) {
      body = visit.refused(refused.error());
    } catch (RuntimeException | StackOverflowError fault) {
      visit.fault = fault;
      body = visit.refused(Faults.spelt(fault, visit.action));
    }
    log.accept(visit.answered(body.length, Duration.ofNanos(nanos.getAsLong() - visit.began)));
    Response response = Response.json(STATUS, body).with(REQUEST_ID, visit.requestId);
    String trace = ApiCall.traceId(request.headers()::all);
    return trace == null ? response : response.with(TRACE_ID, trace);
  }

  /// The order of the checks. Its numbers are those of section 1.11.
  private byte[] answer(Request request, Visit visit) {
    if (closed) {
      throw CommonErrors.SERVICE_UNAVAILABLE.refused();
    }
    traffic.admit(request.remoteAddress());
    requireWhole(request);
    DecodedRequest decoded = DecodedRequest.of(received(request), settings.limits); // 1, 2, 3
    visit.language = decoded.language();
    ApiCall call = decoded.call(); // 4
    visit.client = call.client();
    call.requireVersion(VERSION); // 5
    Action action = actions.of(call); // 6
    visit.action = action;
    if (settings.offline.contains(action.name())) {
      throw CommonErrors.ACTION_OFFLINE.refused(action.name());
    }
    Instant now = clock.instant();
    Caller caller = authenticated(call, request, now); // 7 to 11
    visit.caller = caller;
    traffic.admit(caller, action.name()); // 12
    var fields = // 13, 14
        action.answer(new Call(caller, call.parameters(), visit.language, visit.requestId, now));
    int most = action.changes() ? Integer.MAX_VALUE : settings.limits.responseBytes();
    return Envelope.success(visit.requestId, most, fields);
  }

  /// Too large a body has not been read, so there is nothing to decode.
  private static void requireWhole(Request request) {
    if (request.oversized()) {
      boolean known = request.method().equals("GET") || request.method().equals("POST");
      throw (known ? CommonErrors.REQUEST_SIZE_LIMIT_EXCEEDED : CommonErrors.UNSUPPORTED_PROTOCOL)
          .refused();
    }
  }

  private static ReceivedRequest received(Request request) {
    return new ReceivedRequest(
        request.method(), request.path(), request.query(), request.headers()::all, request.body());
  }

  private Caller authenticated(ApiCall call, Request request, Instant now) {
    return switch (call.credentials()) {
      case Credentials.Signed signed -> {
        Credential<Secret> key = key(signed.secretId());
        call.requireFresh(now, settings.clockTolerance);
        signed.requireSignedWith(
            key.secret(), settings.hosts, request.forwardedHost().orElse(null));
        key.temporary().ifPresent(temporary -> requireToken(call, temporary, now));
        yield key.caller();
      }
      case Credentials.Skipped() -> {
        String secretId =
            settings.anonymous.orElseThrow(CommonErrors.INVALID_AUTHORIZATION::refused);
        Credential<Secret> key = key(secretId);
        call.requireFresh(now, settings.clockTolerance);
        yield key.caller();
      }
    };
  }

  /// A key that is disabled, or whose user is, is as good as none; the answer does not tell which.
  private Credential<Secret> key(String secretId) {
    return keys.apply(secretId)
        .filter(Credential::enabled)
        .orElseThrow(CommonErrors.SECRET_ID_NOT_FOUND::refused);
  }

  private static void requireToken(ApiCall call, Credential.Temporary temporary, Instant now) {
    call.requireTokenOf(temporary.tokenSha256());
    if (!now.isBefore(temporary.expiresAt())) {
      throw CommonErrors.TOKEN_FAILURE.refused();
    }
  }

  /// What is known of a request so far, for an answer and a log line at any point.
  private static final class Visit {
    final String requestId;
    final long began;
    final String address;
    final int requestBytes;
    Language language;
    @Nullable String client;
    @Nullable Action action;
    @Nullable Caller caller;
    @Nullable Throwable fault;
    String code = Answered.OK;

    Visit(String requestId, long began, Request request) {
      this.requestId = requestId;
      this.began = began;
      this.address = request.remoteAddress();
      this.requestBytes = request.targetLength() + request.body().length;
      this.language = Language.of(request.headers()::all);
    }

    byte[] refused(ApiError error) {
      code = error.code();
      return Envelope.error(requestId, error, language);
    }

    Answered answered(int responseBytes, Duration took) {
      return new Answered(
          requestId,
          action == null ? "" : action.name(),
          code,
          STATUS,
          caller == null ? "" : caller.owner().toString(),
          caller == null ? "" : caller.user().toString(),
          address,
          client == null ? "" : client,
          requestBytes,
          responseBytes,
          took,
          fault,
          fault != null && Faults.isExpected(fault));
    }
  }
}
