package io.yunfu.simulator.channel;

import io.yunfu.simulator.fault.Effect;
import io.yunfu.simulator.fault.Effect.GarbageKind;
import io.yunfu.simulator.fault.Faults;
import io.yunfu.simulator.fault.Occasion;
import io.yunfu.simulator.fault.Stage;
import io.yunfu.simulator.http.Door;
import io.yunfu.simulator.http.Inbound;
import io.yunfu.simulator.http.Manner;
import io.yunfu.simulator.http.Reply;
import io.yunfu.simulator.http.Transmission;
import io.yunfu.simulator.record.Exchange;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The way of every request of a channel, the same for both: read, ask what goes wrong, perform or
/// not, write, spoil, record.
public final class Gate implements Door {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final Channel channel;
  private final Surroundings world;
  private final Supplier<Latency> latency;

  /// The way to a channel.
  ///
  /// @param latency how long answers take, at the moment
  public Gate(Channel channel, Surroundings world, Supplier<Latency> latency) {
    this.channel = channel;
    this.world = world;
    this.latency = latency;
  }

  @Override
  public boolean isQuick() {
    return channel.isQuick();
  }

  @Override
  public Transmission open(Inbound inbound) {
    Optional<Call> read = channel.read(inbound);
    if (read.isEmpty()) {
      return Transmission.of(Reply.notFound());
    }
    Call call = read.get();
    var occasion =
        new Occasion(
            Stage.CALL, channel.name(), call.op(), call.number(), call.merchants(), inbound.id());
    Decided decided =
        world
            .timeline()
            .step(() -> {
              List<Effect> effects = world.faults().take(occasion);
              var twists = new Twists(effects);
              Encoder encoder = commits(effects) ? call.perform(twists) : null;
              Optional<Effect.Failure> failure = Faults.first(effects, Effect.Failure.class);
              if (failure.isPresent()) {
                encoder = call.failing(failure.get());
              }
              return new Decided(Optional.ofNullable(encoder), effects, world.timeline().now());
            });
    return send(inbound, call, decided);
  }

  private record Decided(Optional<Encoder> encoder, List<Effect> effects, java.time.Instant at) {}

  /// Whether the call takes effect.
  private static boolean commits(List<Effect> effects) {
    for (Effect effect : effects) {
      boolean commits =
          switch (effect) {
            case Effect.Reset reset -> reset.commit();
            case Effect.Silence silence -> silence.commit();
            case Effect.Http http -> http.commit();
            case Effect.Failure failure -> failure.commit();
            default -> true;
          };
      if (!commits) {
        return false;
      }
    }
    return true;
  }

  private Transmission send(Inbound inbound, Call call, Decided decided) {
    List<Effect> effects = decided.effects();
    Optional<Answer> answer = decided.encoder().map(encoder -> encoder.encode(new Twists(effects)));
    Reply reply =
        Faults.first(effects, Effect.Http.class)
            .map(http -> Reply.of(http.status(), "text/html; charset=utf-8", http.body()))
            .or(() -> answer.map(Answer::reply))
            .orElse(Reply.of(200, "text/plain", ""));
    Manner manner = Manner.WELL;
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Garbage(GarbageKind kind) -> {
          reply = spoilt(reply, kind);
          manner = mannerOf(kind);
        }
        case Effect.Silence silence -> manner = Manner.SILENT;
        case Effect.Reset reset -> manner = Manner.RESET;
        default -> {}
      }
    }
    boolean answered = manner != Manner.SILENT && manner != Manner.RESET;
    record(inbound, call, decided, answer, answered ? Optional.of(reply) : Optional.empty());
    return new Transmission(reply, manner, delay(effects));
  }

  private Duration delay(List<Effect> effects) {
    Duration delay = latency.get().draw(world.seed().of("latency"));
    for (Effect effect : effects) {
      if (effect instanceof Effect.Delay(Duration by)) {
        delay = delay.plus(by);
      }
    }
    return delay;
  }

  private static Reply spoilt(Reply reply, GarbageKind kind) {
    return switch (kind) {
      case EMPTY -> reply.withBody(new byte[0]);
      case BOM -> {
        byte[] marked = new byte[reply.body().length + BYTE_ORDER_MARK.length];
        System.arraycopy(BYTE_ORDER_MARK, 0, marked, 0, BYTE_ORDER_MARK.length);
        System.arraycopy(reply.body(), 0, marked, BYTE_ORDER_MARK.length, reply.body().length);
        yield reply.withBody(marked);
      }
      case GBK ->
          reply.withBody(
              new String(reply.body(), StandardCharsets.UTF_8).getBytes(Charset.forName("GBK")));
      case GZIP_HEADER -> reply.with("Content-Encoding", "gzip");
      case TRUNCATED, HUGE, SLOW, CHUNKED -> reply;
    };
  }

  private static Manner mannerOf(GarbageKind kind) {
    return switch (kind) {
      case TRUNCATED -> Manner.TRUNCATED;
      case HUGE -> Manner.HUGE;
      case SLOW -> Manner.SLOW;
      case CHUNKED -> Manner.CHUNKED;
      case EMPTY, BOM, GBK, GZIP_HEADER -> Manner.WELL;
    };
  }

  private void record(
      Inbound inbound, Call call, Decided decided, Optional<Answer> answer, Optional<Reply> sent) {
    world
        .requests()
        .add(
            new Exchange(
                inbound.id(),
                decided.at(),
                channel.name(),
                inbound.listener().label(),
                inbound.method(),
                inbound.target(),
                inbound.body(),
                call.op(),
                call.number(),
                call.merchants(),
                call.signText(),
                answer.map(Answer::verdict).orElse("NOT_PERFORMED"),
                decided.effects(),
                sent.map(Reply::status).orElse(null),
                sent.map(Reply::body).orElse(new byte[0])));
  }
}
