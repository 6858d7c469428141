package dev.meridian.health;

import java.util.List;

/**
 * Passes when a program ends with status 0 in time. It is run as it is, by no shell, with an
 * environment of its own: {@code MERIDIAN_CHECK}, {@code MERIDIAN_ADDRESS} and a fixed {@code
 * PATH}.
 *
 * @param command absolute path of the program, and its arguments; {@code {address}} stands for the
 *     target's; 1-32 words
 */
public record ExecCheck(List<String> command) implements CheckKind {
  /** Stands for the address of the target. */
  public static final String ADDRESS = "{address}";

  private static final int MAX_WORDS = 32;
  private static final int MAX_WORD = 1024;

  /** Checks the words. */
  public ExecCheck {
    command = List.copyOf(command);
    if (command.isEmpty() || command.size() > MAX_WORDS) {
      throw new IllegalArgumentException("a command has 1 to " + MAX_WORDS + " words");
    }
    if (!command.getFirst().startsWith("/")) {
      throw new IllegalArgumentException(
          "'" + command.getFirst() + "' is not an absolute path; no PATH is searched");
    }
    if (command.stream().anyMatch(word -> word.length() > MAX_WORD || word.indexOf('\0') >= 0)) {
      throw new IllegalArgumentException("a word of the command is too long");
    }
  }

  @Override
  public String word() {
    return "exec";
  }

  @Override
  public ExecCheck withPort(int port) {
    return this;
  }
}
