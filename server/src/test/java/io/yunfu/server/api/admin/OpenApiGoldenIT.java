package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.TestDatabase;
import io.yunfu.testkit.Golden;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The document in `docs/api` is the one that is served. `-Dgolden.update=true` writes it anew. The
/// command line is built from that file, so it cannot lack an operation either.
class OpenApiGoldenIT {
  private static final Path FILE = Golden.source("docs/api/admin.openapi.json");

  @Test
  void the_document_is_the_one_in_the_docs() {
    try (var world = new AdminWorld(TestDatabase.cells(1), Map.of())) {
      String served = world.get("/openapi.json").text();
      if (Golden.isUpdating()) {
        Golden.write(FILE, Golden.indented(served));
      }
      assertThat(served).isEqualTo(Golden.compact(Golden.read(FILE)));
    }
  }

  @Test
  void every_example_fits_its_operation() {
    try (var world = new AdminWorld(TestDatabase.cells(1), Map.of())) {
      var schema = new JsonSchema(world.document);
      for (JsonNode path : world.document.get("paths")) {
        for (JsonNode operation : path) {
          if (operation.has("requestBody")) {
            JsonNode content = operation.at("/requestBody/content/application~1json");
            assertThat(content.has("example")).as(operation.get("operationId").asString()).isTrue();
            schema.require(content.get("example"), content.get("schema"));
          }
        }
      }
    }
  }
}
