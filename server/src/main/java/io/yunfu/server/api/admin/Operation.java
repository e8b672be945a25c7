package io.yunfu.server.api.admin;

import static io.yunfu.kernel.Check.require;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One operation of the admin API, declared once: routing, the checks of a request and the OpenAPI
/// document all come from here.
///
///     Operation.get("accounts.get", "/accounts/{uin}", "Shows an account.")
///         .path(UIN)
///         .refuses(NO_SUCH_ACCOUNT)
///         .answers(ACCOUNT)
///         .by(call -> …)
public final class Operation {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// How a request is made.
  enum Method {
    GET,
    POST,
    PUT,
    PATCH,
    DELETE;

    boolean mayHaveBody() {
      return this == POST || this == PUT || this == PATCH;
    }
  }

  private final Draft declared;
  private final int status;
  private final Function<Components, ObjectNode> answer;
  private final boolean paged;
  private final List<String> columns;
  private final Function<Call, JsonNode> handler;

  private Operation(
      Draft declared,
      int status,
      Function<Components, ObjectNode> answer,
      boolean paged,
      List<String> columns,
      Function<Call, JsonNode> handler) {
    this.declared = declared;
    this.status = status;
    this.answer = answer;
    this.paged = paged;
    this.columns = List.copyOf(columns);
    this.handler = handler;
  }

  /// Reads.
  static Draft get(String id, String path, String summary) {
    return new Draft(id, Method.GET, path, summary);
  }

  /// Makes something new, or carries out a step.
  static Draft post(String id, String path, String summary) {
    return new Draft(id, Method.POST, path, summary);
  }

  /// Sets something to what is said; repeating it changes nothing more.
  static Draft put(String id, String path, String summary) {
    return new Draft(id, Method.PUT, path, summary);
  }

  /// Changes what is said and leaves the rest.
  static Draft patch(String id, String path, String summary) {
    return new Draft(id, Method.PATCH, path, summary);
  }

  /// Ends something.
  static Draft delete(String id, String path, String summary) {
    return new Draft(id, Method.DELETE, path, summary);
  }

  /// A declaration that is under way. Each step changes this draft.
  static final class Draft {
    private final String id;
    private final Method method;
    private final PathTemplate path;
    private final String summary;
    private String description = "";
    private final List<Field<?>> pathFields = new ArrayList<>();
    private final List<Field<?>> query = new ArrayList<>();
    private final List<Field<?>> body = new ArrayList<>();
    private Optional<ObjectNode> example = Optional.empty();
    private final List<ErrorCode> refusals = new ArrayList<>();
    private boolean repeatable;

    private Draft(String id, Method method, String path, String summary) {
      require(id.matches("[a-z][a-z-]*\\.[a-z][a-z-]*"), "not an id of an operation: %s", id);
      require(summary.endsWith("."), "%s: a summary is a sentence", id);
      this.id = id;
      this.method = method;
      this.path = PathTemplate.parse(path);
      this.summary = summary;
    }

    /// More than the summary says.
    Draft about(String text) {
      description = text;
      return this;
    }

    /// The fields of the path, in its order.
    Draft path(Field<?>... fields) {
      pathFields.addAll(List.of(fields));
      return this;
    }

    Draft query(Field<?>... fields) {
      query.addAll(List.of(fields));
      return this;
    }

    Draft body(Field<?>... fields) {
      require(method.mayHaveBody(), "%s: %s has no body", id, method);
      body.addAll(List.of(fields));
      return this;
    }

    /// A body that a person can start from.
    Draft example(String json) {
      example = Optional.of((ObjectNode) JSON.readTree(json));
      return this;
    }

    /// What it may answer besides the errors that every operation has.
    Draft refuses(ErrorCode... codes) {
      refusals.addAll(List.of(codes));
      return this;
    }

    /// Takes an `Idempotency-Key`: repeated with the same one, it gives the first answer again.
    Draft repeatable() {
      repeatable = true;
      return refuses(Errors.KEY_REUSED);
    }

    <T> Answering<T> answers(Shown<T> form) {
      return new Answering<>(this, 200, form);
    }

    /// The same with status 201: something new is there.
    <T> Answering<T> creates(Shown<T> form) {
      return new Answering<>(this, 201, form);
    }

    /// A list, page by page.
    ///
    /// @param cursor where a page goes on
    /// @param position of an item
    /// @param columns the properties that a table for people shows
    <T, P> Paging<T, P> pages(
        Form<T> items, Cursor<P> cursor, Function<T, P> position, String... columns) {
      for (String column : columns) {
        require(items.has(column), "%s: its items have no %s", id, column);
      }
      query(Paging.LIMIT, Paging.CURSOR);
      return new Paging<>(this, items, cursor, position, List.of(columns));
    }

    private Operation finish(
        int status,
        Function<Components, ObjectNode> answer,
        boolean paged,
        List<String> columns,
        Function<Call, JsonNode> handler) {
      require(
          pathFields.stream().map(Field::name).toList().equals(path.names()),
          "%s: the fields of the path are not those of %s",
          id,
          path);
      var names = new HashSet<String>();
      fields()
          .forEach(field ->
              require(names.add(field.name()), "%s: two fields are named %s", id, field.name()));
      require(
          refusals.stream().noneMatch(Errors.COMMON::contains),
          "%s: the common errors need not be said",
          id);
      return new Operation(this, status, answer, paged, columns, handler);
    }

    private List<Field<?>> fields() {
      var all = new ArrayList<Field<?>>(pathFields);
      all.addAll(query);
      all.addAll(body);
      return all;
    }
  }

  /// A draft whose answer is known.
  static final class Answering<T> {
    private final Draft draft;
    private final int status;
    private final Shown<T> form;

    private Answering(Draft draft, int status, Shown<T> form) {
      this.draft = draft;
      this.status = status;
      this.form = form;
    }

    /// Carries it out.
    ///
    /// @param handler throws [Refused] for an error
    Operation by(Function<Call, T> handler) {
      return draft.finish(
          status, form::schema, false, List.of(), call -> form.json(handler.apply(call)));
    }
  }

  /// A draft of a list.
  static final class Paging<T, P> {
    static final int MOST = 500;
    private static final int USUAL = 50;

    static final Field.Must<Integer> LIMIT =
        Field.must("limit", Types.int32(1, MOST), "How many items a page has at most.").or(USUAL);

    static final Field.May<String> CURSOR =
        Field.may(
            "cursor",
            Types.text(1, 300),
            "Where to go on: the `next` of the page before. Without it, the first page.");

    private static final Text NO_CURSOR = new Text("is no cursor of this list", "不是该列表的游标");

    private final Draft draft;
    private final Form<T> items;
    private final Cursor<P> cursor;
    private final Function<T, P> position;
    private final List<String> columns;

    private Paging(
        Draft draft,
        Form<T> items,
        Cursor<P> cursor,
        Function<T, P> position,
        List<String> columns) {
      this.draft = draft;
      this.items = items;
      this.cursor = cursor;
      this.position = position;
      this.columns = columns;
    }

    /// What part of the list is asked for.
    ///
    /// @param after the position of the last item of the page before
    /// @param limit how many to find: one more than is shown, to know whether there are more
    record Part<P>(Optional<P> after, int limit) {}

    Operation by(BiFunction<Call, Part<P>, List<T>> handler) {
      return draft.finish(200, this::schema, true, columns, call -> page(call, handler));
    }

    private ObjectNode page(Call call, BiFunction<Call, Part<P>, List<T>> handler) {
      int limit = call.get(LIMIT);
      Optional<P> after =
          call.get(CURSOR)
              .map(text ->
                  cursor.read(text).orElseThrow(() -> call.given().wrong(CURSOR, NO_CURSOR)));
      List<T> found = handler.apply(call, new Part<>(after, limit + 1));
      List<T> shown = found.size() > limit ? found.subList(0, limit) : found;
      ObjectNode page = JsonNodeFactory.instance.objectNode();
      ArrayNode list = page.putArray("items");
      shown.forEach(item -> list.add(items.json(item)));
      if (found.size() > limit) {
        page.put("next", cursor.write(position.apply(shown.getLast())));
      }
      return page;
    }

    private ObjectNode schema(Components components) {
      ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
      ObjectNode properties = schema.putObject("properties");
      properties
          .putObject("items")
          .put("type", "array")
          .put("maxItems", MOST)
          .set("items", items.schema(components));
      properties
          .putObject("next")
          .put("type", "string")
          .put("description", "The `cursor` of the next page; absent on the last one.");
      schema.putArray("required").add("items");
      return schema;
    }
  }

  /// `accounts.open`: the area and the verb.
  public String id() {
    return declared.id;
  }

  Method method() {
    return declared.method;
  }

  PathTemplate path() {
    return declared.path;
  }

  String summary() {
    return declared.summary;
  }

  /// May be empty.
  String description() {
    return declared.description;
  }

  List<Field<?>> pathFields() {
    return declared.pathFields;
  }

  List<Field<?>> query() {
    return declared.query;
  }

  List<Field<?>> body() {
    return declared.body;
  }

  Optional<ObjectNode> example() {
    return declared.example;
  }

  boolean isRepeatable() {
    return declared.repeatable;
  }

  /// Its own errors, besides the common ones.
  Set<ErrorCode> refusals() {
    return Set.copyOf(declared.refusals);
  }

  /// Of a success.
  int status() {
    return status;
  }

  ObjectNode answerSchema(Components components) {
    return answer.apply(components);
  }

  boolean isPaged() {
    return paged;
  }

  List<String> columns() {
    return columns;
  }

  JsonNode run(Call call) {
    return handler.apply(call);
  }

  @Override
  public String toString() {
    return id();
  }
}
