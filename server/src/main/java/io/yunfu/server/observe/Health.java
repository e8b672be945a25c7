package io.yunfu.server.observe;

import io.yunfu.server.http.Handler;
import io.yunfu.server.http.Response;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Whether this node is well, for whoever sends it work. `/live` says that the process runs and
/// nothing else: to restart it because the database is away would help nobody. `/ready` names every
/// check and, where one fails, its cause.
public final class Health {
  /// What a check may take. One that hangs has failed.
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /// For how long an answer stands: however often `/ready` is asked, the database is not.
  private static final Duration FRESH = Duration.ofSeconds(1);

  private static final String WELL = "ok";

  private final Map<String, Check> checks = new LinkedHashMap<>();
  private final Executor threads = task -> Thread.ofVirtual().name("health").start(task);
  private final Duration patience;
  private final Duration fresh;
  private final ReentrantLock asking = new ReentrantLock();
  private @Nullable Answer last;
  private volatile boolean stopping;

  /// One thing that must be well.
  @FunctionalInterface
  public interface Check {
    /// What is wrong, in a sentence; empty when nothing is. Throwing counts as wrong too.
    Optional<String> trouble() throws Exception;
  }

  private record Answer(Map<String, String> results, boolean ready, long at) {}

  public Health() {
    this(PATIENCE, FRESH);
  }

  Health(Duration patience, Duration fresh) {
    this.patience = patience;
    this.fresh = fresh;
  }

  /// Adds a check, before the pages are served. They are shown in the order they were added.
  public Health check(String name, Check check) {
    checks.put(name, check);
    return this;
  }

  /// From now on this node is not ready: whoever sends it work shall stop, while it finishes what
  /// it has.
  public void stopping() {
    stopping = true;
  }

  public Handler live() {
    return request -> Response.json(200, "{\"status\":\"live\"}").with("Cache-Control", "no-store");
  }

  public Handler ready() {
    return request -> {
      Answer answer = answer();
      boolean ready = answer.ready && !stopping;
      var body = new StringBuilder("{\"status\":\"");
      body.append(ready ? "ready" : stopping ? "stopping" : "not ready").append("\",\"checks\":{");
      answer.results.forEach((name, result) -> {
        body.append(body.charAt(body.length() - 1) == '{' ? "\"" : ",\"");
        LineFormat.escape(name, body);
        body.append("\":\"");
        LineFormat.escape(Redaction.clean(result), body);
        body.append('"');
      });
      return Response.json(ready ? 200 : 503, body.append("}}").toString())
          .with("Cache-Control", "no-store");
    };
  }

  private Answer answer() {
    asking.lock();
    try {
      Answer known = last;
      if (known != null && System.nanoTime() - known.at < fresh.toNanos()) {
        return known;
      }
      Answer answer = ask();
      last = answer;
      return answer;
    } finally {
      asking.unlock();
    }
  }

  /// All checks at a time, so that one that hangs delays nobody but the answer.
  private Answer ask() {
    Map<String, CompletableFuture<String>> asked = new LinkedHashMap<>();
    checks.forEach((name, check) ->
        asked.put(name, CompletableFuture.supplyAsync(() -> result(check), threads)));
    long end = System.nanoTime() + patience.toNanos();
    Map<String, String> results = new LinkedHashMap<>();
    asked.forEach((name, result) -> results.put(name, within(result, end)));
    return new Answer(results, results.values().stream().allMatch(WELL::equals), System.nanoTime());
  }

  private static String result(Check check) {
    try {
      return check.trouble().orElse(WELL);
    } catch (Exception e) { // a check may throw what it likes: it says that something is wrong
      String message = e.getMessage();
      return message == null ? e.getClass().getSimpleName() : message;
    }
  }

  private String within(CompletableFuture<String> result, long end) {
    try {
      return result.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return "no answer within " + patience.toMillis() + " ms";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    } catch (ExecutionException e) {
      return String.valueOf(e.getCause());
    }
  }
}
