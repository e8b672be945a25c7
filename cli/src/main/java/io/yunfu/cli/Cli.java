package io.yunfu.cli;

import java.io.InputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.JsonNode;

/// `yunfu admin`: understands what was typed, asks the server, shows what it answers.
final class Cli {
  private static final int OK = 0;

  /// Nothing has changed, and the server says why.
  private static final int REFUSED = 1;

  /// Nothing was sent.
  private static final int USAGE = 2;

  /// Nothing has changed; it may be tried again.
  private static final int NOT_REACHED = 3;

  /// Something may have changed, or what has come of it could not be shown.
  private static final int UNKNOWN = 4;

  private final Document document;
  private final Map<String, String> environment;
  private final Inputs inputs;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean terminal;
  private final Supplier<String> keys;

  /// @param environment the variables of the process
  /// @param terminal whether a person reads `out`
  /// @param keys makes idempotency keys, a new one each time
  Cli(
      Document document,
      Map<String, String> environment,
      InputStream in,
      PrintWriter out,
      PrintWriter err,
      boolean terminal,
      Supplier<String> keys) {
    this.document = document;
    this.environment = Map.copyOf(environment);
    this.inputs = new Inputs(in);
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.keys = keys;
  }

  /// Carries out one command line.
  ///
  /// @return the exit status
  int run(String... words) {
    List<String> typed = List.of(words);
    int status =
        new Commands(document)
            .line(typed)
            .setOut(out)
            .setErr(err)
            .setParameterExceptionHandler((e, all) -> misused(e))
            .setExecutionExceptionHandler((e, line, result) -> {
              if (e instanceof Misused misused) {
                say(String.valueOf(misused.getMessage()));
                err.println(hint(result.commandSpec().qualifiedName()));
                return USAGE;
              }
              throw e;
            })
            .setExecutionStrategy(result -> {
              Integer help = CommandLine.executeHelpRequest(result);
              return help == null ? carryOut(result, typed) : help;
            })
            .execute(words);
    err.flush();
    if (out.checkError()) {
      say("The answer could not be written.");
      err.flush();
      return status == OK ? UNKNOWN : status;
    }
    return status;
  }

  private int misused(CommandLine.ParameterException e) {
    say(String.valueOf(e.getMessage()));
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    err.println(hint(e.getCommandLine().getCommandSpec().qualifiedName()));
    return USAGE;
  }

  private static String hint(String command) {
    return "'./%s --help' tells more.".formatted(command);
  }

  private int carryOut(ParseResult root, List<String> typed) {
    List<ParseResult> levels = levels(root);
    if (levels.size() < 3) {
      ParseResult last = levels.getLast();
      throw new CommandLine.ParameterException(
          last.commandSpec().commandLine(),
          levels.size() == 1 ? "An area is missing, such as accounts." : "A verb is missing.");
    }
    ParseResult given = levels.getLast();
    Operation operation =
        document
            .area(levels.get(1).commandSpec().name())
            .flatMap(area ->
                area.operations().stream()
                    .filter(each -> each.verb().equals(given.commandSpec().name()))
                    .findFirst())
            .orElseThrow();
    try {
      return carryOut(operation, levels, typed);
    } catch (Misused e) {
      // With the command's own help to point to.
      throw new CommandLine.ParameterException(
          given.commandSpec().commandLine(), String.valueOf(e.getMessage()));
    }
  }

  private int carryOut(Operation operation, List<ParseResult> levels, List<String> typed) {
    levels.forEach(Cli::requireOnce);
    ParseResult given = levels.getLast();
    boolean all = operation.isPaged() && given.matchedOptionValue(Commands.ALL, false);
    var builder = new RequestBuilder(operation);
    String file = given.matchedOptionValue(Commands.JSON, "");
    if (!file.isEmpty()) {
      builder.body(inputs.text(Commands.JSON, file));
    }
    given.matchedPositionals().forEach(each -> each.stringValues().forEach(builder::position));
    // One that was given several times is there several times, each time with all its values.
    for (OptionSpec option : new LinkedHashSet<>(given.matchedOptions())) {
      set(builder, operation, option);
    }
    String own = given.matchedOptionValue(Commands.IDEMPOTENCY_KEY, "");
    Optional<String> key =
        operation.repeatable() ? Optional.of(own.isEmpty() ? keys.get() : own) : Optional.empty();
    if (all && !given.hasMatchedOption("--limit")) {
      mostAtOnce(operation)
          .ifPresent(most ->
              builder.set(most, List.of(most.schema().bound("maximum").orElseThrow().asString())));
    }
    Request request = builder.build(key);
    Settings settings =
        Settings.of(
            general -> general(operation, levels, general),
            environment,
            inputs,
            terminal,
            document.base());
    if (key.isPresent() && own.isEmpty()) {
      // Before it is sent: whoever interrupts it can still repeat it.
      err.println("Idempotency key: " + key.get());
      err.flush();
    }
    var client = new AdminClient(settings, document.base());
    return operation.isPaged()
        ? pages(client, request, all, settings.format())
        : one(client, request, settings.format(), typed);
  }

  /// picocli sees to that only outside of groups.
  private static void requireOnce(ParseResult level) {
    var seen = new HashSet<OptionSpec>();
    for (OptionSpec option : level.matchedOptions()) {
      if (!seen.add(option) && !option.isMultiValue()) {
        throw new Misused(option.longestName() + " is given twice.");
      }
    }
  }

  /// The results of root, area and verb, as far as they were given.
  private static List<ParseResult> levels(ParseResult root) {
    var levels = new ArrayList<ParseResult>();
    for (ParseResult at = root; at != null; at = at.subcommand()) {
      levels.add(at);
    }
    return levels;
  }

  /// The innermost wins; beside a field of the same name it can only stand further out.
  private static Optional<String> general(
      Operation operation, List<ParseResult> levels, General general) {
    boolean isField = operation.target(general.option()).isPresent();
    for (ParseResult level : (isField ? levels.subList(0, 2) : levels).reversed()) {
      @Nullable String value = level.matchedOptionValue(general.option(), (String) null);
      if (value != null) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  private void set(RequestBuilder builder, Operation operation, OptionSpec option) {
    String name = option.longestName();
    Optional<Target> target = operation.target(name);
    if (target.isPresent()) {
      // What an option without a value means is only in its typed value.
      List<String> values = option.typedValues().stream().flatMap(Cli::texts).toList();
      builder.set(
          target.get(),
          target.get().isSecret() ? List.of(inputs.secret(name, values.getFirst())) : values);
    } else if (Arrays.asList(name.split("\\.", -1)).contains("N")) {
      throw new Misused(name + ": put numbers from 0 on in place of N.");
    }
  }

  private static Stream<String> texts(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf)
        : Stream.of(String.valueOf(value));
  }

  private static Optional<Target> mostAtOnce(Operation operation) {
    return operation.target("--limit").filter(limit -> limit.schema().bound("maximum").isPresent());
  }

  private int one(AdminClient client, Request request, Settings.Format format, List<String> typed) {
    return switch (client.send(request)) {
      case Answer.Done(JsonNode json) -> {
        switch (format) {
          case TABLE -> Table.printOne(out, json);
          case JSON -> out.println(Json.indented(json));
          case JSONL -> out.println(Json.compact(json));
        }
        yield OK;
      }
      case Answer.Refused refused -> refused(refused);
      case Answer.NotReached(String why) -> notReached(why);
      case Answer.Unknown(String why) -> unknown(why, request, typed);
    };
  }

  private int pages(AdminClient client, Request first, boolean all, Settings.Format format) {
    var pages = new Pages(out, format, first.operation().columns(), all);
    Request request = first;
    while (true) {
      switch (client.send(request)) {
        case Answer.Done(JsonNode page) -> {
          pages.print(page);
          String next = page.path("next").asString("");
          if (next.isEmpty() || !all || out.checkError()) {
            pages.end();
            if (!next.isEmpty() && format != Settings.Format.JSON) {
              err.println("There is more: --all, or --cursor=" + RequestBuilder.quoted(next));
            }
            return OK;
          }
          request = first.at(next);
        }
        case Answer.Refused refused -> {
          return refused(refused);
        }
        case Answer.NotReached(String why) -> {
          return notReached(why);
        }
        case Answer.Unknown(String why) -> {
          return notReached(why); // a list changes nothing
        }
      }
    }
  }

  private int refused(Answer.Refused refused) {
    say(refused.message());
    refused.mistakes().stream()
        .filter(mistake -> !mistake.equals(refused.message()))
        .forEach(mistake -> err.println("  " + Table.harmless(mistake)));
    var more = new ArrayList<String>();
    more.add(refused.code());
    if (!refused.field().isEmpty()) {
      more.add("field " + refused.field());
    }
    if (!refused.requestId().isEmpty()) {
      more.add("request " + refused.requestId());
    }
    err.println("  (" + Table.harmless(String.join(", ", more)) + ")");
    return REFUSED;
  }

  private int notReached(String why) {
    say(why);
    err.println("Nothing has changed.");
    return NOT_REACHED;
  }

  private int unknown(String why, Request request, List<String> typed) {
    say(why);
    err.println("Whether it was carried out is not known.");
    if (request.idempotencyKey().isPresent()) {
      err.println(
          "Repeat it with the same key, within 30 days: it is carried out once, however often it is"
              + " sent.");
      err.println("  " + repeated(typed, request.idempotencyKey().get()));
    } else if (request.operation().method().equals("POST")) {
      err.println("Look before you repeat it: a second time may make a second one.");
    } else {
      err.println(
          "It can be repeated as it was: it sets what is said, and no more the second time.");
    }
    return UNKNOWN;
  }

  /// The same command with its key.
  private static String repeated(List<String> typed, String key) {
    Stream<String> words =
        typed.stream().anyMatch(word -> word.startsWith(Commands.IDEMPOTENCY_KEY))
            ? typed.stream()
            : Stream.concat(typed.stream(), Stream.of(Commands.IDEMPOTENCY_KEY + "=" + key));
    return "./" + Commands.NAME + " " + RequestBuilder.quoted(words.collect(Collectors.toList()));
  }

  private void say(String text) {
    err.println("yunfu: " + Table.harmless(text));
  }
}
