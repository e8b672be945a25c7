package io.yunfu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What holds for every operation of the document, whichever there are.
class DocumentTest {
  private static final Document DOCUMENT = Document.bundled();

  @TempDir Path directory;

  @Test
  void every_operation_of_the_document_is_a_command() throws IOException {
    JsonNode json =
        Json.MAPPER.readTree(Files.readString(Path.of("..", "docs", "api", "admin.openapi.json")));
    var ids = json.path("paths").valueStream().flatMap(JsonNode::valueStream).toList();
    assertThat(DOCUMENT.operations().stream().map(Operation::id))
        .hasSizeGreaterThan(60)
        .containsExactlyInAnyOrderElementsOf(
            ids.stream().map(each -> each.path("operationId").asString()).toList());
  }

  @Test
  void every_operation_has_help_that_needs_no_server_and_names_each_of_its_fields() {
    for (Operation operation : DOCUMENT.operations()) {
      var ended = new Typed().run(operation.area(), operation.verb(), "--help");
      assertThat(ended.status()).as(operation.id()).isZero();
      assertThat(ended.err()).isEmpty();
      assertThat(ended.out())
          .startsWith("Usage: yunfu admin %s %s".formatted(operation.area(), operation.verb()));
      String flowing = ended.out().replaceAll("\\s+", " ");
      assertThat(flowing).contains(operation.summary());
      for (Target target : operation.targets()) {
        assertThat(flowing).as(operation.id()).contains(target.option());
        assertThat(flowing.replace(" ", "")).contains(target.about().replace(" ", ""));
      }
    }
  }

  /// picocli formats some of what it is told to say.
  @Test
  void help_says_what_the_document_says_to_the_letter() {
    String odd = "5% of %s, %n, ${user.name}";
    String document =
        """
        {"servers": [{"url": "/admin/v1"}], "tags": [{"name": "things", "description": "A ODD"}],
         "paths": {"/things": {"post": {"operationId": "things.make", "summary": "B ODD",
          "description": "C ODD",
          "parameters": [{"name": "q", "in": "query", "description": "D ODD", "schema": {"type": "string"}}],
          "requestBody": {"content": {"application/json": {"example": {"f": "E ODD"},
           "schema": {"properties": {"f": {"type": "string", "default": "F ODD", "description": "G ODD",
            "enum": ["H ODD"]}}}}}},
          "responses": {"400": {"description": "I ODD", "x-codes": ["X"]}}}}}}
        """;
    var things = Document.of(Json.MAPPER.readTree(document.replace("ODD", odd)));
    String all =
        new Typed(things).run("--help").out()
            + new Typed(things).run("things", "--help").out()
            + new Typed(things).run("things", "make", "--help").out();
    assertThat(all.replaceAll("\\s+", " "))
        .contains(Stream.of("ABCDEFGHI".split("")).map(letter -> letter + " " + odd).toList());
  }

  @Test
  void every_area_lists_its_operations() {
    String areas = new Typed().run("--help").out();
    for (Area area : DOCUMENT.areas()) {
      assertThat(areas).contains("  " + area.name() + " ");
      String operations = new Typed().run(area.name(), "--help").out().replaceAll("\\s+", " ");
      assertThat(area.operations()).isNotEmpty();
      for (Operation operation : area.operations()) {
        assertThat(operations).contains(operation.verb() + " " + operation.summary());
      }
    }
  }

  /// A field that took the name of a general option could be mistaken for it.
  @Test
  void no_field_has_the_name_of_another_option() {
    List<String> others =
        Stream.concat(
                Stream.of(Commands.JSON, Commands.ALL, Commands.IDEMPOTENCY_KEY, "--help"),
                Stream.of(General.values()).map(General::option))
            .toList();
    for (Operation operation : DOCUMENT.operations()) {
      assertThat(operation.targets().stream().map(Target::option))
          .as(operation.id())
          .doesNotHaveDuplicates()
          .doesNotContainAnyElementsOf(others);
    }
  }

  @Test
  void every_example_typed_as_help_shows_it_is_sent_as_the_document_has_it() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "0123456789abcdefg\n");
    try (var server = new FakeServer()) {
      for (Operation operation : DOCUMENT.operations()) {
        if (operation.example().isPresent()) {
          requireAsTheDocumentHasIt(operation, server, secret);
        }
      }
      assertThat(server.received()).hasSizeGreaterThan(15);
    }
  }

  private static void requireAsTheDocumentHasIt(
      Operation operation, FakeServer server, Path secret) {
    var example = (ObjectNode) operation.example().orElseThrow();
    var words = new ArrayList<>(List.of(operation.area(), operation.verb()));
    for (Field field : operation.fields(Field.Place.PATH)) {
      words.add(fitting(field));
    }
    for (String option : RequestBuilder.options(operation, example)) {
      words.add(option.replace("-file=FILE", "-file=" + secret));
    }
    var ended = Typed.at(server).run(words);
    assertThat(ended.status()).as("%s: %s", words, ended.err()).isZero();
    JsonNode sent = Json.MAPPER.readTree(server.last().body());
    ObjectNode expected = example.deepCopy();
    for (Field field : operation.fields()) {
      if (field.schema().isSecret() && expected.has(field.name())) {
        expected.put(field.name(), "0123456789abcdefg");
      }
    }
    assertThat(sent).as(operation.id()).isEqualTo(expected);
  }

  @Test
  void every_operation_goes_to_its_own_address_with_its_own_method() {
    var addresses = new HashMap<String, String>();
    try (var server = new FakeServer()) {
      for (Operation operation : DOCUMENT.operations()) {
        var words = new ArrayList<>(List.of(operation.area(), operation.verb()));
        operation
            .fields(Field.Place.PATH)
            .forEach(field -> words.add(Target.of(field).option() + "=" + fitting(field)));
        if (operation.hasBody()) {
          words.add("--json=-");
        }
        JsonNode example = operation.example().orElse(Json.MAPPER.createObjectNode());
        var ended = Typed.at(server).input(example.toString()).run(words);
        assertThat(ended.status()).as("%s: %s", words, ended.err()).isZero();
        var sent = server.last();
        assertThat(sent.method()).isEqualTo(operation.method());
        String expected = operation.path();
        for (Field field : operation.fields(Field.Place.PATH)) {
          expected = expected.replace("{" + field.name() + "}", fitting(field));
        }
        assertThat(sent.target()).isEqualTo("/admin/v1" + expected);
        assertThat(sent.idempotencyKey().isPresent()).isEqualTo(operation.repeatable());
        assertThat(sent.body().isEmpty()).isEqualTo(!operation.hasBody());
        assertThat(addresses.put(sent.method() + " " + sent.target(), operation.id())).isNull();
      }
    }
  }

  /// A value for a field of the path.
  private static String fitting(Field field) {
    return Stream.of("100001", "abc", "a-1")
        .filter(value ->
            field.schema().pattern().map(form -> form.matcher(value).matches()).orElse(true))
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing fits " + field));
  }
}
