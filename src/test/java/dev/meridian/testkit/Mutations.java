package dev.meridian.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** What happens to files of zones and policies: octets that flip, pieces that go, come or move. */
public final class Mutations {
  /** What each grammar has a meaning for, and what none has. */
  private static final String[] WORDS = {
    "(",
    ")",
    "\"",
    "\\",
    "$",
    "@",
    "*",
    ";",
    "{",
    "}",
    "[",
    "]",
    ": ",
    ",",
    "&a ",
    "*a",
    "!!x ",
    "- ",
    "\n",
    " ",
    "\t",
    "\r",
    "0",
    "-1",
    "4294967296",
    "99999999999999999999",
    "default",
    "$INCLUDE example.com.zone\n",
    "$INCLUDE example.com.policy.yaml\n",
    "$GENERATE 1-65536 a$ A 192.0.2.1\n",
    "$ORIGIN .\n",
    "$TTL 1w\n",
    "\0",
    "é",
    "\u00ff",
    "..",
    "\\# 4 ",
    "TYPE1 ",
    "CH ",
    "CNAME ",
    "weighted: ",
    "alias: www",
    "| ",
    "> ",
    "? ",
    "%",
    "<<: ",
    "'",
    "#",
    "~",
    "::",
    "/0"
  };

  private Mutations() {}

  /** A file after one to four of them. */
  public static byte[] of(byte[] original, Random random) {
    byte[] mutated = original;
    for (int times = random.nextInt(4); times >= 0; times--) {
      mutated = once(mutated, random);
    }
    return mutated;
  }

  private static byte[] once(byte[] text, Random random) {
    int from = random.nextInt(text.length + 1);
    int to = Math.min(text.length, from + random.nextInt(80));
    return switch (random.nextInt(5)) {
      case 0 -> replace(text, from, Math.min(text.length, from + 1), oneOctet(random));
      case 1 -> replace(text, from, from, word(random));
      case 2 -> replace(text, from, to, new byte[0]);
      case 3 -> replace(text, to, to, Arrays.copyOfRange(text, from, to));
      default -> replace(text, from, to, word(random));
    };
  }

  private static byte[] oneOctet(Random random) {
    return new byte[] {(byte) random.nextInt(256)};
  }

  private static byte[] word(Random random) {
    return WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] replace(byte[] text, int from, int to, byte[] by) {
    byte[] result = new byte[text.length - (to - from) + by.length];
    System.arraycopy(text, 0, result, 0, from);
    System.arraycopy(by, 0, result, from, by.length);
    System.arraycopy(text, to, result, from + by.length, text.length - to);
    return result;
  }
}
