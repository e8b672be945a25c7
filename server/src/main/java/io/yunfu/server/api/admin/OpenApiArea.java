package io.yunfu.server.api.admin;

import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// The description of the API, which is as little open as the rest of it.
final class OpenApiArea implements Area {
  private final Supplier<? extends JsonNode> document;

  OpenApiArea(Supplier<? extends JsonNode> document) {
    this.document = document;
  }

  @Override
  public String name() {
    return "openapi";
  }

  @Override
  public String about() {
    return "The description of this API.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.get("openapi.get", "/openapi.json", "Shows this API as an OpenAPI 3.1 document.")
            .answers(Types.JSON_OBJECT)
            .by(call -> document.get()));
  }
}
