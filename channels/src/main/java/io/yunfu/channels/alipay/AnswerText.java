package io.yunfu.channels.alipay;

import io.yunfu.channels.Unreadable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// An answer, cut into its parts without being read as JSON: Alipay signs the node's text exactly
/// as it was sent, and no parser gives that text back. `\/` stays `\/`, spaces stay, the order
/// stays.
///
/// The cutter reads the outermost object only. It knows strings, so that a brace inside one counts
/// for nothing, and it refuses whatever two readers could read in two ways: a name that stands
/// twice, a name with an escape, anything after the end.
///
/// @param node from its `{` to its `}`
/// @param sign Base64, escapes undone; empty when the answer is not signed
/// @param certificateNumber `alipay_cert_sn`, in certificate mode
record AnswerText(String node, Optional<String> sign, Optional<String> certificateNumber) {
  /// Nothing at the top level has business here besides a node, `sign` and `alipay_cert_sn`; a few
  /// more names are let pass.
  private static final int MOST_MEMBERS = 16;

  /// @param method that was called: its answer stands under `alipay_trade_create_response`. A
  ///   refusal at the door may stand under `error_response` instead.
  /// @throws Unreadable for all that is not an answer to that method
  static AnswerText of(String text, String method) {
    Map<String, String> members = new Cutter(text).members();
    String own = members.get(method.replace('.', '_') + "_response");
    String error = members.get("error_response");
    if (own != null && error != null) {
      throw new Unreadable("the answer has two nodes");
    }
    String node = own != null ? own : error;
    if (node == null || !node.startsWith("{")) {
      throw new Unreadable("the answer has no node of " + method);
    }
    return new AnswerText(
        node, string("sign", members.get("sign")), string("sn", members.get("alipay_cert_sn")));
  }

  /// An empty string counts as none at all.
  private static Optional<String> string(String name, @Nullable String raw) {
    if (raw == null) {
      return Optional.empty();
    }
    try {
      var value = Json.MAPPER.readTree(raw);
      if (value.isString()) {
        return Optional.of(value.stringValue()).filter(text -> !text.isEmpty());
      }
    } catch (JacksonException e) {
      // falls through
    }
    throw new Unreadable(name + " is not text");
  }

  private static final class Cutter {
    private final String text;
    private int at;

    Cutter(String text) {
      this.text = text;
    }

    /// The members of the outermost object: names as they stand, values as raw text.
    Map<String, String> members() {
      Map<String, String> members = new HashMap<>();
      skipSpace();
      expect('{');
      skipSpace();
      if (peek() == '}') {
        at++;
      } else {
        do {
          skipSpace();
          String name = name();
          skipSpace();
          expect(':');
          skipSpace();
          int from = at;
          skipValue();
          if (members.put(name, text.substring(from, at)) != null) {
            throw new Unreadable("the answer has a name twice");
          }
          if (members.size() > MOST_MEMBERS) {
            throw new Unreadable("the answer has too many members");
          }
          skipSpace();
        } while (nextMember());
      }
      skipSpace();
      if (at != text.length()) {
        throw new Unreadable("something follows the answer");
      }
      return members;
    }

    private boolean nextMember() {
      char c = peek();
      at++;
      if (c != ',' && c != '}') {
        throw new Unreadable("the answer is not JSON");
      }
      return c == ',';
    }

    private String name() {
      int from = at + 1;
      skipString();
      String name = text.substring(from, at - 1);
      if (name.indexOf('\\') >= 0) {
        throw new Unreadable("the answer has a name with an escape");
      }
      return name;
    }

    /// Over one value, whatever it is. Brackets are only counted: whether they match is for the
    /// parser to say, once the signature has been checked.
    private void skipValue() {
      int depth = 0;
      do {
        switch (peek()) {
          case '{', '[' -> {
            depth++;
            at++;
          }
          case '}', ']' -> {
            depth--;
            at++;
          }
          case '"' -> skipString();
          default -> {
            if (depth == 0) {
              skipLiteral();
            } else {
              at++;
            }
          }
        }
      } while (depth > 0);
      if (depth < 0) {
        throw new Unreadable("the answer is not JSON");
      }
    }

    private void skipLiteral() {
      int from = at;
      while (Character.isLetterOrDigit(peek()) || "+-.".indexOf(peek()) >= 0) {
        at++;
      }
      if (at == from) {
        throw new Unreadable("the answer is not JSON");
      }
    }

    private void skipString() {
      expect('"');
      for (char c = peek(); c != '"'; c = peek()) {
        at += c == '\\' ? 2 : 1;
      }
      at++;
    }

    private void skipSpace() {
      while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private void expect(char expected) {
      if (peek() != expected) {
        throw new Unreadable("the answer is not JSON");
      }
      at++;
    }

    private char peek() {
      if (at >= text.length()) {
        throw new Unreadable("the answer ends too early");
      }
      return text.charAt(at);
    }
  }
}
