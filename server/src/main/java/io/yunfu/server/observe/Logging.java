package io.yunfu.server.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.yunfu.server.config.Configuration;
import java.time.Duration;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sets logging up in code: no file is looked for and no class path searched. Logback finds this
/// class by itself at the first logger (`META-INF/services`) and logs JSON from `INFO` on until
/// {@link #configure} says otherwise.
public final class Logging extends ContextAwareBase implements Configurator {
  /// Libraries that say much at `INFO` that no operator needs.
  private static final Map<String, Level> LIBRARIES =
      Map.of(
          "org.eclipse.jetty", Level.WARN,
          "com.zaxxer.hikari", Level.WARN,
          // What they say of a database that is away is said by our own code, in one line.
          "com.zaxxer.hikari.pool.ProxyConnection", Level.ERROR,
          "com.zaxxer.hikari.pool.PoolBase", Level.ERROR,
          "org.flywaydb", Level.WARN,
          "org.postgresql", Level.WARN,
          "io.opentelemetry", Level.WARN,
          "io.micrometer", Level.WARN);

  private static final Duration LAST_LINES = Duration.ofSeconds(2);

  @SuppressWarnings("SystemOut") // standard output is where the lines go
  private static final LogLines LINES = new LogLines(() -> System.out);

  /// For logback.
  public Logging() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    LINES.setContext(context);
    LINES.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(LINES);
    root.setLevel(Level.INFO);
    LIBRARIES.forEach((name, level) -> context.getLogger(name).setLevel(level));
    Runtime.getRuntime().addShutdownHook(new Thread(Logging::flush, "last-log-lines"));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /// Takes the operator's wishes. Libraries follow a level below `INFO` only up to it, since their
  /// finer lines may hold what nobody should read.
  public static void configure(Configuration.Log settings) {
    LINES.format(
        switch (settings.format()) {
          case JSON -> LineFormat.JSON;
          case TEXT -> LineFormat.TEXT;
        });
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Level level = Level.toLevel(settings.level().name());
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level);
    LIBRARIES.forEach((name, least) ->
        context.getLogger(name).setLevel(level.isGreaterOrEqual(least) ? level : least));
    java.util.logging.Logger root = LogManager.getLogManager().getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(new Bridge());
  }

  /// Waits, within reason, until everything logged so far is written. The last act of a stop.
  public static void flush() {
    LINES.flush(LAST_LINES.toNanos());
  }

  /// Lines that could not be written since the start.
  static long lost() {
    return LINES.lost();
  }

  /// Lines of libraries that use the JDK's logging: the database driver and the trace exporter.
  private static final class Bridge extends Handler {
    @Override
    public void publish(LogRecord entry) {
      if (!isLoggable(entry)) {
        return;
      }
      String name = entry.getLoggerName();
      Logger logger = LoggerFactory.getLogger(name == null ? "java" : name);
      int level = entry.getLevel().intValue();
      var line =
          level >= java.util.logging.Level.SEVERE.intValue()
              ? logger.atError()
              : level >= java.util.logging.Level.WARNING.intValue()
                  ? logger.atWarn()
                  : level >= java.util.logging.Level.INFO.intValue()
                      ? logger.atInfo()
                      : logger.atDebug();
      String message = entry.getMessage();
      line.setCause(entry.getThrown())
          .log(message == null ? "" : new java.util.logging.SimpleFormatter().formatMessage(entry));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
