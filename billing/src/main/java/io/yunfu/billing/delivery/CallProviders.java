package io.yunfu.billing.delivery;

import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.db.Database;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.CellId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Works the queues of the HTTP providers: takes what is due under a lease, calls on virtual
/// threads outside of any transaction, and writes down what came of it, many in one transaction.
///
/// A node that dies between any two steps leaves rows whose lease ends; then another node calls
/// again, with the same idempotency key. "Delivered" counts whoever brings it; everything else
/// counts only from the call that holds the lease.
///
/// Everything but the calls themselves runs on the worker's thread.
final class CallProviders {
  /// Beyond the time-out of a call: to write down what came of it, and for clocks that differ.
  static final Duration LEASE_MARGIN = Duration.ofSeconds(30);

  /// How often a provider at work is asked at most, once it has been at work for a while.
  static final Duration LONGEST_ASK = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(CallProviders.class);

  private final CellId cell;
  private final Database database;
  private final DeliveryStore store;
  private final ClaimStore claims = new ClaimStore();
  private final ProviderEndpoints endpoints;
  private final ProviderCalls calls;
  private final DeliverySettings settings;
  private final Clock clock;
  private final Backoff retries;
  private final Backoff pauses;
  private final DeliveryListener listener;
  private final Consumer<Answered> answers;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("delivery-call-", 1).factory());
  private final Map<String, ProviderGate> gates = new HashMap<>();
  private final Set<String> unreadable = new HashSet<>();

  /// @param answers gets every answer, on the thread of its call
  CallProviders(
      CellId cell,
      Database database,
      DeliveryStore store,
      ProviderEndpoints endpoints,
      ProviderCalls calls,
      DeliverySettings settings,
      Clock clock,
      Backoff retries,
      Backoff pauses,
      DeliveryListener listener,
      Consumer<Answered> answers) {
    this.cell = cell;
    this.database = database;
    this.store = store;
    this.endpoints = endpoints;
    this.calls = calls;
    this.settings = settings;
    this.clock = clock;
    this.retries = retries;
    this.pauses = pauses;
    this.listener = listener;
    this.answers = answers;
  }

  /// A call that has ended.
  record Answered(
      ClaimStore.Claim claim,
      ProviderEndpoint endpoint,
      ProviderAnswer answer,
      Instant startedAt,
      Instant endedAt) {
    Answered but(ProviderAnswer other) {
      return new Answered(claim, endpoint, other, startedAt, endedAt);
    }
  }

  /// What a round of calls did.
  ///
  /// @param begun calls that are under way now
  /// @param full whether a provider had more than it could take
  /// @param results deals that failed because their provider does not exist
  record Round(int begun, boolean full, Map<DealId, DeliveryResult> results) {}

  /// Begins calls for what is due, as many as each provider has room for.
  Round callDue() {
    Map<DealId, DeliveryResult> results = new LinkedHashMap<>();
    List<ClaimStore.Room> rooms = new ArrayList<>();
    Instant now = clock.instant();
    waitedFor()
        .forEach((name, endpoint) -> {
          if (endpoint.isEmpty()) {
            results.putAll(failWaiting(name));
          } else if (endpoint.get().active()) {
            room(endpoint.get(), now).ifPresent(rooms::add);
          }
        });
    if (rooms.isEmpty()) {
      return new Round(0, false, results);
    }
    var claimed =
        database.inTransaction(tx -> claims.claim(tx, rooms, now)).stream()
            .collect(Collectors.groupingBy(ClaimStore.Claim::provider));
    int begun = 0;
    boolean full = false;
    for (ClaimStore.Room room : rooms) {
      var mine = claimed.getOrDefault(room.endpoint().name(), List.of());
      mine.forEach(claim -> begin(claim, room.endpoint()));
      begun += mine.size();
      full |= mine.size() == room.calls();
    }
    return new Round(begun, full, results);
  }

  /// Calls under way.
  int running() {
    return gates.values().stream().mapToInt(ProviderGate::running).sum();
  }

  /// Ends the calls under way: they are answered with [ProviderAnswer.Abandoned].
  void abandon() {
    threads.shutdownNow();
  }

  /// Frees the slot of a call that has ended. Once per call, before it is written down.
  void ended(Answered answered) {
    var gate = gate(answered.claim().provider());
    boolean dead = gate.isDead();
    switch (answered.answer()) {
      case ProviderAnswer.Abandoned _ -> gate.abandoned();
      case ProviderAnswer.Unknown _ -> gate.ended(false, clock.instant());
      case ProviderAnswer.Delivered _, ProviderAnswer.Accepted _, ProviderAnswer.Refused _ ->
          gate.ended(true, clock.instant());
    }
    String name = answered.claim().provider();
    listener.called(
        cell,
        name,
        answered.answer().outcome(),
        Duration.between(answered.startedAt(), answered.endedAt()));
    if (gate.isDead() != dead) {
      LOG.warn("{}: provider {} {}", cell, name, dead ? "answers again" : "does not answer");
      listener.circuit(cell, name, gate.isDead());
    }
  }

  /// Writes down what came of calls.
  ///
  /// @return deals that have reached an end
  Map<DealId, DeliveryResult> record(List<Answered> answered) {
    for (int round = 1; ; round++) {
      try {
        return database.inTransaction(tx -> record(tx, answered));
      } catch (DeliveryStore.ResourcesTaken e) {
        // Somebody was faster with the same id; the next round sees it. Never more than a few.
        if (round == answered.size() + 1) {
          throw e;
        }
      }
    }
  }

  /// Fails what has waited too long for providers that could be asked.
  Map<DealId, DeliveryResult> giveUp() {
    List<String> active =
        waitedFor().values().stream()
            .flatMap(Optional::stream)
            .filter(ProviderEndpoint::active)
            .map(ProviderEndpoint::name)
            .toList();
    Instant now = clock.instant();
    Instant acceptedBefore = now.minus(settings.acceptedAtMost());
    Instant queuedBefore = now.minus(settings.giveUpAfter());
    var overdue =
        database.read(
            tx -> claims.overdue(tx, active, now, acceptedBefore, queuedBefore, settings.batch()));
    return fail(
        overdue,
        row ->
            active.contains(row.provider())
                && !isLeased(row, now)
                && !since(row).isAfter(row.acceptedAt() == null ? queuedBefore : acceptedBefore),
        row ->
            row.acceptedAt() == null
                ? "No definite answer within "
                    + settings.giveUpAfter()
                    + "; last: "
                    + row.lastError()
                : "Accepted, but not delivered within " + settings.acceptedAtMost());
  }

  /// The providers that have anything in their queue. One whose record cannot be read (a wrong
  /// master key, say) is left out, and holds up nobody else.
  private Map<String, Optional<ProviderEndpoint>> waitedFor() {
    Map<String, Optional<ProviderEndpoint>> found = new LinkedHashMap<>();
    for (String name : database.read(claims::providers)) {
      try {
        found.put(name, endpoints.find(name));
        unreadable.remove(name);
      } catch (RuntimeException e) {
        if (unreadable.add(name)) {
          LOG.error("{}: the record of provider {} cannot be read; its deals wait", cell, name, e);
        }
      }
    }
    return found;
  }

  private static Instant since(QueueRow row) {
    return row.acceptedAt() == null ? row.queuedAt() : row.acceptedAt();
  }

  private static boolean isLeased(QueueRow row, Instant now) {
    return row.leasedUntil() != null && row.leasedUntil().isAfter(now);
  }

  private Map<DealId, DeliveryResult> failWaiting(String provider) {
    var waiting = database.read(tx -> claims.waiting(tx, provider, settings.batch()));
    return fail(
        waiting,
        row -> row.provider().equals(provider) && row.state() == QueueState.QUEUED,
        _ -> "There is no provider " + provider);
  }

  private interface Reason {
    String of(QueueRow row);
  }

  private Map<DealId, DeliveryResult> fail(
      Collection<DealId> deals, Predicate<QueueRow> still, Reason reason) {
    if (deals.isEmpty()) {
      return Map.of();
    }
    return database.inTransaction(tx -> {
      var changes = new DeliveryChanges(clock.instant());
      var locked = store.lock(tx, deals, false);
      for (Consignment deal : locked.deals()) {
        QueueRow row = locked.rows().get(deal.deal());
        if (row != null && deal.status() == DealStatus.DELIVERING && still.test(row)) {
          changes.fail(deal, row, reason.of(row));
        }
      }
      store.write(tx, changes, new Holdings(List.of(), Set.of()));
      return changes.results();
    });
  }

  private Optional<ClaimStore.Room> room(ProviderEndpoint endpoint, Instant now) {
    int room = gate(endpoint.name()).room(now);
    // To the microsecond, as it comes back from the database: it tells calls apart.
    Instant lease = now.plus(endpoint.timeout()).plus(LEASE_MARGIN).truncatedTo(ChronoUnit.MICROS);
    return room > 0 ? Optional.of(new ClaimStore.Room(endpoint, room, lease)) : Optional.empty();
  }

  private ProviderGate gate(String provider) {
    return gates.computeIfAbsent(
        provider,
        name -> new ProviderGate(settings.callsPerProvider(), settings.circuitAfter(), pauses));
  }

  private void begin(ClaimStore.Claim claim, ProviderEndpoint endpoint) {
    gate(claim.provider()).began();
    threads.execute(() -> {
      Instant started = clock.instant();
      ProviderAnswer answer;
      try {
        answer = calls.call(endpoint, claim.request(), claim.attempt());
      } catch (RuntimeException e) {
        LOG.error("{}: the call for deal {} failed in here", cell, claim.deal(), e);
        answer = new ProviderAnswer.Unknown("Internal error: " + e.getClass().getSimpleName());
      }
      answers.accept(new Answered(claim, endpoint, answer, started, clock.instant()));
    });
  }

  private Map<DealId, DeliveryResult> record(Transaction tx, List<Answered> answered) {
    var locked = store.lock(tx, answered.stream().map(one -> one.claim().deal()).toList(), true);
    Map<DealId, Consignment> deals = HashMap.newHashMap(locked.deals().size());
    locked.deals().forEach(deal -> deals.put(deal.deal(), deal));
    var named = new ArrayList<String>();
    for (Answered one : answered) {
      if (one.answer() instanceof ProviderAnswer.Delivered(var resources)) {
        named.addAll(resources);
        named.addAll(one.claim().request().targets());
      }
    }
    var holdings = new Holdings(store.lockResources(tx, named), Set.of());
    var changes = new DeliveryChanges(clock.instant());
    for (Answered one : deliveredFirst(answered)) {
      Consignment deal = deals.get(one.claim().deal());
      QueueRow row = locked.rows().get(one.claim().deal());
      ProviderAnswer answer = deal == null ? one.answer() : checked(one.answer(), deal, holdings);
      note(one, answer, row, changes);
      if (deal != null
          && row != null
          && deal.status() == DealStatus.DELIVERING
          && row.state() != QueueState.FAILED
          && !changes.results().containsKey(deal.deal())
          && counts(answer, one, row)) {
        apply(one, answer, deal, row, holdings, changes);
      }
    }
    store.write(tx, changes, holdings);
    return changes.results();
  }

  /// Where two calls for one deal have ended, one of them after its lease, "delivered" is what
  /// counts.
  private static List<Answered> deliveredFirst(List<Answered> answered) {
    return answered.stream()
        .sorted(Comparator.comparing(one -> !(one.answer() instanceof ProviderAnswer.Delivered)))
        .toList();
  }

  /// What a provider may say of resources is checked where their owners are known.
  private static ProviderAnswer checked(
      ProviderAnswer answer, Consignment deal, Holdings holdings) {
    if (answer instanceof ProviderAnswer.Delivered(var resources)) {
      var objection = holdings.objection(deal, resources(deal, resources));
      if (objection.isPresent()) {
        return new ProviderAnswer.Unknown("Answered \"delivered\", but " + objection.get());
      }
    }
    return answer;
  }

  /// A change of resources ends with those it is about, where its provider names no others.
  private static List<String> resources(Consignment deal, List<String> named) {
    return named.isEmpty() && !deal.makesResources() ? deal.targets() : named;
  }

  private static boolean counts(ProviderAnswer answer, Answered one, QueueRow row) {
    return answer instanceof ProviderAnswer.Delivered
        || one.claim().leasedUntil().equals(row.leasedUntil());
  }

  private static void note(
      Answered one, ProviderAnswer answer, @Nullable QueueRow row, DeliveryChanges changes) {
    boolean again =
        answer instanceof ProviderAnswer.Accepted && row != null && row.acceptedAt() != null;
    if (!again) {
      changes.record(
          new Attempt(
              one.claim().deal(),
              one.claim().attempt(),
              one.startedAt(),
              one.endedAt(),
              answer.outcome(),
              QueueRow.line(answer.detail())));
    }
  }

  private void apply(
      Answered one,
      ProviderAnswer answer,
      Consignment deal,
      QueueRow row,
      Holdings holdings,
      DeliveryChanges changes) {
    switch (answer) {
      case ProviderAnswer.Delivered(var named) -> {
        var resources = resources(deal, named);
        holdings.give(deal, resources);
        changes.deliver(deal, resources);
      }
      case ProviderAnswer.Refused(var reason) -> changes.fail(deal, row, "Refused: " + reason);
      case ProviderAnswer.Accepted(var askAfter) -> accept(askAfter, deal, row, changes);
      case ProviderAnswer.Unknown(var detail, var notBefore) ->
          retry(one.endpoint(), detail, notBefore, deal, row, changes);
      case ProviderAnswer.Abandoned _ -> changes.put(row.released(changes.now()));
    }
  }

  /// Asks again after half the time that it has been at work already, so that what is quick is
  /// known quickly and what is slow costs little.
  private void accept(
      Optional<Duration> askAfter, Consignment deal, QueueRow row, DeliveryChanges changes) {
    Instant now = changes.now();
    Instant since = row.acceptedAt() == null ? now : row.acceptedAt();
    if (!now.isBefore(since.plus(settings.acceptedAtMost()))) {
      changes.fail(deal, row, "Accepted, but not delivered within " + settings.acceptedAtMost());
      return;
    }
    Duration half = Duration.between(since, now).dividedBy(2);
    Duration pause = half.compareTo(LONGEST_ASK) < 0 ? half : LONGEST_ASK;
    pause = pause.compareTo(settings.firstRetry()) > 0 ? pause : settings.firstRetry();
    changes.put(row.accepted(since, now.plus(askAfter.orElse(pause))));
  }

  private void retry(
      ProviderEndpoint endpoint,
      String detail,
      Optional<Duration> notBefore,
      Consignment deal,
      QueueRow row,
      DeliveryChanges changes) {
    int failures = row.failures() + 1;
    if (failures >= endpoint.maxAttempts()) {
      changes.fail(deal, row, "No definite answer in " + failures + " attempts; last: " + detail);
      return;
    }
    Duration pause = retries.after(failures);
    Duration wish = notBefore.orElse(Duration.ZERO);
    changes.put(row.retried(detail, changes.now().plus(wish.compareTo(pause) > 0 ? wish : pause)));
  }
}
