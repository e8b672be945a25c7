package io.yunfu.gateway.notice;

import io.yunfu.kernel.PrivateAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// Sends notices over HTTP/1.1: without redirects, without a proxy, bounded in time and size.
///
/// Unless private targets are allowed, only https is used, and a host that stands for any private
/// address is not called. A host's name is looked up once per call: what was looked at is what is
/// connected to, whatever the name says a moment later.
public final class NoticeCalls implements AutoCloseable {
  /// More than any acknowledgement; unit: bytes.
  private static final int LONGEST_ANSWER = 64 * 1024;

  /// Of a host that has many addresses, so many are tried.
  private static final int MOST_ADDRESSES = 3;

  private static final String FOUR_NUMBERS = "(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}";

  private final boolean allowPlain;
  private final Predicate<InetAddress> forbidden;
  private final Names names;
  private final Duration longest;
  private final DirectPost post;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  /// What the name of a host stands for.
  interface Names {
    List<InetAddress> of(String host) throws UnknownHostException;
  }

  /// How long a call may take.
  record Limits(Duration connect, Duration whole) {
    /// Source: `cloudpay.md` section 2.20.
    static final Limits USUAL = new Limits(Duration.ofSeconds(3), Duration.ofSeconds(10));
  }

  /// Connects to nothing yet.
  ///
  /// @param allowPrivateTargets whether merchants may be on this machine or its network, and be
  ///   told over plain http
  public NoticeCalls(boolean allowPrivateTargets) {
    this(
        allowPrivateTargets,
        allowPrivateTargets ? address -> false : PrivateAddresses::isPrivate,
        host -> List.of(InetAddress.getAllByName(host)),
        (SSLSocketFactory) SSLSocketFactory.getDefault(),
        Limits.USUAL);
  }

  /// With everything that is usually taken from the machine.
  ///
  /// @param allowPlain whether http will do
  NoticeCalls(
      boolean allowPlain,
      Predicate<InetAddress> forbidden,
      Names names,
      SSLSocketFactory tls,
      Limits limits) {
    this.allowPlain = allowPlain;
    this.forbidden = forbidden;
    this.names = names;
    this.longest = limits.whole();
    this.post = new DirectPost(tls, limits.connect(), LONGEST_ANSWER);
  }

  /// An answer, or why there is none.
  ///
  /// @param status 0 when there is none
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(int status, byte[] body, String trouble) {
    private static final byte[] NOTHING = {};

    static Answer none(String trouble) {
      return new Answer(0, NOTHING, trouble);
    }

    @Override
    public String toString() {
      return status + " " + trouble;
    }
  }

  /// What is wrong with a URL that notices are to go to; empty when nothing is.
  public static Optional<String> objection(URI url, boolean allowPrivateTargets) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !(allowPrivateTargets && scheme.equals("http"))) {
      return Optional.of("begins with https://");
    }
    if (url.getHost() == null || url.getHost().isEmpty() || url.getRawUserInfo() != null) {
      return Optional.of("names a host, and no user");
    }
    if (isOddlySpelt(url.getHost())) {
      return Optional.of("spells an address as four numbers");
    }
    return url.getRawFragment() == null ? Optional.empty() : Optional.of("has no fragment");
  }

  /// Whether a host is an address in a form that resolvers read differently, or not at all:
  /// `2130706433`, `0x7f.1`, `0177.0.0.1`.
  private static boolean isOddlySpelt(String host) {
    String last = host.substring(host.lastIndexOf('.') + 1);
    return last.matches("[0-9]+|0[xX][0-9a-fA-F]*") && !host.matches(FOUR_NUMBERS);
  }

  /// Sends, and waits for the answer. Never throws: what went wrong is in the answer.
  ///
  /// @param readBody whether the answer's body decides anything
  Answer send(URI url, byte[] body, boolean readBody) {
    var objection = objection(url, allowPlain);
    if (objection.isPresent()) {
      return Answer.none("Not sent: A callback URL " + objection.get());
    }
    Future<Answer> call = executor.submit(() -> exchange(url, body, readBody));
    try {
      return call.get(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return Answer.none("No answer within " + longest.toSeconds() + " s");
    } catch (ExecutionException e) {
      return Answer.none(describe(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.none("The program ends");
    } finally {
      call.cancel(true); // closes its connection, if it still has one
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private Answer exchange(URI url, byte[] body, boolean readBody) throws IOException {
    List<InetAddress> addresses = names.of(DirectPost.host(url));
    if (addresses.stream().anyMatch(forbidden)) {
      return Answer.none("Not sent: its host is at a private address");
    }
    IOException last = new UnknownHostException();
    for (InetAddress address : addresses.subList(0, Math.min(MOST_ADDRESSES, addresses.size()))) {
      try {
        var answered = post.post(url, address, body, readBody);
        return new Answer(answered.status(), answered.body(), "");
      } catch (DirectPost.NotConnected e) {
        last = e; // nothing was sent: another of its addresses may do
      }
    }
    throw last;
  }

  /// In words that do not name the URL, which may carry a token in its query.
  private static String describe(@Nullable Throwable cause) {
    return switch (cause) {
      case null -> "The call failed";
      case UnknownHostException _ -> "The host is not known";
      case DirectPost.NotConnected _ -> "Cannot connect";
      case SSLException e -> "TLS: " + e.getMessage();
      case IOException e -> "The exchange broke: " + e.getMessage();
      default -> "The call failed: " + cause.getClass().getSimpleName();
    };
  }
}
