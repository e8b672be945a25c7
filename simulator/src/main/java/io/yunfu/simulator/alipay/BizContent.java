package io.yunfu.simulator.alipay;

import io.yunfu.kernel.Money;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a call is about: the JSON of `biz_content`. Fields that nobody here knows are ignored, as
/// the channel does; an empty text is no value.
final class BizContent {
  private static final JsonMapper JSON = new JsonMapper();

  private final JsonNode object;

  private BizContent(JsonNode object) {
    this.object = object;
  }

  /// Empty if it is no JSON object.
  static Optional<BizContent> read(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      return node != null && node.isObject() ? Optional.of(new BizContent(node)) : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  static BizContent empty() {
    return new BizContent(JSON.createObjectNode());
  }

  /// @param most characters
  Optional<String> text(String name, int most) {
    JsonNode value = value(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isString() && !value.isNumber()) {
      throw new InvalidField(name, "must be a text");
    }
    String text = value.asString();
    if (text.codePointCount(0, text.length()) > most) {
      throw new InvalidField(name, "is longer than " + most + " characters");
    }
    return Optional.of(text).filter(each -> !each.isEmpty());
  }

  String needText(String name, int most) {
    return text(name, most).orElseThrow(() -> new InvalidField(name, "is missing"));
  }

  /// Yuan with up to two decimals; as a text, or as the number that some clients send.
  Optional<Money> amount(String name) {
    return text(name, 20)
        .map(text ->
            Yuan.read(text)
                .orElseThrow(
                    () -> new InvalidField(name, "must be yuan with at most two decimals")));
  }

  Money needAmount(String name) {
    return amount(name).orElseThrow(() -> new InvalidField(name, "is missing"));
  }

  /// A list of texts; one text with commas is taken for a list, as some pages write it.
  List<String> texts(String name) {
    JsonNode value = value(name);
    List<String> texts = new ArrayList<>();
    if (value == null) {
      return texts;
    }
    if (value.isString()) {
      return List.of(value.stringValue().split(",", -1));
    }
    if (!value.isArray()) {
      throw new InvalidField(name, "must be a list of texts");
    }
    for (JsonNode each : value) {
      if (!each.isString()) {
        throw new InvalidField(name, "must be a list of texts");
      }
      texts.add(each.stringValue());
    }
    return texts;
  }

  /// The objects of a list.
  List<BizContent> objects(String name) {
    JsonNode value = value(name);
    List<BizContent> objects = new ArrayList<>();
    if (value == null) {
      return objects;
    }
    if (!value.isArray()) {
      throw new InvalidField(name, "must be a list of objects");
    }
    for (JsonNode each : value) {
      if (!each.isObject()) {
        throw new InvalidField(name, "must be a list of objects");
      }
      objects.add(new BizContent(each));
    }
    return objects;
  }

  BizContent object(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return empty();
    }
    if (!value.isObject()) {
      throw new InvalidField(name, "must be an object");
    }
    return new BizContent(value);
  }

  private @Nullable JsonNode value(String name) {
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  /// Equal texts are equal contents.
  @Override
  public String toString() {
    return object.toString();
  }
}
