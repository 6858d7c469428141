package dev.meridian.perf;

import dev.meridian.testkit.Answering;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The cases of {@link AnswerBenchmark}: each a few thousand messages in no order. */
public enum Questions {
  /** A name with the type that is asked for. */
  HIT,

  /** A name that only a wildcard matches. */
  WILDCARD,

  /** A name with other types only. */
  NODATA,

  /** No such name. */
  NXDOMAIN,

  /** A name below a zone cut with glue. */
  REFERRAL,

  /** Two CNAME records and the address at their end. */
  CNAME_CHAIN,

  /** Geolocation by client subnet, eight sites. */
  GEOLOCATION,

  /** One of four by weight. */
  WEIGHTED,

  /** Geolocation over failover over weighted, by client subnet. */
  NESTED,

  /** All of the above. */
  MIX;

  private static final int COUNT = 4096;

  /** The messages, equal on every run. */
  byte[][] messages() {
    List<byte[]> messages = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      messages.add(message(i));
    }
    Collections.shuffle(messages, new Random(1));
    return messages.toArray(byte[][]::new);
  }

  private byte[] message(int i) {
    return switch (this) {
      case HIT -> message("host-" + i + ".bench.example.", "A");
      case WILDCARD -> message("label-" + i + ".wild-" + i % 500 + ".bench.example.", "A");
      case NODATA -> message("host-" + i + ".bench.example.", "MX");
      case NXDOMAIN -> message("nobody-" + i + ".bench.example.", "A");
      case REFERRAL -> message("host-" + i + ".child.example.net.", "A");
      case CNAME_CHAIN -> message("www.example.net.", i % 2 == 0 ? "A" : "AAAA");
      case GEOLOCATION -> message("geo.bench.example.", "A", client(i));
      case WEIGHTED -> message("lot.bench.example.", "A");
      case NESTED -> message("www.example.com.", "A", client(i));
      case MIX -> values()[i % (values().length - 1)].message(i);
    };
  }

  private static byte[] message(String name, String type, String... subnet) {
    return Answering.query(name, type, subnet).toWire();
  }

  /** A /24 somewhere in the unicast space, another one for every number. */
  private static String client(int i) {
    Random random = new Random(i);
    int first = 1 + random.nextInt(222);
    return first + "." + random.nextInt(256) + "." + random.nextInt(256) + ".0/24";
  }
}
