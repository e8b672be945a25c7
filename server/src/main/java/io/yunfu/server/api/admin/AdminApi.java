package io.yunfu.server.api.admin;

import io.yunfu.operator.Operator;
import io.yunfu.server.config.AddressRanges;
import io.yunfu.server.http.Handler;
import io.yunfu.server.http.Request;
import io.yunfu.server.http.Response;
import io.yunfu.server.observe.Answered;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The admin API below `/admin/v1/`: takes a request through all checks in one order, has an
/// operation carry it out, and writes one log line. Nothing of it can be seen without a token, not
/// even which paths there are.
public final class AdminApi implements Handler {
  /// After so many seconds what is unavailable is worth another try.
  private static final String RETRY_AFTER = "2";

  private final Operations operations;
  private final AddressRanges allowed;
  private final long bodyLimit;
  private final Doorkeeper doorkeeper;
  private final Supplier<String> requestIds;
  private final LongSupplier nanos;
  private final Consumer<Answered> log;

  /// @param allowed from where it may be called; empty for everywhere
  /// @param bodyLimit in bytes, for the message
  /// @param nanos a clock that never goes back
  /// @param log gets every request once, after it is answered
  public AdminApi(
      Operations operations,
      AddressRanges allowed,
      long bodyLimit,
      Doorkeeper doorkeeper,
      Supplier<String> requestIds,
      LongSupplier nanos,
      Consumer<Answered> log) {
    this.operations = operations;
    this.allowed = allowed;
    this.bodyLimit = bodyLimit;
    this.doorkeeper = doorkeeper;
    this.requestIds = requestIds;
    this.nanos = nanos;
    this.log = log;
  }

  @Override
  public Response handle(Request request) {
    var visit = new Visit(requestIds.get(), nanos.getAsLong(), request);
    Response response;
    try {
      response = answer(request, visit);
    } catch (Refused refused) {
      response = visit.refused(refused);
    } catch (RuntimeException | StackOverflowError fault) {
      visit.fault = fault;
      response = visit.refused(Faults.spelt(fault));
    }
    log.accept(visit.answered(response, Duration.ofNanos(nanos.getAsLong() - visit.began)));
    return response.with("X-Request-Id", visit.requestId).with("Cache-Control", "no-store");
  }

  /// The order of the checks.
  private Response answer(Request request, Visit visit) {
    if (!allowed.isEmpty() && !allowed.contains(request.remoteAddress())) {
      throw Errors.ADDRESS_NOT_ALLOWED.with();
    }
    String name = doorkeeper.admit(request);
    visit.operatorName = name;
    if (request.oversized()) {
      throw Errors.BODY_TOO_LARGE.with(bodyLimit);
    }
    var there = operations.at(request.path().substring(Operations.BASE.length()));
    if (there.isEmpty()) {
      throw Errors.NO_SUCH_PATH.with();
    }
    visit.allow = methods(there);
    var found =
        Operations.of(request.method(), there)
            .orElseThrow(() -> Errors.METHOD_NOT_ALLOWED.with(request.method(), visit.allow));
    Operation operation = found.operation();
    visit.operation = operation;
    Optional<String> key = RequestReader.key(operation, request);
    Given given = RequestReader.read(operation, found.values(), request);
    visit.subject = found.values().isEmpty() ? "" : found.values().getFirst();
    JsonNode json = operation.run(new Call(new Operator(name, visit.requestId), key, given));
    return Response.json(operation.status(), json.toString());
  }

  private static String methods(List<Operations.Found> there) {
    return there.stream()
        .map(found -> found.operation().method().name())
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /// What is known of a request so far, for an answer and a log line at any point.
  private static final class Visit {
    final String requestId;
    final long began;
    final Request request;
    final Language language;
    String operatorName = "";
    String allow = "";
    String subject = "";
    @Nullable Operation operation;
    @Nullable Throwable fault;
    String code = Answered.OK;

    Visit(String requestId, long began, Request request) {
      this.requestId = requestId;
      this.began = began;
      this.request = request;
      this.language = Language.of(request.headers());
    }

    Response refused(Refused refused) {
      ErrorCode why = refused.code();
      code = why.code();
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      ObjectNode error = body.putObject("error").put("code", code);
      error.put(
          "message",
          refused.mistakes().isEmpty()
              ? refused.text().in(language)
              : sentence(refused.text(), refused.field()));
      if (!refused.field().isEmpty()) {
        error.put("field", refused.field());
      }
      if (!refused.mistakes().isEmpty()) {
        ArrayNode mistakes = error.putArray("mistakes");
        refused
            .mistakes()
            .forEach(mistake ->
                mistakes
                    .addObject()
                    .put("field", mistake.field())
                    .put("message", sentence(mistake.text(), mistake.field())));
      }
      error.put("requestId", requestId);
      Response response = Response.json(why.status(), body.toString());
      return switch (why.status()) {
        case 401 -> response.with("WWW-Authenticate", Doorkeeper.CHALLENGE);
        case 405 -> response.with("Allow", allow);
        case 429 -> response.with("Retry-After", Long.toString(Doorkeeper.WINDOW.toSeconds()));
        case 503 -> response.with("Retry-After", RETRY_AFTER);
        default -> response;
      };
    }

    /// The text of a mistake goes on where the name of its field ends.
    private String sentence(Text text, String field) {
      String said = text.in(language);
      if (field.isEmpty()) {
        return said;
      }
      return switch (language) {
        case ENGLISH -> field + " " + said + ".";
        case CHINESE -> field + " " + said + "。";
      };
    }

    Answered answered(Response response, Duration took) {
      return new Answered(
          requestId,
          operation == null ? "" : operation.id(),
          code,
          response.status(),
          subject,
          operatorName,
          request.remoteAddress(),
          request.headers().first("User-Agent").orElse(""),
          request.targetLength() + request.body().length,
          response.body().length,
          took,
          fault,
          fault != null && Answered.isExpected(fault));
    }
  }
}
