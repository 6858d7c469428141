package dev.meridian.analysis;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.CheckOrder;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.CompiledSet;
import dev.meridian.load.LoadedSet;
import dev.meridian.load.LoadedTests;
import dev.meridian.load.RoutingTestReader;
import dev.meridian.load.SetCompiler;
import dev.meridian.load.ZoneSetLoader;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A zone folder as it is at one moment, and what it compiles to. Two revisions can be compared if
 * they were loaded with one registry and one geo database.
 *
 * @param loaded what the files say; its builders are used up
 * @param compiled null if a file is wrong
 * @param problems of zones, policies and tests
 */
public record Revision(
    Path folder,
    LoadedSet loaded,
    @Nullable CompiledSet compiled,
    LoadedTests tests,
    List<Problem> problems,
    HealthRegistry registry) {
  /** Copies the list. */
  public Revision {
    problems = List.copyOf(problems);
  }

  /** Loads a folder; nothing is thrown for what is wrong with it. */
  public static Revision load(Path folder, GeoDatabase geo, HealthRegistry registry) {
    LoadedSet loaded = ZoneSetLoader.load(folder, LoadLimits.DEFAULT, registry);
    Optional<CompiledSet> compiled = SetCompiler.compile(loaded, geo);
    LoadedTests tests = RoutingTestReader.load(folder, LoadLimits.DEFAULT);
    List<Problem> problems = new ArrayList<>(loaded.problems().list());
    problems.addAll(tests.problems().list());
    if (compiled.isPresent()) {
      try {
        var _ = CheckOrder.of(compiled.get().checks());
      } catch (IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage());
        problems.add(new Problem(".", 1, 1, Problem.Severity.ERROR, message));
        compiled = Optional.empty();
      }
    }
    return new Revision(folder, loaded, compiled.orElse(null), tests, problems, registry);
  }

  /** What a server has loaded already, with what only the loading needed left out. */
  public static Revision of(CompiledSet set, LoadedTests tests, HealthRegistry registry) {
    return new Revision(Path.of("."), LoadedSet.empty(), set, tests, List.of(), registry);
  }

  /** Whether something keeps it from being served. */
  public boolean isWrong() {
    return compiled == null || problems.stream().anyMatch(Problem::isError);
  }

  /** What it compiles to; only if it is not wrong. */
  public CompiledSet set() {
    if (compiled == null) {
      throw new IllegalStateException(folder + " does not compile");
    }
    return compiled;
  }
}
