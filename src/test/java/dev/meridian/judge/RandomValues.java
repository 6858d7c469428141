package dev.meridian.judge;

import java.util.Random;

/** Values of record sets, no two alike. */
final class RandomValues {
  private final Random random;
  private int count;

  RandomValues(Random random) {
    this.random = random;
  }

  String next(String type) {
    count++;
    String host = "host" + count + ".Elsewhere.example" + (random.nextBoolean() ? "." : "");
    return switch (type) {
      case "A" -> "10." + count / 40_000 + "." + count / 200 % 200 + "." + count % 200;
      case "AAAA" -> "2001:db8:ffff::" + Integer.toHexString(count);
      case "TXT" -> text();
      case "MX" -> random.nextInt(50) + " " + host;
      case "SRV" -> random.nextInt(9) + " " + random.nextInt(9) + " " + (5000 + count) + " " + host;
      case "CAA" -> "0 issue \"ca" + count + ".example; policy=\\\"x\\\"\"";
      case "HTTPS" -> https(host);
      case "CNAME" -> host;
      default -> throw new IllegalArgumentException(type);
    };
  }

  private String text() {
    return switch (random.nextInt(3)) {
      case 0 -> "\"text " + count + "\"";
      case 1 -> "\"v=" + count + "; Mixed \\\"Case\\\"\" \"and \\100 \\303\\244 more\"";
      default -> "\"" + count + "k".repeat(120) + "\"";
    };
  }

  private String https(String host) {
    return random.nextBoolean()
        ? "1 . alpn=\"h2,h3\" ipv4hint=10.1.0." + count % 200
        : (1 + count % 9) + " " + host + " port=" + (1024 + count % 60_000);
  }
}
