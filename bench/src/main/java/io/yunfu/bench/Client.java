package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// One account's client: renders requests in JSON, signed with signature v3, from pieces that were
/// made once a day. It costs a third of the wire module's `Signer`, which makes any request; the
/// load generator shares the machine with what it measures. A test holds the two against each
/// other. What clients have in common is there once: of ten thousand clients none is in the
/// processor's caches when its turn comes.
final class Client {
  private static final long SECONDS_PER_DAY = 86_400;
  private static final byte[] HEX = "0123456789abcdef".getBytes(ISO_8859_1);

  private static final byte[] AFTER_ACTION =
      "\r\nX-TC-Version: 2018-07-09\r\nX-TC-Timestamp: ".getBytes(ISO_8859_1);

  private static final byte[] BEFORE_ID =
      "\r\nAuthorization: TC3-HMAC-SHA256 Credential=".getBytes(ISO_8859_1);

  private static final ThreadLocal<Desk> DESK = ThreadLocal.withInitial(Desk::new);

  private final Target target;
  private final byte[] secretId;
  private final String secret;
  private volatile @Nullable DayKey key;

  Client(Target target, String secretId, String secret) {
    this.target = target;
    this.secretId = bytes(secretId);
    this.secret = secret;
  }

  /// What the requests of all clients have in common.
  static final class Target {
    private final String service;
    private final byte[] beforeAction;
    private final byte[] canonical;
    private volatile @Nullable Day day;

    /// @param host with the port, as sent
    Target(String host) {
      int dot = host.indexOf('.');
      this.service = dot < 0 ? host : host.substring(0, dot);
      this.beforeAction =
          bytes(
              "POST / HTTP/1.1\r\nHost: "
                  + host
                  + "\r\nContent-Type: application/json\r\nX-TC-Action: ");
      this.canonical =
          bytes(
              "POST\n/\n\ncontent-type:application/json\nhost:" + host + "\n\ncontent-type;host\n");
    }

    private Day day(long number) {
      Day today = day;
      if (today == null || today.number != number) {
        today = new Day(service, number);
        day = today;
      }
      return today;
    }
  }

  /// What depends on the date, which is the UTC date of the timestamp.
  private static final class Day {
    private final long number;
    private final byte[] afterId;
    private final byte[] scope;

    Day(String service, long number) {
      this.number = number;
      String scopeOfDay = LocalDate.ofEpochDay(number) + "/" + service + "/tc3_request";
      this.afterId = bytes("/" + scopeOfDay + ", SignedHeaders=content-type;host, Signature=");
      this.scope = bytes("\n" + scopeOfDay + "\n");
    }
  }

  /// What a client signs with on one day.
  private record DayKey(long number, SecretKeySpec key) {
    static DayKey of(String secret, String service, long number) {
      byte[] derived =
          Desk.hmac(("TC3" + secret).getBytes(UTF_8), LocalDate.ofEpochDay(number).toString());
      derived = Desk.hmac(derived, service);
      return new DayKey(number, new SecretKeySpec(Desk.hmac(derived, "tc3_request"), Desk.HMAC));
    }
  }

  /// Writes a whole request.
  ///
  /// @param body in JSON
  void write(ByteBuffer out, BillingAction action, byte[] body, long epochSecond) {
    long number = epochSecond / SECONDS_PER_DAY;
    Day today = target.day(number);
    DayKey todays = key;
    if (todays == null || todays.number != number) {
      todays = DayKey.of(secret, target.service, number);
      key = todays;
    }
    byte[] time = bytes(Long.toString(epochSecond));
    out.put(target.beforeAction).put(action.header()).put(AFTER_ACTION);
    out.put(time).put(BEFORE_ID).put(secretId).put(today.afterId);
    DESK.get().sign(target, today, todays.key, time, body, out);
    out.put(bytes("\r\nContent-Length: " + body.length + "\r\n\r\n")).put(body);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  /// What one thread signs with.
  private static final class Desk {
    private static final String HMAC = "HmacSHA256";
    private static final byte[] ALGORITHM = bytes("TC3-HMAC-SHA256\n");
    private static final int HASH = 32;

    private final MessageDigest digest;
    private final Mac mac;
    private final byte[] hash = new byte[HASH];
    private final byte[] hex = new byte[2 * HASH];

    Desk() {
      try {
        this.digest = MessageDigest.getInstance("SHA-256");
        this.mac = Mac.getInstance(HMAC);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }

    /// Writes the signature: `billing.md` section 1.5.
    void sign(
        Target target, Day today, SecretKeySpec key, byte[] time, byte[] body, ByteBuffer out) {
      try {
        digest.update(body);
        hashInHex();
        digest.update(target.canonical);
        digest.update(hex);
        hashInHex();
        mac.init(key);
        mac.update(ALGORITHM);
        mac.update(time);
        mac.update(today.scope);
        mac.update(hex);
        mac.doFinal(hash, 0);
        toHex();
        out.put(hex);
      } catch (DigestException | InvalidKeyException | ShortBufferException e) {
        throw new IllegalStateException("the sizes and the key are ours", e);
      }
    }

    private void hashInHex() throws DigestException {
      digest.digest(hash, 0, HASH);
      toHex();
    }

    private void toHex() {
      for (int i = 0; i < HASH; i++) {
        hex[2 * i] = HEX[hash[i] >> 4 & 15];
        hex[2 * i + 1] = HEX[hash[i] & 15];
      }
    }

    static byte[] hmac(byte[] key, String text) {
      try {
        Mac mac = Mac.getInstance(HMAC);
        mac.init(new SecretKeySpec(key, HMAC));
        return mac.doFinal(text.getBytes(UTF_8));
      } catch (NoSuchAlgorithmException | InvalidKeyException e) {
        throw new IllegalStateException("every JDK has HMAC-SHA256", e);
      }
    }
  }
}
