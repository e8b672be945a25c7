package io.yunfu.bench;

import io.yunfu.bench.load.Answer;
import io.yunfu.bench.load.Call;
import io.yunfu.bench.load.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Calls that were told that their outcome is not known. As merchants do, they are repeated until
/// it is: so each order is either acknowledged in the end, or a mistake. Any thread may add.
final class UnknownOrders {
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);
  private static final Duration LONGEST_DOUBT = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final URI address;
  private final Queue<CpayCall> calls = new ConcurrentLinkedQueue<>();

  /// @param host of the server, with the port
  UnknownOrders(String host) {
    this.address = URI.create("http://" + host + "/cpay/official_account_pay");
  }

  /// The same call, remembered if its outcome is not known.
  Call watch(CpayCall call) {
    return new Call() {
      @Override
      public void write(ByteBuffer out, long epochSecond) {
        call.write(out, epochSecond);
      }

      @Override
      public Verdict judge(Answer answer) {
        Verdict verdict = call.judge(answer);
        if (isUnknown(verdict)) {
          calls.add(call);
        }
        return verdict;
      }
    };
  }

  static boolean isUnknown(Verdict verdict) {
    return verdict.equals(new Verdict.Refused(CpayCall.UNKNOWN));
  }

  /// Repeats all of them until their outcome is known.
  ///
  /// @throws IllegalStateException when one comes to nothing, or stays unknown
  void settle() throws InterruptedException {
    for (CpayCall call = calls.poll(); call != null; call = calls.poll()) {
      place(call);
    }
  }

  /// Makes one call, as often as its outcome is not known.
  ///
  /// @throws IllegalStateException when it comes to nothing, or stays unknown
  void place(CpayCall call) throws InterruptedException {
    long giveUp = System.nanoTime() + LONGEST_DOUBT.toNanos();
    try (HttpClient client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(address)
              .timeout(LONGEST_ANSWER)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofByteArray(call.body()))
              .build();
      while (true) {
        Verdict verdict = call.judge(client.send(request, BodyHandlers.ofByteArray()).body());
        if (verdict.equals(Verdict.RIGHT)) {
          return;
        }
        if (!isUnknown(verdict) || System.nanoTime() - giveUp > 0) {
          throw new IllegalStateException("an order cannot be placed: " + verdict);
        }
        Thread.sleep(PAUSE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the server does not answer", e);
    }
  }
}
