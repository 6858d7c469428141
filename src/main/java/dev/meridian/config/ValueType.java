package dev.meridian.config;

import dev.meridian.health.Quorum;
import dev.meridian.net.Prefix;
import dev.meridian.net.SocketAddresses;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How the text of a setting becomes a value, and what a person has to know to write that text.
 *
 * @param unit of the value, such as {@code octets}; empty where there is none
 * @param range what is allowed, as documentation shows it
 * @param reader text to value; throws {@link IllegalArgumentException} with a sentence
 */
record ValueType<T>(String unit, String range, Function<String, T> reader) {
  static final ValueType<Path> PATH = new ValueType<>("", "a path", ValueType::path);

  static final ValueType<InetSocketAddress> ADDRESS =
      new ValueType<>(
          "", "ADDR:PORT, [ADDR]:PORT, :PORT or *:PORT; port 0-65535", SocketAddresses::parse);

  static final ValueType<Optional<InetSocketAddress>> ADDRESS_OR_OFF =
      new ValueType<>("", "ADDR:PORT, [ADDR]:PORT, or off", ValueType::addressOrOff);

  static final ValueType<String> HOST =
      new ValueType<>("", "a name or address without a port", ValueType::host);

  static final ValueType<Prefix> PREFIX =
      new ValueType<>("", "an IPv4 or IPv6 prefix, or an address", Prefix::parse);

  static final ValueType<InetAddress> IPV4 =
      new ValueType<>("", "an IPv4 address", text -> address(text, Inet4Address.class, "IPv4"));

  static final ValueType<InetAddress> IPV6 =
      new ValueType<>("", "an IPv6 address", text -> address(text, Inet6Address.class, "IPv6"));

  static final ValueType<Boolean> SWITCH = new ValueType<>("", "on or off", ValueType::onOrOff);

  static final ValueType<Quorum> QUORUM =
      new ValueType<>("", "0% to 99%, any, majority, all or regions", Quorum::parse);

  static final ValueType<URI> WEBHOOK =
      new ValueType<>("", "an http or https URL", ValueType::webhook);

  static ValueType<Integer> number(String unit, int min, int max) {
    return new ValueType<>(unit, min + " to " + max, text -> wholeNumber(text, min, max));
  }

  /** A number, or "off", which is read as 0. */
  static ValueType<Integer> numberOrOff(String unit, int min, int max) {
    return new ValueType<>(
        unit,
        min + " to " + max + ", or off",
        text -> text.equals("off") ? 0 : wholeNumber(text, min, max));
  }

  static ValueType<Duration> duration(Duration min, Duration max) {
    String range = show(min) + " to " + show(max);
    return new ValueType<>("ms, s, m or h", range, text -> readDuration(text, min, max));
  }

  static ValueType<String> text(int maxOctets) {
    return new ValueType<>(
        "", "1 to " + maxOctets + " octets of UTF-8", text -> text(text, maxOctets));
  }

  static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
    List<String> words =
        Arrays.stream(type.getEnumConstants()).map(ValueType::keyword).collect(Collectors.toList());
    String range = String.join(", ", words);
    return new ValueType<>(
        "",
        range,
        text -> {
          int at = words.indexOf(text);
          if (at < 0) {
            throw new IllegalArgumentException("'" + text + "' is none of " + range);
          }
          return type.getEnumConstants()[at];
        });
  }

  /** How a choice is written: {@code IO_URING} is {@code io-uring}. */
  private static String keyword(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static URI webhook(String text) {
    try {
      URI url = new URI(text);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (http && url.getHost() != null && url.getRawUserInfo() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("'" + text + "' is not a URL: " + e.getReason(), e);
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not an http or https URL with a host, and without a user");
  }

  private static Path path(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a path cannot be empty");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + text + "' is not a path: " + e.getReason(), e);
    }
  }

  private static String text(String text, int maxOctets) {
    int octets = text.getBytes(StandardCharsets.UTF_8).length;
    if (octets == 0 || octets > maxOctets) {
      throw new IllegalArgumentException(
          "a text has 1 to " + maxOctets + " octets of UTF-8, not " + octets);
    }
    return text;
  }

  private static Optional<InetSocketAddress> addressOrOff(String text) {
    return text.equals("off") ? Optional.empty() : Optional.of(SocketAddresses.parse(text));
  }

  private static InetAddress address(
      String text, Class<? extends InetAddress> family, String name) {
    try {
      InetAddress address = InetAddress.ofLiteral(text);
      if (family.isInstance(address)) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is not an address", e);
    }
    throw new IllegalArgumentException("'" + text + "' is not an " + name + " address");
  }

  private static String host(String text) {
    if (!text.matches("[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]")) {
      throw new IllegalArgumentException("'" + text + "' is not the name of a host");
    }
    return text;
  }

  private static boolean onOrOff(String text) {
    return switch (text) {
      case "on", "true" -> true;
      case "off", "false" -> false;
      default -> throw new IllegalArgumentException("'" + text + "' is neither on nor off");
    };
  }

  private static int wholeNumber(String text, int min, int max) {
    if (!text.matches("-?\\d+")) {
      throw new IllegalArgumentException("'" + text + "' is not a whole number");
    }
    BigInteger value = new BigInteger(text);
    if (value.compareTo(BigInteger.valueOf(min)) < 0
        || value.compareTo(BigInteger.valueOf(max)) > 0) {
      throw new IllegalArgumentException(text + " is not in " + min + " to " + max);
    }
    return value.intValueExact();
  }

  private static Duration readDuration(String text, Duration min, Duration max) {
    String digits = text.replaceFirst("[a-z]+$", "");
    if (!digits.matches("\\d{1,9}")) {
      throw new IllegalArgumentException("'" + text + "' is not a duration such as 250ms or 10s");
    }
    long count = Long.parseLong(digits);
    Duration value =
        switch (text.substring(digits.length())) {
          case "ms" -> Duration.ofMillis(count);
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default ->
              throw new IllegalArgumentException("'" + text + "' needs a unit: ms, s, m or h");
        };
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(text + " is not in " + show(min) + " to " + show(max));
    }
    return value;
  }

  private static String show(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds >= 7200 && seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    if (seconds >= 60 && seconds % 60 == 0) {
      return seconds / 60 + "m";
    }
    return seconds + "s";
  }
}
