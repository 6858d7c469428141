package dev.meridian.querylog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.meridian.answer.QueryRecord;
import dev.meridian.config.DnstapTarget;
import dev.meridian.net.Prefix;
import dev.meridian.wire.ProtobufWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * Entries as dnstap messages (dnstap.info), two for each: AUTH_QUERY and AUTH_RESPONSE. Messages
 * are as they were on the wire; of clients there is what {@link Entry} leaves.
 */
final class Dnstap implements Sink {
  // dnstap.proto: message Dnstap
  private static final int IDENTITY = 1;
  private static final int VERSION = 2;
  private static final int MESSAGE = 14;
  private static final int TYPE = 15;
  private static final int TYPE_MESSAGE = 1;

  // message Message
  private static final int MESSAGE_TYPE = 1;
  private static final int AUTH_QUERY = 1;
  private static final int AUTH_RESPONSE = 2;
  private static final int SOCKET_FAMILY = 2;
  private static final int SOCKET_PROTOCOL = 3;
  private static final int QUERY_ADDRESS = 4;
  private static final int QUERY_TIME_SEC = 8;
  private static final int QUERY_TIME_NSEC = 9;
  private static final int QUERY_MESSAGE = 10;
  private static final int RESPONSE_TIME_SEC = 12;
  private static final int RESPONSE_TIME_NSEC = 13;
  private static final int RESPONSE_MESSAGE = 14;

  private static final int MICROS = 1000;

  private final FrameStream frames;
  private final byte[] identity;
  private final byte[] version;
  private final ProtobufWriter message = new ProtobufWriter();
  private final ProtobufWriter frame = new ProtobufWriter();

  Dnstap(DnstapTarget target, QueryLogSettings settings) {
    this.frames = target.socket() ? new FrameSocket(target.path()) : new FrameFile(target.path());
    this.identity = settings.server().orElse("").getBytes(UTF_8);
    this.version = ("meridian " + settings.version()).getBytes(UTF_8);
  }

  @Override
  public void add(Entry entry) throws IOException {
    send(entry, AUTH_QUERY);
    send(entry, AUTH_RESPONSE);
  }

  private void send(Entry entry, int type) throws IOException {
    QueryRecord record = entry.record();
    message.clear();
    message.number(MESSAGE_TYPE, type);
    message.number(SOCKET_FAMILY, entry.source().ipv4() ? 1 : 2);
    message.number(SOCKET_PROTOCOL, record.tcp() ? 2 : 1);
    address(entry.source());
    Instant asked = entry.at().minusNanos(Math.max(0L, record.micros()) * MICROS);
    time(QUERY_TIME_SEC, QUERY_TIME_NSEC, asked);
    if (type == AUTH_QUERY) {
      octets(QUERY_MESSAGE, record.query(), record.queryLength());
    } else {
      time(RESPONSE_TIME_SEC, RESPONSE_TIME_NSEC, entry.at());
      octets(RESPONSE_MESSAGE, record.response(), record.responseLength());
    }
    frame.clear();
    octets(frame, IDENTITY, identity, identity.length);
    octets(frame, VERSION, version, version.length);
    frame.bytes(MESSAGE, message.octets(), message.size());
    frame.number(TYPE, TYPE_MESSAGE);
    frames.add(frame.octets(), frame.size());
  }

  private void time(int seconds, int nanos, Instant at) {
    message.number(seconds, at.getEpochSecond());
    message.fixed32(nanos, at.getNano());
  }

  private void octets(int field, byte[] value, int length) {
    octets(message, field, value, length);
  }

  private static void octets(ProtobufWriter out, int field, byte[] value, int length) {
    if (length > 0) {
      out.bytes(field, value, length);
    }
  }

  private void address(Prefix source) {
    ByteBuffer octets = ByteBuffer.allocate(source.ipv4() ? Integer.BYTES : 2 * Long.BYTES);
    if (source.ipv4()) {
      octets.putInt((int) source.low());
    } else {
      octets.putLong(source.high()).putLong(source.low());
    }
    message.bytes(QUERY_ADDRESS, octets.array(), octets.capacity());
  }

  @Override
  public void flush() throws IOException {
    frames.flush();
  }

  @Override
  public void look() throws IOException {
    frames.look();
  }

  @Override
  public void reopen() {
    frames.reopen();
  }

  @Override
  public long lost() {
    return frames.lost();
  }

  @Override
  public void close() {
    frames.close();
  }
}
