package dev.meridian.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used; it carries everything that is wrong with it. */
public final class ConfigException extends RuntimeException {
  private final transient List<ConfigProblem> problems;

  /** With at least one problem. */
  public ConfigException(List<ConfigProblem> problems) {
    super(
        problems.stream()
            .sorted(ConfigProblem.READING_ORDER)
            .map(ConfigProblem::toString)
            .collect(Collectors.joining("\n")));
    this.problems = problems.stream().sorted(ConfigProblem.READING_ORDER).toList();
  }

  /** At least one, in the order of the file. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
