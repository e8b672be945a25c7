package io.yunfu.server.http;

import io.yunfu.server.config.DataSize;
import io.yunfu.server.http.BodyReader.Body;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Jetty's request made ours, and our response Jetty's. Runs on a virtual thread per request.
final class Adapter extends org.eclipse.jetty.server.Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(Adapter.class);

  private final Router router;
  private final Forwarding forwarding;
  private final Compression compression;
  private final BodyReader bodies;
  private final Duration requestTimeout;
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean leaving;
  private volatile boolean closed;

  Adapter(
      Router router,
      Forwarding forwarding,
      Compression compression,
      BodyReader bodies,
      Duration requestTimeout) {
    super(InvocationType.BLOCKING);
    this.router = router;
    this.forwarding = forwarding;
    this.compression = compression;
    this.bodies = bodies;
    this.requestTimeout = requestTimeout;
  }

  /// Requests whose head has arrived and whose answer has not been written.
  int inFlight() {
    return inFlight.get();
  }

  /// From now on every answer ends its connection.
  void leave() {
    leaving = true;
  }

  /// Lets nobody in any more: a request that still arrives is not looked at, and its connection
  /// ends without an answer. Nothing has happened then.
  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public boolean handle(
      org.eclipse.jetty.server.Request in, org.eclipse.jetty.server.Response out, Callback done)
      throws InterruptedException {
    inFlight.incrementAndGet();
    Callback counted = Callback.from(done, inFlight::decrementAndGet);
    if (closed) { // looked at after it is counted, so that a stop sees it or it sees the stop
      counted.failed(new IOException("the server stops"));
      return true;
    }
    if (in.getHttpURI().getFragment() != null) { // is not for servers; dropping it would not be raw
      send(out, Response.failure(400, "BadRequest", "The target has a fragment."), counted);
      return true;
    }
    Request head = forwarding.seenThrough(headOf(in));
    Optional<Route> found = router.routeOf(head);
    Optional<Response> answer = router.answerOf(head, found);
    if (answer.isPresent()) {
      send(out, answer.get(), counted);
    } else {
      serve(in, out, counted, head, found.orElseThrow());
    }
    return true;
  }

  private void serve(
      org.eclipse.jetty.server.Request in,
      org.eclipse.jetty.server.Response out,
      Callback done,
      Request head,
      Route route)
      throws InterruptedException {
    Body body;
    try {
      DataSize limit = route.bodyLimit().of(head);
      long deadline = in.getBeginNanoTime() + requestTimeout.toNanos();
      body = bodies.read(in, in.getLength(), limit, deadline);
    } catch (IOException e) {
      done.failed(e.getCause()); // answers 400, if the client is still there
      return;
    } catch (TimeoutException e) {
      Response late =
          Response.failure(408, "RequestTimeout", "The request did not arrive in time.");
      write(out, closing(late));
      done.failed(e); // a read is still waiting: only closing the connection ends it
      return;
    }
    switch (body) {
      case Body.Whole whole -> {
        Response response;
        try {
          response = finish(head.withBody(whole.bytes()), route);
        } finally {
          bodies.giveBack(whole);
        }
        send(out, response, done);
      }
      case Body.TooLarge() -> {
        boolean written = write(out, closing(finish(head.tooLarge(), route)));
        if (written && !head.headers().has("Expect")) { // who waits for a go-ahead sends nothing
          bodies.discard(in);
        }
        done.succeeded();
      }
      case Body.NoRoom() -> {
        Response busy =
            Response.failure(503, "Busy", "Too many large requests at a time; try again.");
        send(out, closing(busy), done);
      }
    }
  }

  private Response finish(Request request, Route route) {
    Response response;
    try {
      response = route.handler().handle(request);
    } catch (RuntimeException | Error e) {
      LOG.error("{} {} failed", request.method(), route.path(), e);
      response = Response.failure(500, "InternalError", "Internal error, please retry.");
    }
    return compression.applied(request, router.shared(request, route, response));
  }

  private static Request headOf(org.eclipse.jetty.server.Request in) {
    List<Header> fields = new ArrayList<>(in.getHeaders().size());
    for (HttpField field : in.getHeaders()) {
      String value = field.getValue();
      fields.add(new Header(field.getName(), value == null ? "" : value));
    }
    HttpURI uri = in.getHttpURI();
    String path = uri.getPath();
    String address =
        in.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress remote
                && remote.getAddress() != null
            ? remote.getAddress().getHostAddress()
            : "";
    return new Request(
        in.getMethod(),
        path == null ? "" : path,
        uri.getQuery(),
        new Headers(fields),
        new byte[0],
        false,
        address,
        in.isSecure());
  }

  private void send(org.eclipse.jetty.server.Response out, Response response, Callback done)
      throws InterruptedException {
    if (write(out, response)) {
      done.succeeded();
    } else {
      done.failed(new IOException("the answer was not taken"));
    }
  }

  /// Waits until the answer has left, for as long as a request may take to arrive. Mostly it fits
  /// into the socket's buffer and nobody waits.
  ///
  /// @return whether it has left; if not, the connection is of no more use
  private boolean write(org.eclipse.jetty.server.Response out, Response response)
      throws InterruptedException {
    out.setStatus(response.status());
    response.headers().forEach(field -> out.getHeaders().add(field.name(), field.value()));
    if (leaving) {
      out.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    if (response.status() != 204) {
      out.getHeaders().put(HttpHeader.CONTENT_LENGTH, response.body().length);
    }
    var written = new Callback.Completable();
    out.write(true, ByteBuffer.wrap(response.body()), written);
    try {
      written.get(requestTimeout.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("the client did not take its answer", e);
      return false;
    }
  }

  private static Response closing(Response response) {
    return response.with("Connection", "close");
  }
}
