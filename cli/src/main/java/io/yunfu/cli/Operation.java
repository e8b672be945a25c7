package io.yunfu.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One operation of the API.
///
/// @param id such as `accounts.open`: its area and its verb
/// @param method of HTTP
/// @param path such as `/accounts/{uin}`, below the API's base
/// @param fields all that it can be told, the body's at the top only
/// @param hasBody whether it takes one at all
/// @param repeatable whether it takes an idempotency key
/// @param example a body to start from
/// @param columns of a list, what to show of each item; empty if it is no list
/// @param refusals why it may be refused, a line each
record Operation(
    String id,
    String method,
    String path,
    String summary,
    String description,
    List<Field> fields,
    boolean hasBody,
    boolean repeatable,
    Optional<JsonNode> example,
    List<String> columns,
    List<String> refusals) {
  Operation {
    fields = List.copyOf(fields);
    columns = List.copyOf(columns);
    refusals = List.copyOf(refusals);
  }

  String area() {
    return id.substring(0, id.indexOf('.'));
  }

  String verb() {
    return id.substring(id.indexOf('.') + 1);
  }

  /// Whether it changes nothing.
  boolean isRead() {
    return method.equals("GET");
  }

  boolean isPaged() {
    return !columns.isEmpty();
  }

  List<Field> fields(Field.Place place) {
    return fields.stream().filter(field -> field.place() == place).toList();
  }

  /// Every option that help shows; in place of an index stands `N`.
  List<Target> targets() {
    var targets = new ArrayList<Target>();
    for (Field field : fields) {
      collect(Target.of(field), targets);
    }
    return targets;
  }

  private static void collect(Target target, List<Target> targets) {
    targets.add(target);
    Schema inside = target.schema();
    FieldPath path = target.path();
    if (inside.kind() == Schema.Kind.LIST && inside.items().kind() == Schema.Kind.STRUCTURE) {
      inside = inside.items();
      path = path.with("N");
    }
    for (Map.Entry<String, Schema> part : inside.properties().entrySet()) {
      collect(part(target.field(), inside, path, part.getKey(), part.getValue()), targets);
    }
  }

  private static Target part(
      Field field, Schema structure, FieldPath path, String name, Schema schema) {
    return new Target(
        field, path.with(name), schema, schema.about(), structure.required().contains(name));
  }

  /// What an option means, in either spelling: `--big-deals.0.pay-until`, `--bigDeals.0.payUntil`.
  ///
  /// @return nothing if the operation has no such field
  Optional<Target> target(String option) {
    if (!option.startsWith("--")) {
      return Optional.empty();
    }
    String[] steps = option.substring(2).split("\\.", -1);
    Target target = null;
    for (int i = 0; i < steps.length; i++) {
      target = i == 0 ? field(steps[i]) : step(target, steps[i]);
      if (target == null) {
        return Optional.empty();
      }
    }
    return Optional.ofNullable(target)
        .filter(found -> !found.isSecret() || option.endsWith(Target.FILE));
  }

  private @Nullable Target field(String name) {
    for (Field field : fields) {
      if (isCalled(field.name(), field.schema(), name)) {
        return Target.of(field);
      }
    }
    return null;
  }

  private static @Nullable Target step(@Nullable Target target, String step) {
    if (target == null) {
      return null;
    }
    Schema schema = target.schema();
    if (schema.kind() == Schema.Kind.LIST) {
      boolean fits = FieldPath.isIndex(step) && Integer.parseInt(step) < schema.mostItems();
      return fits
          ? new Target(
              target.field(), target.path().with(step), schema.items(), target.about(), false)
          : null;
    }
    for (Map.Entry<String, Schema> part : schema.properties().entrySet()) {
      if (isCalled(part.getKey(), part.getValue(), step)) {
        return part(target.field(), schema, target.path(), part.getKey(), part.getValue());
      }
    }
    return null;
  }

  private static boolean isCalled(String name, Schema schema, String spelt) {
    String plain =
        schema.isSecret() && spelt.endsWith(Target.FILE)
            ? spelt.substring(0, spelt.length() - Target.FILE.length())
            : spelt;
    return plain.equals(name) || plain.equals(FieldPath.dashed(name));
  }
}
