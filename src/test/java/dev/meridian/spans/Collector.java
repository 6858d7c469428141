package dev.meridian.spans;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A collector of OTLP over HTTP that takes Protocol Buffers apart by the numbers of their fields.
 */
final class Collector implements AutoCloseable {
  private final HttpServer http;
  private final List<Received> spans = new CopyOnWriteArrayList<>();
  private volatile int status = 200;

  /** A span as it came. */
  record Received(
      String service,
      String name,
      String trace,
      String parent,
      long kind,
      long start,
      long end,
      Map<String, String> attributes,
      long code,
      String message) {}

  /** One field of a message. */
  private static final class Field {
    private final int number;
    private final long value;
    private final byte[] octets;

    Field(int number, long value, byte[] octets) {
      this.number = number;
      this.value = value;
      this.octets = octets;
    }
  }

  Collector() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext(
        "/v1/traces",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          if (exchange
              .getRequestHeaders()
              .getFirst("Content-Type")
              .equals("application/x-protobuf")) {
            read(body);
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    http.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/v1/traces");
  }

  void refuseWith(int refusal) {
    status = refusal;
  }

  List<Received> spans() {
    return spans;
  }

  private void read(byte[] request) {
    for (Field resourceSpans : fields(request)) {
      String service =
          attributes(first(resourceSpans.octets, 1).octets, 1).getOrDefault("service.name", "");
      for (Field scopeSpans : all(resourceSpans.octets, 2)) {
        for (Field span : all(scopeSpans.octets, 2)) {
          spans.add(span(service, span.octets));
        }
      }
    }
  }

  private static Received span(String service, byte[] span) {
    List<Field> status = all(span, 15);
    byte[] outcome = status.isEmpty() ? new byte[0] : status.getFirst().octets;
    List<Field> parent = all(span, 4);
    return new Received(
        service,
        text(first(span, 5)),
        HexFormat.of().formatHex(first(span, 1).octets),
        parent.isEmpty() ? "" : HexFormat.of().formatHex(parent.getFirst().octets),
        first(span, 6).value,
        first(span, 7).value,
        first(span, 8).value,
        attributes(span, 9),
        outcome.length == 0 ? 0 : first(outcome, 3).value,
        outcome.length == 0 ? "" : text(first(outcome, 2)));
  }

  private static Map<String, String> attributes(byte[] message, int field) {
    Map<String, String> attributes = new TreeMap<>();
    for (Field pair : all(message, field)) {
      attributes.put(text(first(pair.octets, 1)), text(first(first(pair.octets, 2).octets, 1)));
    }
    return attributes;
  }

  private static String text(Field field) {
    return new String(field.octets, StandardCharsets.UTF_8);
  }

  private static Field first(byte[] message, int number) {
    return all(message, number).getFirst();
  }

  private static List<Field> all(byte[] message, int number) {
    return fields(message).stream().filter(field -> field.number == number).toList();
  }

  private static List<Field> fields(byte[] message) {
    List<Field> fields = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      long tag = varint(in);
      int number = (int) (tag >>> 3);
      switch ((int) tag & 7) {
        case 0 -> fields.add(new Field(number, varint(in), new byte[0]));
        case 1 -> fields.add(new Field(number, in.getLong(), new byte[0]));
        case 2 -> {
          int length = (int) varint(in);
          byte[] octets = Arrays.copyOfRange(message, in.position(), in.position() + length);
          in.position(in.position() + length);
          fields.add(new Field(number, 0, octets));
        }
        case 5 -> fields.add(new Field(number, in.getInt(), new byte[0]));
        default -> throw new IllegalArgumentException("wire type " + (tag & 7));
      }
    }
    return fields;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte octet = in.get();
      value |= (long) (octet & 0x7F) << shift;
      if (octet >= 0) {
        return value;
      }
    }
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
