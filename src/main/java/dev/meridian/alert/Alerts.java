package dev.meridian.alert;

import dev.meridian.config.ServerConfig;
import dev.meridian.state.Journal;
import dev.meridian.state.StateWriter;
import java.util.List;

/** All webhooks. */
public final class Alerts implements StateWriter, AutoCloseable {
  private final ServerConfig config;
  private final Journal journal;
  private volatile List<AlertSender> senders;

  /** Begins to send. */
  public Alerts(ServerConfig config, Journal journal) {
    this.config = config;
    this.journal = journal;
    this.senders = AlertSender.all(config, journal);
  }

  /** How each fares. */
  public List<AlertFigures> figures() {
    return senders.stream().map(AlertSender::figures).toList();
  }

  /** What is not received yet is sent by whoever goes on. */
  @Override
  public void suspend() {
    close();
  }

  @Override
  public void resume() {
    senders = AlertSender.all(config, journal);
  }

  @Override
  public void close() {
    senders.forEach(AlertSender::close);
  }
}
