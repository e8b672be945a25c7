package io.yunfu.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// The answer to one request, taken from a connection piece by piece. One object serves a
/// connection for all its life, so what it shows is gone with the next answer.
public final class Answer {
  /// More than any answer to one payment.
  private static final int FIRST_SIZE = 4096;

  /// A longer answer is a mistake, here.
  private static final int MAX_SIZE = 16 << 20;

  private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};
  private static final byte[] LENGTH = "\r\ncontent-length:".getBytes(ISO_8859_1);
  private static final byte[] CLOSE = "\r\nconnection: close".getBytes(ISO_8859_1);

  private byte[] bytes = new byte[FIRST_SIZE];
  private int filled;
  private int bodyFrom;
  private int end;
  private int status;

  Answer() {}

  /// What the bytes on a connection turned out to be.
  static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  void clear() {
    filled = 0;
    bodyFrom = 0;
    end = 0;
    status = 0;
  }

  /// Takes what has arrived.
  ///
  /// @return whether the answer is complete
  /// @throws Malformed when this is no answer that we understand
  boolean take(ByteBuffer in) {
    int more = in.remaining();
    if (filled + more > bytes.length) {
      if (filled + more > MAX_SIZE) {
        throw new Malformed("an answer of more than " + MAX_SIZE + " bytes");
      }
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, filled + more));
    }
    in.get(bytes, filled, more);
    filled += more;
    if (end == 0 && !readHead()) {
      return false;
    }
    if (filled > end) {
      throw new Malformed("more bytes than one answer");
    }
    return filled == end;
  }

  private boolean readHead() {
    int head = indexOf(END_OF_HEAD, 0, filled);
    if (head < 0) {
      return false;
    }
    if (head < 12 || bytes[0] != 'H' || bytes[8] != ' ') {
      throw new Malformed("not an answer in HTTP");
    }
    status = number(9, 12);
    int length = indexOfIgnoringCase(LENGTH, head);
    if (length < 0) {
      throw new Malformed("an answer without Content-Length");
    }
    int from = length + LENGTH.length;
    int to = indexOf(END_OF_HEAD, from, 2, head + 2);
    bodyFrom = head + END_OF_HEAD.length;
    end = bodyFrom + number(from, to);
    return true;
  }

  public int status() {
    return status;
  }

  /// Whether the server ends the connection after this answer.
  boolean isLast() {
    return indexOfIgnoringCase(CLOSE, bodyFrom) >= 0;
  }

  /// Where the body has these bytes; -1 when it does not.
  public int indexOf(byte[] wanted) {
    int found = indexOf(wanted, bodyFrom, end);
    return found < 0 ? -1 : found - bodyFrom;
  }

  /// The text in the body from just after these bytes to the next quotation mark; empty when they
  /// are not there.
  public String textAfter(byte[] wanted) {
    int found = indexOf(wanted, bodyFrom, end);
    if (found < 0) {
      return "";
    }
    int from = found + wanted.length;
    int to = from;
    while (to < end && bytes[to] != '"') {
      to++;
    }
    return new String(bytes, from, to - from, UTF_8);
  }

  /// How many bytes of the body lie between the end of `wanted` and the next quotation mark; -1
  /// when it is not there. Spares making a text of what is only counted.
  public int lengthAfter(byte[] wanted) {
    int found = indexOf(wanted, bodyFrom, end);
    if (found < 0) {
      return -1;
    }
    int to = found + wanted.length;
    while (to < end && bytes[to] != '"') {
      to++;
    }
    return to - found - wanted.length;
  }

  /// All of the body.
  public byte[] body() {
    return Arrays.copyOfRange(bytes, bodyFrom, end);
  }

  /// The body, at most this many characters: for messages.
  public String body(int most) {
    return new String(bytes, bodyFrom, Math.min(most, end - bodyFrom), UTF_8);
  }

  private int number(int from, int to) {
    int value = 0;
    boolean some = false;
    for (int i = from; i < to; i++) {
      byte digit = bytes[i];
      if (digit == ' ' && !some) {
        continue;
      }
      if (digit < '0' || digit > '9' || value > MAX_SIZE) {
        throw new Malformed("not a number in the head of an answer");
      }
      some = true;
      value = 10 * value + digit - '0';
    }
    return value;
  }

  private int indexOf(byte[] wanted, int from, int to) {
    return indexOf(wanted, from, wanted.length, to);
  }

  /// Looks for the first `length` bytes of `wanted`.
  private int indexOf(byte[] wanted, int from, int length, int to) {
    byte first = wanted[0];
    for (int i = from; i <= to - length; i++) {
      if (bytes[i] == first && Arrays.equals(bytes, i, i + length, wanted, 0, length)) {
        return i;
      }
    }
    return -1;
  }

  /// @param wanted in lower case
  private int indexOfIgnoringCase(byte[] wanted, int to) {
    for (int i = 0; i <= to - wanted.length; i++) {
      if (bytes[i] == wanted[0] && matches(wanted, i)) {
        return i;
      }
    }
    return -1;
  }

  private boolean matches(byte[] wanted, int at) {
    for (int i = 0; i < wanted.length; i++) {
      byte here = bytes[at + i];
      if (here != wanted[i] && !(here >= 'A' && here <= 'Z' && here + 32 == wanted[i])) {
        return false;
      }
    }
    return true;
  }
}
