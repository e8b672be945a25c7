package io.yunfu.simulator.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.seed.Seed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ListenersTest {
  private static final int MEGABYTE = 1 << 20;

  /// Lets the test fail instead of hang.
  private static final int SILENCE_MILLIS = 30_000;

  private final CountDownLatch held = new CountDownLatch(1);
  private final Seed seed = new Seed(7);
  private final Listeners listeners =
      Listeners.start(
          "127.0.0.1",
          Map.of(),
          Map.of(Port.WX_HTTP, new Quick(), Port.ALI_HTTP, this::slow),
          new Credentials(seed, Instant.now(), null),
          seed);

  @AfterEach
  void close() {
    held.countDown();
    listeners.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"WX_HTTP", "ALI_HTTP"})
  void a_body_that_comes_in_pieces_keeps_no_other_client_waiting(Port port) throws IOException {
    try (Socket halting = connect(port);
        Socket brisk = connect(port)) {
      send(halting, head(8) + "abc");
      send(brisk, head(3) + "xyz");
      assertThat(answer(brisk)).endsWith("\r\n\r\nxyz");
      send(halting, "defgh");
      assertThat(answer(halting)).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nabcdefgh");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"WX_HTTP", "ALI_HTTP"})
  void a_body_longer_than_any_is_refused(Port port) throws IOException {
    try (Socket socket = connect(port)) {
      send(socket, head(4 * MEGABYTE) + "x".repeat(4 * MEGABYTE));
      assertThat(answer(socket)).startsWith("HTTP/1.1 200 ");
    }
    try (Socket socket = connect(port)) {
      send(socket, head(4 * MEGABYTE + 1) + "x".repeat(4 * MEGABYTE + 1));
      assertThat(answer(socket)).startsWith("HTTP/1.1 413 ");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"WX_HTTP", "ALI_HTTP"})
  void one_that_fails_is_told_so_and_the_next_is_answered(Port port) throws IOException {
    try (Socket socket = connect(port)) {
      send(socket, head(4) + "fail");
      assertThat(answer(socket)).startsWith("HTTP/1.1 500 ");
      send(socket, head(2) + "ok");
      assertThat(answer(socket)).endsWith("\r\n\r\nok");
    }
  }

  @Test
  void a_door_that_takes_long_keeps_no_other_request_waiting() throws IOException {
    try (Socket waiting = connect(Port.ALI_HTTP);
        Socket brisk = connect(Port.ALI_HTTP)) {
      send(waiting, head(4) + "wait");
      send(brisk, head(3) + "xyz");
      assertThat(answer(brisk)).endsWith("\r\n\r\nxyz");
      held.countDown();
      assertThat(answer(waiting)).endsWith("\r\n\r\nwait");
    }
  }

  @Test
  void an_answer_that_is_to_be_late_keeps_no_other_waiting() throws IOException {
    try (Socket late = connect(Port.WX_HTTP);
        Socket brisk = connect(Port.WX_HTTP)) {
      send(late, head(4) + "late");
      send(brisk, head(3) + "xyz");
      assertThat(answer(brisk)).endsWith("\r\n\r\nxyz");
    }
  }

  private static final class Quick implements Door {
    @Override
    public Transmission open(Inbound inbound) {
      String text = inbound.text();
      if (text.equals("fail")) {
        throw new IllegalStateException("as asked for");
      }
      return new Transmission(
          Reply.of(200, "text/plain", inbound.body()),
          Manner.WELL,
          text.equals("late") ? Duration.ofMinutes(5) : Duration.ZERO);
    }

    @Override
    public boolean isQuick() {
      return true;
    }
  }

  private Transmission slow(Inbound inbound) throws InterruptedException {
    if (inbound.text().equals("wait")) {
      held.await();
    }
    return new Quick().open(inbound);
  }

  private Socket connect(Port port) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), listeners.port(port));
    socket.setSoTimeout(SILENCE_MILLIS);
    return socket;
  }

  private static String head(int length) {
    return "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n";
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getOutputStream().flush();
  }

  /// One answer, head and body.
  private static String answer(Socket socket) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      text.append((char) read(socket));
    }
    int body = text.indexOf("\r\n\r\n") + 4;
    String length = text.substring(text.indexOf("Content-Length: ") + 16).lines().toList().get(0);
    while (text.length() < body + Integer.parseInt(length)) {
      text.append((char) read(socket));
    }
    return text.toString();
  }

  private static int read(Socket socket) throws IOException {
    int next = socket.getInputStream().read();
    assertThat(next).as("the connection ended").isNotNegative();
    return next;
  }
}
