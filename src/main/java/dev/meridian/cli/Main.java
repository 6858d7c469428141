package dev.meridian.cli;

/** Entry point of the {@code meridian} command. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("meridian " + String.join(" ", args));
  }
}
