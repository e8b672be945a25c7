package io.yunfu.simulator.notice;

import io.yunfu.simulator.clock.Timeline;
import io.yunfu.simulator.fault.Effect;
import io.yunfu.simulator.fault.Faults;
import io.yunfu.simulator.seed.Seed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// All notices, and the worker that delivers them over real HTTP. When something is due is the
/// timeline's to say; how long an answer may take is counted in real time.
///
/// Deliveries of different notices overlap, except while the clock is moved by hand: then they
/// happen one after the other, in the order in which they were due.
public final class Notices implements AutoCloseable {
  /// No shorter gap, whatever the factor. Source: channels.md, section 7.5.
  private static final Duration SHORTEST_GAP = Duration.ofMillis(10);

  /// Notices that are remembered when they are over; those that wait are never forgotten.
  private static final int KEPT = 10_000;

  /// Deliveries at a time, as a merchant's server would not get more from a channel either.
  private static final int AT_ONCE = 64;

  /// Of an answer, as much is read and kept.
  private static final int ANSWER_BYTES = 4096;

  private final Seed seed;
  private final Timeline timeline;
  private final HttpClient client;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("notice-", 0).factory());
  private final ExecutorService oneByOne =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("notice-in-order").factory());
  private final Semaphore room = new Semaphore(AT_ONCE);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition quieter = lock.newCondition();
  private final Map<String, Notice> notices = new LinkedHashMap<>();

  /// Those that wait for their time.
  private final Set<Notice> waiting = new LinkedHashSet<>();

  /// Those whose place among others a fault has changed.
  private final Set<Notice> reordered = new LinkedHashSet<>();

  private int underWay;
  private volatile NoticeSettings settings;

  /// Nothing to deliver yet.
  ///
  /// @param tls what servers are trusted behind https
  public Notices(Seed seed, Timeline timeline, NoticeSettings settings, SSLContext tls) {
    this.seed = seed;
    this.timeline = timeline;
    this.settings = settings;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER) // a redirect is a failed delivery
            .connectTimeout(settings.timeout())
            .sslContext(tls)
            .executor(threads)
            .build();
    timeline.settles(
        new Timeline.Work() {
          @Override
          public boolean isUnderWay() {
            lock.lock();
            try {
              return underWay > 0;
            } finally {
              lock.unlock();
            }
          }

          @Override
          public void await() {
            quiet();
          }
        });
  }

  public NoticeSettings settings() {
    return settings;
  }

  public void settings(NoticeSettings changed) {
    settings = changed;
  }

  /// Queues a notice; its first delivery is due now. To be called in a step.
  public Notice queue(Draft draft) {
    var notice = new Notice("n-" + seed.of("notice id").hex(12), timeline.now(), draft);
    lock.lock();
    try {
      notices.put(notice.id(), notice);
      forget();
    } finally {
      lock.unlock();
    }
    Faults.first(draft.effects(), Effect.NotifyDrop.class)
        .ifPresent(e -> notice.drops(e.deliveries() == 0 ? Integer.MAX_VALUE : e.deliveries()));
    Optional<Effect.ReorderKind> order =
        Faults.first(draft.effects(), Effect.NotifyReorder.class).map(Effect.NotifyReorder::kind);
    boolean held =
        order.filter(Effect.ReorderKind.REFUND_BEFORE_PAY::equals).isPresent()
            && draft.kind().equals("pay");
    if (held || order.filter(Effect.ReorderKind.OLD_AFTER_NEW::equals).isPresent()) {
      lock.lock();
      try {
        reordered.add(notice);
      } finally {
        lock.unlock();
      }
    }
    if (held) {
      notice.hold();
      return notice;
    }
    Duration delay =
        Faults.first(draft.effects(), Effect.NotifyDelay.class)
            .map(Effect.NotifyDelay::by)
            .orElse(Duration.ZERO);
    int copies =
        Faults.first(draft.effects(), Effect.NotifyDup.class)
            .map(Effect.NotifyDup::copies)
            .orElse(1);
    plan(notice, timeline.now().plus(delay), copies);
    return notice;
  }

  /// All that are remembered, oldest first.
  public List<Notice> all() {
    lock.lock();
    try {
      return new ArrayList<>(notices.values());
    } finally {
      lock.unlock();
    }
  }

  public Optional<Notice> find(String id) {
    lock.lock();
    try {
      return Optional.ofNullable(notices.get(id));
    } finally {
      lock.unlock();
    }
  }

  /// Delivers the notice that is due next, now. For mode `MANUAL`, and to skip a wait.
  ///
  /// @return empty when none is waiting
  public Optional<Attempt> deliverNext() {
    Optional<Notice> next;
    lock.lock();
    try {
      next =
          waiting.stream().min(Comparator.comparing(notice -> notice.next().orElse(Instant.MAX)));
    } finally {
      lock.unlock();
    }
    return next.map(notice -> {
      begin();
      return attempt(notice, notice.next().orElse(timeline.now()));
    });
  }

  /// Delivers a notice once more, now, whatever its state. Its schedule goes on beside it.
  public Attempt deliver(Notice notice) {
    begin();
    return attempt(notice, timeline.now());
  }

  /// Waits until nothing is due any more.
  ///
  /// @param all whether to wait for retries as well that are due later
  /// @return whether it came to that in time
  public boolean drain(Duration timeout, boolean all) {
    long end = System.nanoTime() + timeout.toNanos();
    lock.lock();
    try {
      while (underWay > 0 || isDue(all)) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        // What is due becomes under way by a timer's doing, which signals nobody here.
        var _ = quieter.awaitNanos(Math.min(left, Duration.ofMillis(5).toNanos()));
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /// Forgets all of them. What is under way is delivered and not recorded.
  public void reset() {
    lock.lock();
    try {
      notices.clear();
      waiting.clear();
      reordered.clear();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    oneByOne.shutdownNow();
    threads.shutdownNow();
    client.shutdownNow();
  }

  private boolean isDue(boolean all) {
    if (settings.mode() == NoticeSettings.Mode.MANUAL) {
      return false;
    }
    Instant now = timeline.now();
    return waiting.stream()
        .anyMatch(notice -> all || !notice.next().orElse(Instant.MAX).isAfter(now));
  }

  private void plan(Notice notice, Instant due, int copies) {
    notice.plan(due);
    lock.lock();
    try {
      waiting.add(notice);
    } finally {
      lock.unlock();
    }
    if (settings.mode() == NoticeSettings.Mode.MANUAL) {
      return;
    }
    timeline.at(
        due,
        "delivery of " + notice.id(),
        () -> {
          if (notice.next().filter(due::equals).isPresent() && known(notice)) {
            for (int i = 0; i < copies; i++) {
              start(notice, due, copies > 1);
            }
          }
        });
  }

  /// Lets a delivery begin. While the clock is moved by hand they take turns.
  ///
  /// @param copies whether it is one of several that are meant to overlap
  private void start(Notice notice, Instant planned, boolean copies) {
    begin();
    boolean inOrder = timeline.read().mode() == Timeline.Mode.MANUAL && !copies;
    try {
      (inOrder ? oneByOne : threads).execute(() -> attempt(notice, planned));
    } catch (RejectedExecutionException e) { // closing
      over();
    }
  }

  private Attempt attempt(Notice notice, Instant planned) {
    try {
      Instant sent = timeline.now();
      Outcome outcome = notice.drop() ? Outcome.DROPPED : send(notice.draft());
      return timeline.step(() -> conclude(notice, planned, sent, outcome));
    } finally {
      over();
    }
  }

  /// What came back.
  private record Outcome(@Nullable Integer status, String body, String verdict) {
    static final Outcome DROPPED = new Outcome(null, "", Attempt.DROPPED);
  }

  private Outcome send(Draft draft) {
    try {
      room.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome(null, "", "failed: closing");
    }
    NoticeSettings rules = settings;
    try {
      HttpRequest request =
          HttpRequest.newBuilder(draft.target())
              .timeout(rules.timeout())
              .header("Content-Type", draft.contentType())
              .header("User-Agent", "Mozilla/4.0")
              .POST(HttpRequest.BodyPublishers.ofByteArray(draft.body()))
              .build();
      HttpResponse<InputStream> response =
          client
              .sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
              .get(rules.timeout().toMillis(), TimeUnit.MILLISECONDS);
      byte[] body;
      try (InputStream in = response.body()) {
        body =
            CompletableFuture.supplyAsync(() -> read(in), threads)
                .get(rules.timeout().toMillis(), TimeUnit.MILLISECONDS);
      }
      boolean accepted = draft.judge().accepts(response.statusCode(), body, rules.strict());
      return new Outcome(
          response.statusCode(),
          new String(body, StandardCharsets.UTF_8),
          accepted ? Attempt.ACKNOWLEDGED : Attempt.REFUSED);
    } catch (TimeoutException e) {
      return late(rules);
    } catch (ExecutionException | IOException | IllegalArgumentException e) {
      Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
      if (cause instanceof HttpTimeoutException) {
        return late(rules);
      }
      return new Outcome(null, "", "failed: " + cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome(null, "", "failed: closing");
    } finally {
      room.release();
    }
  }

  private static Outcome late(NoticeSettings rules) {
    return new Outcome(null, "", "failed: no answer within " + rules.timeout().toMillis() + " ms");
  }

  private static byte[] read(InputStream in) {
    try {
      return in.readNBytes(ANSWER_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Attempt conclude(Notice notice, Instant planned, Instant sent, Outcome outcome) {
    var attempt =
        new Attempt(
            notice.deliveries() + 1,
            planned,
            sent,
            outcome.status(),
            outcome.body(),
            outcome.verdict());
    if (!known(notice)) {
      return attempt; // of a world that was reset meanwhile
    }
    notice.record(attempt);
    if (attempt.succeeded()) {
      end(notice, Notice.State.DELIVERED);
    } else if (notice.state() == Notice.State.WAITING
        && notice.next().filter(next -> !next.isAfter(planned)).isPresent()) {
      List<Duration> gaps = notice.draft().gaps();
      int retry = notice.takeRetry();
      if (retry < gaps.size()) {
        plan(notice, sent.plus(gap(gaps.get(retry))), 1);
      } else {
        end(notice, Notice.State.DEAD);
      }
    } // else another copy has planned it, or it is over
    letGo(notice);
    return attempt;
  }

  /// Sends what was kept back until a newer notice for the same number had come.
  private void letGo(Notice newer) {
    List<Notice> ready;
    lock.lock();
    try {
      ready =
          reordered.stream()
              .filter(old ->
                  old != newer
                      && !newer.created().isBefore(old.created())
                      && newer.draft().channel().equals(old.draft().channel())
                      && newer.draft().number().equals(old.draft().number()))
              .toList();
      ready.forEach(reordered::remove);
    } finally {
      lock.unlock();
    }
    Instant soon = timeline.now().plus(SHORTEST_GAP);
    for (Notice old : ready) {
      if (old.state() == Notice.State.HELD) {
        plan(old, soon, 1);
      } else {
        timeline.at(soon, "once more " + old.id(), () -> start(old, soon, false));
      }
    }
  }

  private Duration gap(Duration real) {
    NoticeSettings rules = settings;
    if (rules.mode() != NoticeSettings.Mode.FAST) {
      return real;
    }
    var shorter = Duration.ofNanos((long) (real.toNanos() / rules.factor()));
    return shorter.compareTo(SHORTEST_GAP) < 0 ? SHORTEST_GAP : shorter;
  }

  /// Makes room, oldest first.
  private void forget() {
    if (notices.size() > KEPT) {
      notices.values().stream()
          .filter(each -> !waiting.contains(each) && !reordered.contains(each))
          .findFirst()
          .ifPresent(oldest -> notices.remove(oldest.id()));
    }
  }

  private void end(Notice notice, Notice.State state) {
    notice.end(state);
    lock.lock();
    try {
      waiting.remove(notice);
    } finally {
      lock.unlock();
    }
  }

  private boolean known(Notice notice) {
    lock.lock();
    try {
      return notices.get(notice.id()) == notice;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for all deliveries that have begun.
  private void quiet() {
    lock.lock();
    try {
      while (underWay > 0) {
        quieter.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void begin() {
    lock.lock();
    try {
      underWay++;
    } finally {
      lock.unlock();
    }
  }

  private void over() {
    lock.lock();
    try {
      underWay--;
      quieter.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
