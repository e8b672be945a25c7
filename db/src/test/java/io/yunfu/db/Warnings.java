package io.yunfu.db;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// What a part of the program complains about while a test listens.
final class Warnings {
  private final Logger logger;
  private final @Nullable Level before;
  private final ListAppender<ILoggingEvent> heard = new ListAppender<>();

  private Warnings(Logger logger) {
    this.logger = logger;
    this.before = logger.getLevel();
    heard.start();
    logger.setLevel(Level.WARN);
    logger.addAppender(heard);
  }

  /// @param name of a logger; those below it are heard too
  static Warnings of(String name) {
    return new Warnings((Logger) LoggerFactory.getLogger(name));
  }

  /// Ends listening.
  List<String> stop() {
    logger.detachAppender(heard);
    logger.setLevel(before);
    return heard.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
