package io.yunfu.cli;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What has become of a request.
sealed interface Answer {
  record Done(JsonNode json) implements Answer {}

  /// The server said no, and nothing has changed.
  ///
  /// @param code the same in all languages
  /// @param message a sentence in the language that was asked for
  /// @param field the path of the field to blame, or empty
  /// @param mistakes all that is wrong, if there is more to say than the message
  /// @param requestId finds the line of the server's log
  record Refused(String code, String message, String field, List<String> mistakes, String requestId)
      implements Answer {
    public Refused {
      mistakes = List.copyOf(mistakes);
    }
  }

  /// Nothing has changed: it was not sent, or it only asked.
  record NotReached(String why) implements Answer {}

  /// It may have been carried out, or may be yet.
  record Unknown(String why) implements Answer {}

  /// What a whole answer of HTTP means.
  ///
  /// @param read whether the request was one that changes nothing
  static Answer of(int status, String body, boolean read, String server) {
    JsonNode json;
    try {
      json = Json.MAPPER.readTree(body);
    } catch (JacksonException e) {
      return foreign(status, read, server);
    }
    JsonNode error = json.path("error");
    if (status / 100 == 2 && json.isObject()) {
      return new Done(json);
    }
    if (status < 400 || !error.path("code").isString() || !error.path("message").isString()) {
      return foreign(status, read, server);
    }
    if (error.path("code").asString().equals("OutcomeUnknown")) {
      return new Unknown(error.path("message").asString());
    }
    return new Refused(
        error.path("code").asString(),
        error.path("message").asString(),
        error.path("field").asString(""),
        error
            .path("mistakes")
            .valueStream()
            .map(each -> each.path("message").asString(""))
            .toList(),
        error.path("requestId").asString(""));
  }

  /// Somebody else has answered: another program, or a proxy whose server has gone.
  private static Answer foreign(int status, boolean read, String server) {
    String why =
        "What answered at %s with status %d is not the admin API; is --server right?"
            .formatted(server, status);
    boolean maybe = !read && (status / 100 == 2 || status >= 500);
    return maybe ? new Unknown(why) : new NotReached(why);
  }
}
