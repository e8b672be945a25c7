package io.yunfu.gateway.notice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.Steps;
import io.yunfu.gateway.merchant.Merchant.Acknowledgement;
import io.yunfu.gateway.merchant.Merchant.Schedule;
import io.yunfu.gateway.notice.MerchantNotice.State;
import io.yunfu.gateway.notice.MerchantNotices.Room;
import io.yunfu.gateway.payment.TestGateway;
import io.yunfu.kernel.CellId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Notices over real sockets, to merchants that answer well, badly or not at all. Time is moved by
/// hand, but for the deadline of a call.
class MerchantNoticesIT {
  private static final String UP = "up.example.test";
  private static final String DOWN = "down.example.test";
  private static final Duration LEASE_IS_OVER = Duration.ofSeconds(31);

  /// Long enough on a busy machine for what answers, short enough for what never does.
  private static final NoticeCalls.Limits QUICK =
      new NoticeCalls.Limits(Duration.ofSeconds(3), Duration.ofSeconds(3));

  private final TestGateway gateway =
      new TestGateway(Optional.of(URI.create("https://merchant.example.test/paid")));
  private final List<MerchantNotices> nodes = new ArrayList<>();
  private final Bodies bodies = new Bodies();
  private FakeMerchant merchant;
  private NoticeCalls calls;
  private MerchantNotices notices;
  private int orders;

  /// What a merchant is sent, in a form that shows which notice it is.
  private final class Bodies implements NoticeBodies {
    private final Map<Long, String> hosts = new ConcurrentHashMap<>();
    private boolean hasAddress = true;
    private boolean canWrite = true;
    private volatile boolean died;
    private Acknowledgement acknowledgement = Acknowledgement.HTTP_200;
    private Schedule schedule = Schedule.STANDARD;

    @Override
    public Optional<Outgoing> encode(CellId cell, MerchantNotice notice) {
      if (!canWrite) {
        throw new IllegalStateException("cannot");
      }
      byte[] body = ("{\"notice\":" + notice.id() + "}").getBytes(UTF_8);
      URI url = at(hosts.getOrDefault(notice.payment(), UP));
      return hasAddress
          ? Optional.of(new Outgoing(url, body, acknowledgement, schedule))
          : Optional.empty();
    }

    @Override
    public boolean takes(Acknowledgement by, byte[] answer) {
      if (died) {
        throw new Died();
      }
      return by == Acknowledgement.HTTP_200
          || Arrays.equals(answer, "{\"status\":0}".getBytes(UTF_8));
    }
  }

  /// The program ends between two steps.
  private static final class Died extends Error {
    private static final long serialVersionUID = 1;
  }

  @BeforeEach
  void a_merchant_listens() throws IOException {
    merchant = new FakeMerchant();
    calls = calls(QUICK);
    notices = node(Room.USUAL);
  }

  @AfterEach
  void books_are_in_order() throws IOException {
    assertThat(gateway.findings()).isEmpty();
    merchant.close();
    nodes.forEach(MerchantNotices::close);
    calls.close();
    gateway.close();
  }

  /// Every name stands for this machine.
  private static NoticeCalls calls(NoticeCalls.Limits limits) {
    return new NoticeCalls(
        true,
        address -> false,
        host -> List.of(InetAddress.ofLiteral("127.0.0.1")),
        (SSLSocketFactory) SSLSocketFactory.getDefault(),
        limits);
  }

  private MerchantNotices node(Room room) {
    var node =
        new MerchantNotices(
            gateway.cells, bodies, calls, NoticeSchedule.USUAL, gateway.clock, room);
    nodes.add(node);
    return node;
  }

  private URI at(String host) {
    return URI.create("http://%s:%d/paid?shop=1".formatted(host, merchant.port()));
  }

  @Test
  void a_notice_arrives_whole_and_is_done_once_it_is_answered() throws Exception {
    MerchantNotice notice = paid();
    work();
    var request = merchant.await();
    assertThat(request.line()).isEqualTo("POST /paid?shop=1 HTTP/1.1");
    assertThat(request.headers())
        .containsEntry("host", UP + ":" + merchant.port())
        .containsEntry("content-type", "application/json; charset=utf-8");
    assertThat(request.body()).isEqualTo("{\"notice\":" + notice.id() + "}");
    assertThat(now(notice).state()).isEqualTo(State.DELIVERED);
    assertThat(notices.attempts(notice.id()))
        .singleElement()
        .satisfies(one -> assertThat(one.httpStatus()).isEqualTo(200));
    gateway.clock.advance(Duration.ofDays(2));
    work();
    assertThat(merchant.requests()).isEmpty();
  }

  static Stream<Arguments> answers_that_take_it() {
    String big = "x".repeat(100_000);
    return Stream.of(
        Arguments.of("200", Acknowledgement.HTTP_200, "HTTP/1.1 200 OK\r\n\r\n"),
        Arguments.of(
            "HTTP/1.0", Acknowledgement.HTTP_200, "HTTP/1.0 200\r\n\r\n".replace(" 200", " 200 ")),
        Arguments.of(
            "whatever the body",
            Acknowledgement.HTTP_200,
            "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + big),
        Arguments.of(
            "after 100 Continue",
            Acknowledgement.HTTP_200,
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
        Arguments.of(
            "status 0",
            Acknowledgement.ENVELOPE_STATUS,
            "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"status\":0}"),
        Arguments.of(
            "status 0 in chunks",
            Acknowledgement.ENVELOPE_STATUS,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\n{\"sta\r\n7\r\ntus\":0}\r\n0\r\n\r\n"),
        Arguments.of(
            "status 0 until the end",
            Acknowledgement.ENVELOPE_STATUS,
            "HTTP/1.1 200 OK\r\n\r\n{\"status\":0}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers_that_take_it")
  void an_answer_that_takes_it(String name, Acknowledgement by, String answer) throws Exception {
    bodies.acknowledgement = by;
    merchant.reply(FakeMerchant.sends(answer));
    MerchantNotice notice = paid();
    work();
    assertThat(now(notice).state()).as(now(notice).lastError()).isEqualTo(State.DELIVERED);
  }

  static Stream<Arguments> answers_that_do_not() {
    String envelope = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s";
    String big = "x".repeat(64 * 1024 + 1);
    return Stream.of(
        refused("500", "HTTP/1.1 500 Oops\r\n\r\n", "answered with 500"),
        refused("404", "HTTP/1.1 404 Nothing\r\n\r\n", "answered with 404"),
        refused("204 is not 200", "HTTP/1.1 204 None\r\n\r\n", "answered with 204"),
        refused(
            "a redirect is not followed",
            "HTTP/1.1 307 There\r\nLocation: http://127.0.0.1/other\r\n\r\n",
            "answered with 307"),
        refused("no answer", "", "The exchange broke: the answer ended early"),
        refused(
            "not HTTP", "SSH-2.0-OpenSSH\r\n\r\n", "The exchange broke: not an answer of HTTP/1.1"),
        refused(
            "endless headers",
            "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(20_000),
            "The exchange broke: the answer's head is longer than 16384 bytes"),
        Arguments.of(
            "another status in the body",
            Acknowledgement.ENVELOPE_STATUS,
            envelope.formatted(12, "{\"status\":1}"),
            "answered with 200"),
        Arguments.of(
            "half a body",
            Acknowledgement.ENVELOPE_STATUS,
            envelope.formatted(13, "{\"status\":0}"),
            "The exchange broke: the answer ended early"),
        Arguments.of(
            "too long a body",
            Acknowledgement.ENVELOPE_STATUS,
            envelope.formatted(big.length(), big),
            "The exchange broke: the answer is longer than 65536 bytes"),
        Arguments.of(
            "too many chunks",
            Acknowledgement.ENVELOPE_STATUS,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + ("8000\r\n" + "x".repeat(0x8000) + "\r\n").repeat(3)
                + "0\r\n\r\n",
            "The exchange broke: the answer is longer than 65536 bytes"),
        Arguments.of(
            "too long a body that does not say so",
            Acknowledgement.ENVELOPE_STATUS,
            "HTTP/1.1 200 OK\r\n\r\n" + big,
            "The exchange broke: the answer is longer than 65536 bytes"),
        Arguments.of(
            "a length that is none",
            Acknowledgement.ENVELOPE_STATUS,
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{\"status\":0}",
            "The exchange broke: a length is not a number"));
  }

  private static Arguments refused(String name, String answer, String why) {
    return Arguments.of(name, Acknowledgement.HTTP_200, answer, why);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers_that_do_not")
  void an_answer_that_does_not(String name, Acknowledgement by, String answer, String why)
      throws Exception {
    bodies.acknowledgement = by;
    merchant.reply(FakeMerchant.sends(answer));
    MerchantNotice notice = paid();
    work();
    waitsForItsSecondTurn(notice, why);
    assertThat(merchant.requests()).as("asked once, redirects included").hasSize(1);
    merchant.reply(FakeMerchant.OK);
    bodies.acknowledgement = Acknowledgement.HTTP_200;
    gateway.clock.advance(Duration.ofSeconds(30));
    work();
    assertThat(now(notice).state()).isEqualTo(State.DELIVERED);
  }

  @Test
  void a_merchant_that_breaks_the_connection_is_told_again() throws Exception {
    merchant.reply(FakeMerchant.reset());
    MerchantNotice notice = paid();
    work();
    assertThat(now(notice).lastError()).startsWith("The exchange broke");
    waitsForItsSecondTurn(notice, now(notice).lastError());
  }

  @Test
  void a_merchant_that_is_not_there_is_told_again() throws Exception {
    merchant.close();
    MerchantNotice notice = paid();
    work();
    waitsForItsSecondTurn(notice, "Cannot connect");
  }

  @Test
  void a_merchant_that_falls_silent_is_told_again() throws Exception {
    merchant.reply(merchant.stallsAfter(""));
    MerchantNotice notice = paid();
    work();
    waitsForItsSecondTurn(notice, "No answer within 3 s");
  }

  @Test
  void a_merchant_that_falls_silent_after_the_status_has_taken_it() throws Exception {
    merchant.reply(merchant.stallsAfter("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"));
    MerchantNotice notice = paid();
    work();
    assertThat(now(notice).state()).isEqualTo(State.DELIVERED);
  }

  private void waitsForItsSecondTurn(MerchantNotice notice, String why) {
    assertThat(now(notice).state()).isEqualTo(State.QUEUED);
    assertThat(now(notice).lastError()).isEqualTo(why);
    assertThat(now(notice).dueAt()).isEqualTo(gateway.clock.instant().plusSeconds(30));
    assertThat(notices.attempts(notice.id()))
        .singleElement()
        .satisfies(one -> assertThat(one.outcome()).isEqualTo(why));
  }

  // B14: the pauses
  @Test
  void the_standard_schedule_ends_after_three_repetitions_and_a_person_sees_it() throws Exception {
    assertThat(secondsOfAttempts(Schedule.STANDARD)).containsExactly(0L, 30L, 75L, 135L);
  }

  @Test
  void the_long_schedule_goes_on_for_a_day() throws Exception {
    assertThat(secondsOfAttempts(Schedule.LONG))
        .hasSize(16)
        .startsWith(0L, 15L, 30L, 60L, 240L)
        .endsWith(Duration.ofHours(24).plusMinutes(4).toSeconds());
  }

  private List<Long> secondsOfAttempts(Schedule schedule) throws Exception {
    bodies.schedule = schedule;
    merchant.reply(FakeMerchant.status(404));
    MerchantNotice notice = paid();
    Instant first = gateway.clock.instant();
    while (now(notice).state() == State.QUEUED) {
      gateway.clock.set(now(notice).dueAt());
      work();
    }
    assertThat(in(State.UNDELIVERED))
        .singleElement()
        .satisfies(one -> assertThat(one.lastError()).isEqualTo("answered with 404"));
    int sent = merchant.requests().size();
    gateway.clock.advance(Duration.ofDays(30));
    work();
    assertThat(merchant.requests()).as("it has ended").isEmpty();
    var attempts = notices.attempts(notice.id());
    assertThat(attempts).hasSize(sent);
    return attempts.stream()
        .map(one -> Duration.between(first, one.startedAt()).toSeconds())
        .toList();
  }

  @Test
  void a_notice_can_be_sent_again_from_every_state_and_its_record_stays() throws Exception {
    MerchantNotice notice = paid();
    assertThat(notices.resend(TestGateway.ANN, notice.id())).as("queued").isTrue();
    work();
    assertThat(now(notice).state()).isEqualTo(State.DELIVERED);
    assertThat(merchant.requests()).hasSize(1);

    merchant.reply(FakeMerchant.status(404));
    assertThat(notices.resend(TestGateway.ANN, notice.id())).as("delivered").isTrue();
    while (now(notice).state() == State.QUEUED) {
      gateway.clock.set(now(notice).dueAt());
      work();
    }
    assertThat(merchant.requests()).as("the whole schedule").hasSize(4);
    assertThat(now(notice).state()).isEqualTo(State.UNDELIVERED);

    merchant.reply(FakeMerchant.OK);
    assertThat(notices.resend(TestGateway.ANN, notice.id())).as("undelivered").isTrue();
    work();
    assertThat(now(notice).state()).isEqualTo(State.DELIVERED);
    assertThat(notices.attempts(notice.id()))
        .extracting(MerchantNotice.Attempt::number)
        .containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(notices.resend(TestGateway.ANN, 99)).as("nothing").isFalse();
  }

  @Test
  void a_notice_that_is_sent_again_while_it_is_under_way_is_not_ended_by_the_old_attempt()
      throws Exception {
    MerchantNotice notice = paid();
    merchant.reply((request, socket) -> {
      notices.resend(TestGateway.ANN, notice.id());
      FakeMerchant.OK.to(request, socket);
    });
    work();
    assertThat(now(notice).state()).isEqualTo(State.QUEUED);
    merchant.reply(FakeMerchant.OK);
    work();
    assertThat(now(notice).state()).isEqualTo(State.DELIVERED);
    assertThat(merchant.requests()).hasSize(2);
  }

  @Test
  void a_notice_without_an_address_ends_where_a_person_sees_it_and_can_be_sent_later()
      throws Exception {
    bodies.hasAddress = false;
    MerchantNotice notice = paid();
    work();
    assertThat(now(notice).state()).isEqualTo(State.UNDELIVERED);
    assertThat(now(notice).lastError()).contains("no callback URL");
    bodies.hasAddress = true;
    notices.resend(TestGateway.ANN, notice.id());
    work();
    assertThat(now(notice).state()).isEqualTo(State.DELIVERED);
  }

  @Test
  void a_notice_that_cannot_be_written_ends_where_a_person_sees_it() throws Exception {
    bodies.canWrite = false;
    MerchantNotice notice = paid();
    for (int turn = 0; now(notice).state() == State.QUEUED; turn++) {
      assertThat(turn).as("turns").isLessThan(MerchantNotices.MOST_TURNS);
      work();
      gateway.clock.advance(LEASE_IS_OVER);
    }
    assertThat(now(notice).lastError()).isEqualTo("Cannot be sent: IllegalStateException");
  }

  @Test
  void a_host_that_is_down_is_left_alone_and_costs_nobody_an_attempt() throws Exception {
    merchant.reply(downIs(FakeMerchant.status(503)));
    var down = new ArrayList<MerchantNotice>();
    for (int i = 0; i < Circuits.FAILURES; i++) {
      down.add(paid(DOWN));
    }
    work();
    assertThat(merchant.requests()).hasSize(Circuits.FAILURES);
    MerchantNotice waits = paid(DOWN);
    MerchantNotice goes = paid(UP);
    work();
    assertThat(now(goes).state()).as("another host").isEqualTo(State.DELIVERED);
    assertThat(now(waits).attempts()).as("not sent, not counted").isZero();
    assertThat(notices.attempts(waits.id())).isEmpty();
    assertThat(now(waits).lastError()).contains("did not answer lately");
    assertThat(merchant.requests()).hasSize(1);

    gateway.clock.advance(Circuits.PAUSE);
    work();
    assertThat(merchant.requests()).as("one looks whether it is back").hasSize(1);

    merchant.reply(FakeMerchant.OK);
    for (int i = 0; i < 4; i++) {
      gateway.clock.advance(Circuits.PAUSE);
      work();
    }
    down.add(waits);
    assertThat(down).allSatisfy(one -> assertThat(now(one).state()).isEqualTo(State.DELIVERED));
  }

  @Test
  void a_host_that_refuses_answers_and_is_not_left_alone() throws Exception {
    merchant.reply(downIs(FakeMerchant.status(404)));
    for (int i = 0; i < 2 * Circuits.FAILURES; i++) {
      paid(DOWN);
    }
    work();
    assertThat(merchant.requests()).hasSize(2 * Circuits.FAILURES);
  }

  @Test
  void a_host_that_stays_down_for_a_day_uses_up_the_schedule() throws Exception {
    merchant.reply(FakeMerchant.status(503));
    var all = new ArrayList<MerchantNotice>();
    for (int i = 0; i < 2 * Circuits.FAILURES; i++) {
      all.add(paid());
    }
    Instant end =
        gateway.clock.instant().plus(MerchantNotices.LONGEST_WAIT).plus(Duration.ofHours(6));
    while (gateway.clock.instant().isBefore(end)) {
      work();
      gateway.clock.advance(Duration.ofMinutes(10));
    }
    assertThat(all).allSatisfy(one -> assertThat(now(one).state()).isEqualTo(State.UNDELIVERED));
  }

  @Test
  @Timeout(60) // it would wait for the calls
  void a_host_that_never_answers_keeps_no_place_from_others() throws Exception {
    var patient = new NoticeCalls.Limits(Duration.ofMinutes(10), Duration.ofMinutes(10));
    var small = new Room(Circuits.AT_ONCE + 4, Duration.ZERO);
    try (var patientCalls = calls(patient);
        var node =
            new MerchantNotices(
                gateway.cells, bodies, patientCalls, NoticeSchedule.USUAL, gateway.clock, small)) {
      merchant.reply(downIs(merchant.stallsAfter("")));
      for (int i = 0; i < Circuits.AT_ONCE + 4; i++) {
        paid(DOWN);
      }
      MerchantNotice goes = paid(UP);
      node.round(gateway.cell);
      node.round(gateway.cell); // waits for a place
      var arrived = new ArrayList<String>(); // side by side, so in any order
      for (int i = 0; i < Circuits.AT_ONCE + 1; i++) {
        arrived.add(merchant.await().host());
      }
      assertThat(arrived).containsOnlyOnce(UP).contains(DOWN);
      merchant.close();
      node.awaitQuiet();
      assertThat(now(goes).state()).isEqualTo(State.DELIVERED);
    }
  }

  @Test
  void two_nodes_send_each_notice_once() throws Exception {
    MerchantNotices other = node(Room.USUAL);
    for (int i = 0; i < 20; i++) {
      paid();
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Boolean> here = () -> notices.round(gateway.cell);
      Callable<Boolean> there = () -> other.round(gateway.cell);
      for (var done : threads.invokeAll(List.of(here, there, here, there))) {
        done.get();
      }
    }
    notices.awaitQuiet();
    other.awaitQuiet();
    assertThat(merchant.requests())
        .extracting(FakeMerchant.Request::body)
        .hasSize(20)
        .doesNotHaveDuplicates();
    assertThat(in(State.DELIVERED)).hasSize(20);
  }

  @Test
  void a_node_that_dies_after_it_has_sent_leaves_it_to_be_sent_again() throws Exception {
    bodies.died = true;
    MerchantNotice notice = paid();
    work();
    assertThat(merchant.requests()).as("sent, and the node is gone").hasSize(1);
    assertThat(notices.attempts(notice.id())).isEmpty();
    bodies.died = false;
    MerchantNotices other = node(Room.USUAL);
    work(other);
    assertThat(merchant.requests()).as("while it may still be under way").isEmpty();
    gateway.clock.advance(LEASE_IS_OVER);
    work(other);
    assertThat(merchant.requests()).hasSize(1);
    assertThat(now(notice).state()).isEqualTo(State.DELIVERED);
    assertThat(notices.attempts(notice.id()))
        .extracting(MerchantNotice.Attempt::number)
        .as("the first left no record")
        .containsExactly(2);
  }

  @Test
  void whatever_the_step_at_which_a_node_dies_the_notice_arrives() throws Exception {
    boolean died = true;
    int last = 1;
    for (; died; last++) {
      MerchantNotice notice = paid();
      merchant.requests();
      var steps = new Steps(last);
      steps.watch(gateway.cell);
      try {
        work();
      } catch (Steps.Died e) {
        // As meant; or it died on a thread of its own.
      } finally {
        notices.awaitQuiet();
        Steps.release(gateway.cell);
      }
      died = steps.isDead();
      gateway.clock.advance(LEASE_IS_OVER);
      MerchantNotices other = node(Room.USUAL);
      work(other);
      assertThat(now(notice).state()).as("died at step %d", last).isEqualTo(State.DELIVERED);
      assertThat(merchant.requests()).as("died at step %d", last).hasSizeBetween(1, 2);
      notices = other;
    }
    assertThat(last).as("steps of a notice").isGreaterThan(2);
  }

  @Test
  void loops_send_by_themselves_until_they_are_closed() throws Exception {
    notices.start();
    MerchantNotice notice = paid();
    assertThat(merchant.await().body()).contains(String.valueOf(notice.id()));
    notices.close();
    assertThat(now(notice).state()).isEqualTo(State.DELIVERED);
  }

  /// Of the two hosts one is well, and the other answers so.
  private static FakeMerchant.Reply downIs(FakeMerchant.Reply reply) {
    return (request, socket) ->
        (request.host().equals(DOWN) ? reply : FakeMerchant.OK).to(request, socket);
  }

  private MerchantNotice paid() {
    return paid(UP);
  }

  /// A payment whose notice is due now.
  private MerchantNotice paid(String host) {
    String number = "gz0200abcd20260301%06d".formatted(++orders);
    gateway.place(gateway.first(), number, 100);
    gateway.pay(gateway.first(), number, "4200" + orders);
    long payment = gateway.order(number).id();
    bodies.hosts.put(payment, host);
    var filter = new MerchantNotices.Filter(Optional.empty(), 0, payment);
    return notices.list(filter, Optional.empty(), 1).getFirst();
  }

  private List<MerchantNotice> in(State state) {
    var filter = new MerchantNotices.Filter(Optional.of(state), 0, 0);
    return notices.list(filter, Optional.empty(), 100);
  }

  private MerchantNotice now(MerchantNotice notice) {
    return notices.find(notice.id()).orElseThrow();
  }

  private void work() throws InterruptedException {
    work(notices);
  }

  /// What a node does by itself, once and to its end.
  private void work(MerchantNotices node) throws InterruptedException {
    node.round(gateway.cell);
    node.awaitQuiet();
  }
}
