package io.yunfu.server.http;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds the route of a request, and answers what needs none: OPTIONS, HEAD, paths that nobody has.
public final class Router {
  private static final String METHODS = "GET, POST, OPTIONS";

  private final List<Route> routes;
  private final Set<String> origins;

  /// @param routes the first that matches answers
  /// @param origins whose pages may call the routes that are open across origins
  public Router(List<Route> routes, List<String> origins) {
    this.routes = List.copyOf(routes);
    this.origins = Set.copyOf(origins);
  }

  Optional<Route> routeOf(Request head) {
    for (Route route : routes) {
      if (route.matches(head.path())) {
        return Optional.of(route);
      }
    }
    return Optional.empty();
  }

  /// The answer that needs no handler, if this is such a request.
  Optional<Response> answerOf(Request head, Optional<Route> route) {
    if (route.isEmpty()) {
      return Optional.of(
          Response.failure(404, "NotFound", "There is nothing at this path; the API is at /."));
    }
    if (route.get().everyMethod()) {
      return Optional.empty();
    }
    return switch (head.method()) {
      case "OPTIONS" -> Optional.of(options(head, route.get()));
      case "HEAD" ->
          route.get().head()
              ? Optional.empty()
              : Optional.of(Response.empty(405).with("Allow", METHODS));
      default -> Optional.empty();
    };
  }

  /// Lets the page that called read the answer, if its origin is one of the configured.
  Response shared(Request head, Route route, Response response) {
    if (!route.crossOrigin() || origins.isEmpty()) {
      return response;
    }
    Response varying = response.with("Vary", "Origin");
    return originOf(head)
        .map(origin ->
            varying
                .with("Access-Control-Allow-Origin", origin)
                .with("Access-Control-Expose-Headers", "X-TC-RequestId"))
        .orElse(varying);
  }

  /// Source: billing 2018-07-09, section 1.10.
  private Response options(Request head, Route route) {
    Response plain = Response.empty(204).with("Allow", METHODS);
    if (!route.crossOrigin() || origins.isEmpty()) {
      return plain;
    }
    Response varying = plain.with("Vary", "Origin, Access-Control-Request-Headers");
    return originOf(head)
        .map(origin ->
            varying
                .with("Access-Control-Allow-Origin", origin)
                .with("Access-Control-Allow-Methods", METHODS)
                .with(
                    "Access-Control-Allow-Headers",
                    // A wildcard would not cover Authorization, so say what was asked for.
                    head.headers()
                        .first("Access-Control-Request-Headers")
                        .orElse("Authorization, Content-Type"))
                .with("Access-Control-Max-Age", "600"))
        .orElse(varying);
  }

  private Optional<String> originOf(Request head) {
    return head.headers().first("Origin").filter(origins::contains);
  }
}
