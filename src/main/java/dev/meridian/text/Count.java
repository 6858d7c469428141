package dev.meridian.text;

/** Numbers of things. */
public final class Count {
  private Count() {}

  /**
   * {@code 1 zone}, {@code 2 zones}.
   *
   * @param what one of them; its plural ends in s
   */
  public static String of(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
