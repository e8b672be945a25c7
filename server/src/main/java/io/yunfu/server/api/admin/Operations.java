package io.yunfu.server.api.admin;

import static io.yunfu.kernel.Check.require;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// All operations that are served, area by area. The last area is the document that describes them.
public final class Operations {
  /// Where the API begins.
  public static final String BASE = "/admin/v1";

  private final List<Area> areas;
  private final List<Operation> all = new ArrayList<>();

  public Operations(List<Area> areas) {
    var described = new ArrayList<>(areas);
    described.add(new OpenApiArea(this::document));
    this.areas = List.copyOf(described);
    var ids = new HashSet<String>();
    var places = new HashSet<String>();
    for (Area area : this.areas) {
      for (Operation operation : area.operations()) {
        String id = operation.id();
        require(ids.add(id), "%s is there twice", id);
        require(id.startsWith(area.name() + "."), "%s is no operation of %s", id, area.name());
        require(
            places.add(operation.method() + " " + operation.path()),
            "%s is where another operation is",
            id);
        all.add(operation);
      }
    }
    all.sort(Comparator.comparingInt((Operation each) -> each.path().fixed()).reversed());
  }

  /// Their ids, for the figures.
  public Set<String> ids() {
    return all.stream().map(Operation::id).collect(Collectors.toUnmodifiableSet());
  }

  List<Area> areas() {
    return areas;
  }

  /// The OpenAPI document.
  ObjectNode document() {
    return new OpenApi(areas).document();
  }

  /// What stands at a path.
  ///
  /// @param values the raw texts of the path's fields
  record Found(Operation operation, List<String> values) {}

  /// All operations at a path, whatever their method; none when there is no such path.
  ///
  /// @param path raw, below [#BASE]
  List<Found> at(String path) {
    List<String> segments = List.of(path.substring(1).split("/", -1));
    return all.stream()
        .flatMap(operation ->
            operation.path().match(segments).map(values -> new Found(operation, values)).stream())
        .toList();
  }

  static Optional<Found> of(String method, List<Found> there) {
    return there.stream()
        .filter(found -> found.operation.method().name().equals(method))
        .findFirst();
  }
}
