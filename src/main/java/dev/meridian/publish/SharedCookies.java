package dev.meridian.publish;

import dev.meridian.answer.CookieSecrets;
import dev.meridian.source.Problem;
import dev.meridian.state.CookieFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the file of shared cookie secrets with every load. Like everything that is loaded, it is
 * taken whole or not at all: with an error anywhere, the secrets in use stay.
 */
public final class SharedCookies implements StateSource {
  private final StateSource rest;
  private final Path file;
  private final Consumer<CookieSecrets> user;

  /**
   * Adds a file to what is loaded.
   *
   * @param user takes the secrets of each load that succeeds
   */
  public SharedCookies(StateSource rest, Path file, Consumer<CookieSecrets> user) {
    this.rest = rest;
    this.file = file;
    this.user = user;
  }

  @Override
  public LoadedState load() throws LoadFailedException {
    return withCookies(rest::load);
  }

  @Override
  public LoadedState loadNoted() throws LoadFailedException {
    return withCookies(rest::loadNoted);
  }

  private interface Load {
    LoadedState run() throws LoadFailedException;
  }

  private LoadedState withCookies(Load load) throws LoadFailedException {
    CookieFile.Content cookies = CookieFile.read(file);
    LoadedState loaded;
    try {
      loaded = load.run();
    } catch (LoadFailedException e) {
      throw new LoadFailedException(joined(e.problems(), cookies.problems()));
    }
    List<Problem> problems = joined(loaded.problems(), cookies.problems());
    if (cookies.secrets().isEmpty()) {
      throw new LoadFailedException(problems);
    }
    user.accept(cookies.secrets().get());
    return loaded.with(problems);
  }

  /** Cookies do not belong to the set: going back to an old one is no reason to forget a secret. */
  @Override
  public LoadedState load(KeptFiles kept) throws LoadFailedException {
    CookieFile.read(file).secrets().ifPresent(user);
    return rest.load(kept);
  }

  private static List<Problem> joined(List<Problem> some, List<Problem> others) {
    List<Problem> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }
}
