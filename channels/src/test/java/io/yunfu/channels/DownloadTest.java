package io.yunfu.channels;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Bills on their way: whole or not at all, no longer than they may be, and gone afterwards.
class DownloadTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Transport transport =
      new Transport(new Transport.Settings(LONG, 4, Optional.empty()));
  private final BillFile file = new BillFile();

  @AfterEach
  void close() {
    transport.close();
    file.close();
    assertThat(file.path()).doesNotExist();
  }

  @Test
  void a_file_arrives_as_it_was_sent_though_answers_are_shorter() throws Exception {
    try (var peer = Peer.that(Peer.answering(Peer.ok("a long bill")))) {
      assertThat(get(peer, LONG, 11)).isInstanceOf(Exchange.Answered.class);
      assertThat(file.path()).hasContent("a long bill");
      assertThat(file.size()).isEqualTo(11);
      assertThat(peer.requests().getFirst()).startsWith("GET /bill?token=x HTTP/1.1\r\n");
    }
  }

  @Test
  void a_long_file_arrives_whole() throws Exception {
    String text = "0123456789abcdef".repeat(512 * 1024);
    try (var peer = Peer.that(Peer.answering(Peer.ok(text)))) {
      assertThat(get(peer, LONG, text.length())).isInstanceOf(Exchange.Answered.class);
      assertThat(file.path()).hasContent(text);
    }
  }

  /// Unpacking is up to whoever reads it.
  @Test
  void what_a_file_is_packed_with_does_not_matter() throws Exception {
    try (var peer =
        Peer.that(
            Peer.answering(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\npacked"))) {
      assertThat(get(peer, LONG, 6)).isInstanceOf(Exchange.Answered.class);
      assertThat(file.path()).hasContent("packed");
    }
  }

  @Test
  void one_that_ends_early_is_no_bill() throws Exception {
    try (var peer = Peer.that(Peer.answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"))) {
      assertThat(get(peer, LONG, 100)).isInstanceOf(Exchange.Unknown.class);
    }
  }

  @Test
  void it_may_be_asked_for_with_a_content_too() throws Exception {
    try (var peer = Peer.that(Peer.answering(Peer.ok("a long bill")))) {
      var post =
          new Post(
              List.of(peer.base().resolve("/bill")),
              "text/xml",
              new byte[] {'h', 'i'},
              Optional.empty(),
              Deadline.in(LONG));
      assertThat(transport.download(post, file.path(), 11)).isInstanceOf(Exchange.Answered.class);
      assertThat(file.path()).hasContent("a long bill");
      assertThat(peer.requests().getFirst()).startsWith("POST /bill HTTP/1.1\r\n").endsWith("hi");
    }
  }

  @Test
  void one_byte_more_than_it_may_have_is_no_bill() throws Exception {
    try (var peer = Peer.that(Peer.answering(Peer.ok("a long bill")))) {
      assertThat(get(peer, LONG, 10)).isInstanceOf(Exchange.Unknown.class);
    }
  }

  @Test
  void one_that_never_ends_is_given_up() throws Exception {
    try (var peer =
        Peer.that((it, connection) -> {
          it.read(connection);
          connection
              .getOutputStream()
              .write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf".getBytes(ISO_8859_1));
          it.stall();
        })) {
      var exchange = get(peer, Duration.ofMillis(500), 100);
      assertThat(exchange).isInstanceOf(Exchange.Unknown.class);
      assertThat(((Exchange.Unknown) exchange).reason()).isEqualTo("no answer in time");
    }
  }

  @Test
  void a_redirect_is_not_followed() throws Exception {
    try (var other = Peer.that(Peer.answering(Peer.ok("")));
        var peer =
            Peer.that(
                Peer.answering(
                    "HTTP/1.1 302 Go\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                        .formatted(other.base())))) {
      assertThat(((Exchange.Answered) get(peer, LONG, 100)).status()).isEqualTo(302);
      assertThat(other.connections()).isZero();
    }
  }

  @Test
  void nobody_else_may_read_it() throws Exception {
    Path path = file.path();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
  }

  private Exchange get(Peer peer, Duration time, long most) {
    URI from = URI.create(peer.base() + "/bill?token=x");
    return transport.download(from, Deadline.in(time), file.path(), most);
  }
}
