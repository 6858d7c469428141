package dev.meridian.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used; it carries everything that is wrong with it. */
public final class ConfigException extends RuntimeException {
  private final transient List<ConfigProblem> problems;

  /** With at least one problem. */
  public ConfigException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** At least one, in the order in which they were found. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
