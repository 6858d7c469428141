package dev.meridian.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LogbackServiceProvider;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.status.NopStatusListener;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.Reporter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Sets Logback up: everything goes to standard error, for standard output belongs to the commands.
 * Done here and not in a file, because SLF4J and Logback would look into every jar for one, and
 * read it by reflection, a tenth of the way to the first answer.
 *
 * <pre>
 * environment or system property   value
 * MERIDIAN_LOG_LEVEL               TRACE, DEBUG, INFO, WARN, ERROR; else INFO
 * MERIDIAN_LOG_FORMAT              text, or json for one JSON object a line; {@code log-format} sets it
 * logback.configurationFile        a file that says otherwise (system property only)
 * </pre>
 */
public final class LogProvider implements SLF4JServiceProvider {
  private static final String SLF4J = LoggerFactory.PROVIDER_PROPERTY_KEY;
  private static final String SLF4J_OWN_WORDS = Reporter.SLF4J_INTERNAL_VERBOSITY_KEY;

  /**
   * Times are UTC, as in the journal, the query log and the API. To know the zone of the machine
   * would take the JDK a look into every jar, for rules of time zones, before anything else begins.
   */
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level %logger{0}: %msg%n";

  private final LoggerContext context = new LoggerContext();
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter mdc = new LogbackMDCAdapter();
  private final Map<String, String> environment;

  /** What SLF4J makes. */
  public LogProvider() {
    this(System.getenv());
  }

  LogProvider(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Has SLF4J use this, or what an operator has put in its place. To be called before any log. */
  static void install() {
    boolean otherwise = System.getProperty("logback.configurationFile") != null;
    Class<?> provider = otherwise ? LogbackServiceProvider.class : LogProvider.class;
    if (System.getProperty(SLF4J) == null) {
      System.setProperty(SLF4J, provider.getName());
    }
    if (System.getProperty(SLF4J_OWN_WORDS) == null) {
      System.setProperty(
          SLF4J_OWN_WORDS, "WARN"); // or every command would say which provider it is
    }
  }

  @Override
  public void initialize() {
    context.setName("default");
    context.setMDCAdapter(mdc);
    context.getStatusManager().add(new NopStatusListener()); // or it would write on standard output
    RepeatFilter filter = new RepeatFilter();
    filter.setContext(context);
    filter.start();
    context.addTurboFilter(filter);
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget(ConsoleTarget.SystemErr.getName());
    appender.setEncoder("json".equals(setting("MERIDIAN_LOG_FORMAT")) ? json() : text());
    appender.start();
    context.getLogger("io.netty").setLevel(Level.WARN);
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(setting("MERIDIAN_LOG_LEVEL"), Level.INFO));
    root.addAppender(appender);
    context.start();
  }

  private @Nullable String setting(String name) {
    String property = System.getProperty(name);
    return property == null ? environment.get(name) : property;
  }

  private Encoder<ILoggingEvent> text() {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    return encoder;
  }

  private Encoder<ILoggingEvent> json() {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithFormattedMessage(true);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithContext(false);
    encoder.setWithSequenceNumber(false);
    encoder.start();
    return encoder;
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return context;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return mdc;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99"; // as all of 2.0 has it
  }
}
