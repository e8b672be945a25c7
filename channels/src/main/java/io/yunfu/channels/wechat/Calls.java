package io.yunfu.channels.wechat;

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
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.Bill;
import io.yunfu.gateway.channel.BillRow;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.gateway.channel.Evidence;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks WeChat Pay, and asks again where [Patience] allows it: with the same content, and a nonce
/// and a signature of its own.
final class Calls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

  private static final String CONTENT_TYPE = "text/xml; charset=utf-8";

  /// Unit: characters.
  private static final int LONGEST_MESSAGE = 256;

  /// More than is kept once it is masked; unit: bytes.
  private static final int LONGEST_EVIDENCE = 64 * 1024;

  /// A parameter or the signature is wrong; the text says which.
  private static final String BAD_REQUEST = "20001";

  private static final String NO_BILL = "20002";

  private final Transport transport;
  private final Hosts hosts;
  private final Patience patience;
  private final Supplier<String> nonces;
  private final Pause pause;
  private final InstantSource clock;

  /// How to wait.
  interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  Calls(
      Transport transport,
      Hosts hosts,
      Patience patience,
      Supplier<String> nonces,
      Pause pause,
      InstantSource clock) {
    this.transport = transport;
    this.hosts = hosts;
    this.patience = patience;
    this.nonces = nonces;
    this.pause = pause;
    this.clock = clock;
  }

  /// @param type what the order began with
  /// @param reader what an answer says that is done or knows of nothing; throws [Unreadable] when
  ///   it does not say so, or is about another
  <T> Heard<T> ask(
      Operation operation,
      ChannelAccount.Wechat account,
      SignType type,
      Map<String, String> business,
      Deadline deadline,
      Function<Said, T> reader) {
    var question = new Question<>(operation, account, type, business, deadline, reader);
    Iterator<Duration> pauses = patience.repetitions(operation).iterator();
    Heard<T> heard = once(question, 0, 0, false);
    for (int n = 1; patience.repeats(operation, heard.meaning()) && pauses.hasNext(); n++) {
      Duration time = pauses.next();
      if (deadline.left().compareTo(time) <= 0 || !waited(time)) {
        break;
      }
      heard = once(question, n, heard.evidence().tries(), heard.sent());
    }
    return heard;
  }

  /// Asks for a bill. What fails is told without a signature, so it is never more than a reason to
  /// ask again later, or for a person to look at our set-up. Source: `channels.md` section 2.12.
  Answer<Bill> bill(ChannelAccount.Wechat account, LocalDate day, Consumer<BillRow> rows) {
    Deadline deadline = Deadline.in(patience.bill());
    var fields = Content.bill(account, day, nonces.get());
    try (var file = new BillFile()) {
      var exchange =
          transport.download(
              new Post(
                  hosts.targets(Operation.BILL, 0),
                  CONTENT_TYPE,
                  Xml.write(fields).getBytes(UTF_8),
                  Optional.empty(),
                  deadline),
              file.path(),
              BillFile.LONGEST);
      String method = Paths.method(Operation.BILL);
      var evidence = exchange.evidence(method, false, "", exchange.tries(), deadline.spent());
      return switch (exchange) {
        case Exchange.NotSent(_, _, String reason) -> new Answer.NotSent<>(reason, evidence);
        case Exchange.Unknown(_, _, String reason) ->
            new Answer.Unknown<>("NO_ANSWER", reason, evidence);
        case Exchange.Answered(_, _, int status, _, _) when status != 200 ->
            new Answer.Unknown<>("UNREADABLE", "HTTP " + status, evidence);
        case Exchange.Answered answered -> came(account, day, rows, file, answered, deadline);
      };
    }
  }

  private static Answer<Bill> came(
      ChannelAccount.Wechat account,
      LocalDate day,
      Consumer<BillRow> rows,
      BillFile file,
      Exchange.Answered answered,
      Deadline deadline) {
    String method = Paths.method(Operation.BILL);
    try {
      return switch (Bills.read(file, account.merchantNumber(), day, rows)) {
        case Bills.Came.Whole(Bill.Statement statement) ->
            new Answer.Done<>(
                statement,
                answered.evidence(method, false, "", answered.tries(), deadline.spent()));
        case Bills.Came.Failed failed ->
            failed(
                failed.code(),
                Masks.line(failed.message(), account, LONGEST_MESSAGE),
                answered.evidence(
                    method,
                    false,
                    Masks.evidence(failed.text(), account),
                    answered.tries(),
                    deadline.spent()));
      };
    } catch (Unreadable e) {
      String why = Masks.line(e.why(), account, LONGEST_MESSAGE);
      return new Answer.Done<>(
          new Bill.Unusable(why),
          answered.evidence(method, false, "", answered.tries(), deadline.spent()));
    }
  }

  private static Answer<Bill> failed(String code, String message, Evidence evidence) {
    return switch (code) {
      case NO_BILL -> new Answer.Done<>(new Bill.None(message), evidence);
      case BAD_REQUEST ->
          new Answer.Refused<>(Answer.Reason.NEEDS_ACTION, code, message, true, evidence);
      default -> new Answer.Unknown<>(code, message, evidence);
    };
  }

  @Override
  public void close() {
    transport.close();
  }

  private record Question<T>(
      Operation operation,
      ChannelAccount.Wechat account,
      SignType type,
      Map<String, String> business,
      Deadline deadline,
      Function<Said, T> reader) {}

  /// @param tries those before
  /// @param sent whether an earlier one may have arrived: then this is not "not sent" any more
  private <T> Heard<T> once(Question<T> question, int repetition, int tries, boolean sent) {
    var signed = Content.signed(question.account, question.type, question.business, nonces.get());
    var exchange =
        transport.send(
            new Post(
                hosts.targets(question.operation, repetition),
                CONTENT_TYPE,
                Xml.write(signed).getBytes(UTF_8),
                Paths.needCertificate(question.operation)
                    ? question.account.certificate()
                    : Optional.empty(),
                question.deadline));
    return switch (exchange) {
      case Exchange.Answered answered -> answered(question, answered, tries);
      case Exchange.NotSent(_, _, String reason) ->
          silent(question, exchange, tries, sent, "NOT_SENT", reason);
      case Exchange.Unknown(_, _, String reason) ->
          silent(question, exchange, tries, true, "NO_ANSWER", reason);
    };
  }

  private <T> Heard<T> answered(Question<T> question, Exchange.Answered answered, int tries) {
    Operation operation = question.operation;
    String text =
        Masks.evidence(
            new String(
                answered.body(), 0, Math.min(answered.body().length, LONGEST_EVIDENCE), UTF_8),
            question.account);
    try {
      Said said =
          Said.read(
              operation,
              question.account,
              question.type,
              clock.instant(),
              answered.status(),
              answered.body());
      if (!said.listed()) {
        LOG.warn("WeChat Pay answers {} with {}, which is in no table", operation, said.code());
      }
      boolean known = said.meaning() == Meaning.DONE || said.meaning() == Meaning.ABSENT;
      return new Heard<>(
          said.meaning(),
          known ? Optional.of(question.reader.apply(said)) : Optional.empty(),
          true,
          said.code(),
          Masks.line(said.message(), question.account, LONGEST_MESSAGE),
          answered.evidence(
              Paths.method(operation),
              true,
              text,
              tries + answered.tries(),
              question.deadline.spent()));
    } catch (Unreadable e) {
      String why = Masks.line(e.why(), question.account, LONGEST_MESSAGE);
      LOG.warn("WeChat Pay's answer to {} proves nothing: {}", operation, why);
      return new Heard<>(
          Meaning.SILENT,
          Optional.empty(),
          true,
          e.code(),
          why,
          answered.evidence(
              Paths.method(operation),
              false,
              text,
              tries + answered.tries(),
              question.deadline.spent()));
    }
  }

  private static <T> Heard<T> silent(
      Question<T> question,
      Exchange exchange,
      int tries,
      boolean sent,
      String code,
      String reason) {
    return new Heard<>(
        Meaning.SILENT,
        Optional.empty(),
        sent,
        code,
        reason,
        exchange.evidence(
            Paths.method(question.operation),
            false,
            "",
            tries + exchange.tries(),
            question.deadline.spent()));
  }

  private boolean waited(Duration time) {
    try {
      pause.of(time);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
