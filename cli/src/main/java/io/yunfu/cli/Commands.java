package io.yunfu.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The command line that the document makes: `yunfu admin AREA VERB [OPTIONS]`.
final class Commands {
  static final String NAME = "yunfu admin";
  static final String JSON = "--json";
  static final String ALL = "--all";
  static final String IDEMPOTENCY_KEY = "--idempotency-key";

  /// In characters. Descriptions of this length are read without turning the head.
  private static final int WIDTH = 100;

  private final Document document;

  Commands(Document document) {
    this.document = document;
  }

  /// @param words what was typed: options that only some of endlessly many spellings make, such as
  ///   `--big-deals.7.id`, are known as soon as they are used
  CommandLine line(List<String> words) {
    CommandSpec root = spec(NAME);
    root.usageMessage()
        .description(
            "What an operator does with Yunfu, over the admin API of a running server.",
            "",
            "Each AREA has its operations: %s AREA --help lists them, and %s AREA VERB --help tells"
                    .formatted(NAME, NAME)
                + " all about one. Help needs no server.")
        .customSynopsis(NAME + " [GENERAL OPTIONS] AREA VERB [OPTIONS]")
        .commandListHeading("%nAreas:%n")
        .footer(
            "",
            "Exit status: 0 done; 1 refused by the server; 2 wrong usage; 3 the server was not reached,"
                + " nothing has changed; 4 the outcome is not known.",
            "",
            "More: docs/operating/admin.md");
    addGeneral(root, option -> false, false);
    for (Area area : document.areas()) {
      CommandSpec areaSpec = spec(area.name());
      areaSpec
          .usageMessage()
          .description(escaped(area.about()))
          .customSynopsis("%s %s VERB [OPTIONS]".formatted(NAME, area.name()))
          .footer("", "'./%s %s VERB --help' tells all about one.".formatted(NAME, area.name()))
          .commandListHeading("%nOperations:%n");
      addGeneral(areaSpec, option -> false, true);
      for (Operation operation : area.operations()) {
        areaSpec.addSubcommand(
            operation.verb(),
            words.contains(area.name()) && words.contains(operation.verb())
                ? spec(operation, words)
                : summary(operation));
      }
      root.addSubcommand(area.name(), areaSpec);
    }
    return new CommandLine(root)
        .setExpandAtFiles(false) // a remark may begin with @
        .setPosixClusteredShortOptionsAllowed(false)
        .setInterpolateVariables(false)
        .setUsageHelpWidth(WIDTH)
        .setUsageHelpLongOptionsMaxWidth(34);
  }

  private static CommandSpec spec(String name) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.usageMessage().sortOptions(false).headerHeading("").synopsisHeading("Usage: ");
    spec.usageMessage().descriptionHeading("%n");
    return spec;
  }

  /// Enough for a list of operations. To make all options of all operations would take longer than
  /// anything else.
  private static CommandSpec summary(Operation operation) {
    CommandSpec spec = spec(operation.verb());
    spec.usageMessage().description(escaped(operation.summary()));
    return spec;
  }

  private static CommandSpec spec(Operation operation, List<String> words) {
    CommandSpec spec = spec(operation.verb());
    spec.usageMessage()
        .description(
            Stream.of(operation.summary(), operation.description())
                .filter(text -> !text.isEmpty())
                .map(Commands::escaped)
                .toArray(String[]::new))
        .customSynopsis(escaped(synopsis(operation)))
        .footer(footer(operation).stream().map(Commands::escaped).toArray(String[]::new));

    var path = new ArrayList<OptionSpec>();
    var query = new ArrayList<OptionSpec>();
    var body = new ArrayList<OptionSpec>();
    for (Target target : operation.targets()) {
      (switch (target.field().place()) {
            case PATH -> path;
            case QUERY -> query;
            case BODY -> body;
          })
          .add(option(target, target.option()).build());
    }
    if (operation.isPaged()) {
      query.add(
          OptionSpec.builder(ALL)
              .type(boolean.class)
              .description("Page after page to the last one, instead of one page.")
              .build());
    }
    if (operation.hasBody()) {
      body.add(
          text(
              JSON,
              "FILE",
              "All fields at once, as JSON; `-` reads the standard input. Options win over it."));
    }
    if (operation.repeatable()) {
      body.add(
          text(
              IDEMPOTENCY_KEY,
              "KEY",
              "To repeat a command whose outcome is not known: the key that it has shown. It is carried"
                  + " out once, however often it is sent. Made and shown by each command otherwise."));
    }
    addGroup(spec, "%nWhich one, also without its name:%n", path);
    addGroup(spec, operation.isRead() ? "%nFilters and pages:%n" : "%nOptions:%n", query);
    addGroup(spec, "%nFields:%n", body);
    addGeneral(spec, option -> operation.target(option).isPresent(), true);

    if (!path.isEmpty()) {
      spec.addPositional(
          PositionalParamSpec.builder()
              .index("0.." + (path.size() - 1))
              .arity("0.." + path.size())
              .type(List.class)
              .auxiliaryTypes(String.class)
              .hidden(true)
              .build());
    }
    for (String word : words) {
      String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
      Optional<Target> target = operation.target(name);
      if (target.isPresent() && spec.findOption(name) == null) {
        spec.addOption(option(target.get(), name).hidden(true).build());
      }
    }
    return spec;
  }

  private static OptionSpec.Builder option(Target target, String name) {
    OptionSpec.Builder option =
        OptionSpec.builder(name)
            .paramLabel(Wording.label(target))
            .description(
                Stream.concat(Stream.of(Wording.about(target)), Wording.form(target).stream())
                    .toArray(String[]::new));
    return switch (target.schema().kind()) {
      case LIST -> option.arity("1").type(List.class).auxiliaryTypes(String.class);
      case FLAG -> option.arity("0..1").type(Boolean.class).fallbackValue("true");
      default -> option.arity("1").type(String.class);
    };
  }

  private static void addGroup(CommandSpec spec, String heading, List<OptionSpec> options) {
    if (options.isEmpty()) {
      return;
    }
    ArgGroupSpec.Builder group =
        ArgGroupSpec.builder().heading(heading).validate(false).multiplicity("0..1");
    options.forEach(group::addArg);
    spec.addArgGroup(group.build());
  }

  /// They can stand before the area, before the verb and after it.
  ///
  /// @param isTaken whether an operation has a field of that name: then it can only stand before
  /// @param hidden whether help names them only by where they are explained
  private static void addGeneral(CommandSpec spec, Predicate<String> isTaken, boolean hidden) {
    var options = new ArrayList<OptionSpec>();
    for (General general : General.values()) {
      if (!isTaken.test(general.option())) {
        options.add(
            OptionSpec.builder(general.option())
                .paramLabel(general.label())
                .arity("1")
                .type(String.class)
                .description(general.about())
                .hidden(hidden)
                .build());
      }
    }
    options.add(
        OptionSpec.builder("--help", "-h")
            .type(boolean.class)
            .usageHelp(true)
            .description(
                hidden
                    ? "Shows this. General options, of server, token and output: './%s --help'."
                        .formatted(NAME)
                    : "Shows this.")
            .build());
    addGroup(spec, hidden ? "%n" : "%nGeneral options:%n", options);
  }

  private static OptionSpec text(String name, String label, String about) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .arity("1")
        .type(String.class)
        .description(about)
        .build();
  }

  private static String synopsis(Operation operation) {
    var words = new ArrayList<String>(List.of(NAME, operation.area(), operation.verb()));
    for (Field field : operation.fields(Field.Place.PATH)) {
      words.add(placeholder(field));
    }
    for (Field field : operation.fields()) {
      if (field.place() != Field.Place.PATH && field.required()) {
        Target target = Target.of(field);
        words.add(target.option() + "=" + Wording.label(target));
      }
    }
    words.add("[OPTIONS]");
    return String.join(" ", words);
  }

  private static String placeholder(Field field) {
    return FieldPath.dashed(field.name()).replace('-', '_').toUpperCase(Locale.ROOT);
  }

  private static List<String> footer(Operation operation) {
    var lines = new ArrayList<String>();
    operation
        .example()
        .filter(example -> !example.isEmpty())
        .ifPresent(example -> {
          lines.add("");
          lines.add("Example:");
          lines.add("");
          lines.addAll(example(operation, RequestBuilder.options(operation, example)));
        });
    if (!operation.refusals().isEmpty()) {
      lines.add("");
      lines.add("Besides what every operation may answer, it may be refused with:");
      operation.refusals().forEach(line -> lines.add("  " + line));
    }
    return lines;
  }

  /// A command that a shell understands, no line of it broken where it must not be.
  private static List<String> example(Operation operation, List<String> options) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder("  ./" + NAME + " " + operation.area() + " " + operation.verb());
    for (Field field : operation.fields(Field.Place.PATH)) {
      line.append(' ').append(placeholder(field));
    }
    for (String option : options) {
      String word = RequestBuilder.quoted(option);
      if (line.length() + word.length() + 3 > WIDTH) {
        lines.add(line.append(" \\").toString());
        line = new StringBuilder("     ");
      }
      line.append(' ').append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /// picocli formats what it is told to say, except of options.
  private static String escaped(String text) {
    return text.replace("%", "%%");
  }
}
