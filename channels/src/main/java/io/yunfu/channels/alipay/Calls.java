package io.yunfu.channels.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.channels.BillFile;
import io.yunfu.channels.Deadline;
import io.yunfu.channels.Exchange;
import io.yunfu.channels.Meaning;
import io.yunfu.channels.Operation;
import io.yunfu.channels.Patience;
import io.yunfu.channels.Post;
import io.yunfu.channels.Transport;
import io.yunfu.channels.Unreadable;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.Evidence;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Calls Alipay, with the repetitions that there may be inside one call, and reads what it says. A
/// repetition carries the same content and a new time.
final class Calls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

  /// Alipay's longest are half of it.
  private static final int LONGEST_CODE = 128;

  private final URI gateway;
  private final Transport transport;
  private final InstantSource clock;
  private final Patience patience;

  Calls(URI gateway, Transport transport, InstantSource clock, Patience patience) {
    this.gateway = gateway;
    this.transport = transport;
    this.clock = clock;
    this.patience = patience;
  }

  /// In whose name, and until when.
  record Caller(ChannelAccount.Alipay account, Deadline deadline) {}

  @Override
  public void close() {
    transport.close();
  }

  /// Fetches a bill from where Alipay says it is.
  Exchange download(URI from, BillFile into) {
    return transport.download(from, Deadline.in(patience.bill()), into.path(), BillFile.LONGEST);
  }

  /// What came of a call.
  sealed interface Heard {
    Evidence evidence();

    /// An answer that can be believed; whether it is about our question, its reader has to say.
    record Spoke(Said said, Evidence evidence) implements Heard {}

    /// None, or none that proves anything.
    ///
    /// @param code ours
    /// @param why for the operator
    record Silent(String code, String why, Evidence evidence) implements Heard {}

    /// No try has left this machine.
    record NotSent(String why, Evidence evidence) implements Heard {}

    private Meaning meaning() {
      return switch (this) {
        case Spoke(Said said, var _) -> said.meaning();
        case Silent silent -> Meaning.SILENT;
        case NotSent notSent -> Meaning.SILENT;
      };
    }
  }

  Caller caller(ChannelAccount.Alipay account, Operation operation) {
    return new Caller(account, Deadline.in(patience.whole(operation)));
  }

  /// Asks, and asks again as far as patience goes.
  ///
  /// @param noticeUrl where Alipay is to report; empty for calls that it does not report on
  Heard make(Caller caller, Operation operation, ObjectNode content, Optional<URI> noticeUrl) {
    Credentials credentials;
    try {
      credentials = Credentials.of(caller.account(), clock.instant());
    } catch (CredentialsUnfit e) {
      LOG.warn("Application {} cannot call Alipay: {}", caller.account().appId(), e.why());
      var evidence =
          new Evidence(
              Methods.of(operation), gateway.getHost(), 0, false, "", 0, caller.deadline().spent());
      return new Heard.NotSent(e.why(), evidence);
    }
    String text = content.toString();
    var pauses = patience.repetitions(operation).iterator();
    int tries = 0;
    boolean mayHaveArrived = false;
    while (true) {
      var request =
          SignedRequest.of(
              gateway, operation, caller.account(), credentials, text, noticeUrl, clock.instant());
      Exchange exchange =
          transport.send(
              new Post(
                  List.of(request.uri()),
                  SignedRequest.CONTENT_TYPE,
                  request.body().getBytes(UTF_8),
                  Optional.empty(),
                  caller.deadline()));
      tries += exchange.tries();
      mayHaveArrived |= !(exchange instanceof Exchange.NotSent);
      Heard heard = hear(caller, operation, credentials, exchange, tries, mayHaveArrived);
      if (!patience.repeats(operation, heard.meaning())
          || !pauses.hasNext()
          || !pause(pauses.next(), caller.deadline())) {
        return heard;
      }
    }
  }

  /// @param mayHaveArrived whether this try or one before may have come to Alipay
  private static Heard hear(
      Caller caller,
      Operation operation,
      Credentials credentials,
      Exchange exchange,
      int tries,
      boolean mayHaveArrived) {
    String method = Methods.of(operation);
    Duration took = caller.deadline().spent();
    return switch (exchange) {
      case Exchange.NotSent(var _, var _, String reason) -> {
        var evidence = exchange.evidence(method, false, "", tries, took);
        yield mayHaveArrived
            ? new Heard.Silent("NO_ANSWER", reason, evidence)
            : new Heard.NotSent(reason, evidence);
      }
      case Exchange.Unknown(var _, var _, String reason) ->
          new Heard.Silent("NO_ANSWER", reason, exchange.evidence(method, false, "", tries, took));
      case Exchange.Answered(var _, var _, int status, var _, byte[] body) -> {
        String text = Masks.evidence(new String(body, UTF_8), caller.account());
        try {
          var said = Said.read(operation, credentials, status, body);
          if (!said.listed()) {
            String code = Masks.line(said.code(), caller.account(), LONGEST_CODE);
            LOG.warn("{} is answered with the code {}, which is in no table", method, code);
          }
          yield new Heard.Spoke(
              said, exchange.evidence(method, said.verified(), text, tries, took));
        } catch (Unreadable e) {
          yield new Heard.Silent(
              e.code(), e.why(), exchange.evidence(method, false, text, tries, took));
        }
      }
    };
  }

  /// @return whether there is time left afterwards
  private static boolean pause(Duration pause, Deadline deadline) {
    if (deadline.left().compareTo(pause) <= 0) {
      return false;
    }
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
