package dev.meridian.load;

import dev.meridian.load.Sources.Source;
import dev.meridian.master.TextUpdate;
import dev.meridian.master.ZoneText;
import dev.meridian.policyfile.PolicyChecks;
import dev.meridian.policyfile.PolicyFileReader.PolicyFile;
import dev.meridian.rr.RRType;
import dev.meridian.source.InputStamp;
import dev.meridian.source.Inputs;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problem;
import dev.meridian.source.Problems;
import dev.meridian.source.Reporter;
import dev.meridian.source.SourceFiles;
import dev.meridian.source.TrackedFiles;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.ZonePatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Loads a large zone again that was loaded before: only the parts of its master file that are
 * others are read, its policy file is read whole, and the compiled zone is patched. What comes out
 * is what reading all would bring, or nothing: then all is to be read. Used once.
 */
final class KnownZoneUpdate {
  private static final Set<Integer> ADDRESSES = Set.of(RRType.A, RRType.AAAA);

  private final Path folder;
  private final LoadLimits limits;
  private final Source source;
  private final KnownZone known;
  private final ZoneText old;
  private final Problems found;
  private final TrackedFiles tracked;
  private final ZonePatch patch;

  /** The same without any change: for what names had before. */
  private final ZonePatch before;

  /**
   * @param found takes the problems, if all is well
   */
  KnownZoneUpdate(
      Path folder,
      LoadLimits limits,
      Source source,
      KnownZone known,
      ZoneText old,
      Problems found,
      TrackedFiles tracked) {
    this.folder = folder;
    this.limits = limits;
    this.source = source;
    this.known = known;
    this.old = old;
    this.found = found;
    this.tracked = tracked;
    this.patch = new ZonePatch(known.zone());
    this.before = new ZonePatch(known.zone());
  }

  /**
   * Loads it.
   *
   * @param policies reads the policy file
   * @return null: it cannot be done this way
   */
  @Nullable LoadedZone read(Function<Reporter, PolicyFile> policies) {
    byte[] now = text();
    if (now == null) {
      return null;
    }
    int records = known.zone().recordCount();
    TextUpdate update = new TextUpdate(old, now, patch, records, limits);
    ZoneText text = update.apply();
    if (text == null || !patch.isSmall()) {
      return null;
    }
    SourceFiles files = new SourceFiles();
    files.indexOf(source.file());
    Reporter reporter = new Reporter(files, found);
    PolicyFile policy = policies.apply(reporter);
    if (found.hasErrors() || !takeOverWarnings(update, policy) || !isSound(update, policy, files)) {
      return null;
    }
    patch.confineTo(policy.clients());
    policy.endpoints().forEach(patch::addEndpoint);
    return new LoadedZone(
        source.apex(),
        patch,
        policy.routed(),
        policy.checks(),
        policy.places(),
        policy.branches(),
        files,
        new LoadedZone.Origin(tracked.inputs(), source.beside(), found, text));
  }

  /** The text of the master file now; null if it cannot be had. */
  private byte @Nullable [] text() {
    Inputs.Input untouched = known.origin().inputs().untouched(source.file());
    if (untouched != null) {
      tracked.takeOver(untouched);
      return old.octets();
    }
    try {
      InputStamp now = InputStamp.of(folder.resolve(source.file()));
      return ZoneText.isKept(now, limits)
          ? tracked.read(now, source.file(), limits.zoneFileOctets())
          : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** What was doubtful in the master file is so still, a few lines further up or down. */
  private boolean takeOverWarnings(TextUpdate update, PolicyFile policy) {
    List<Problem> warnings =
        known.origin().warnings().list().stream()
            .filter(problem -> problem.file().equals(source.file()))
            .toList();
    if (warnings.size() >= limits.problemsPerFile()
        || (!warnings.isEmpty() && mayEndWarnings(update, policy))) {
      return false;
    }
    List<String> touched = update.touched().stream().map(DomainName::toString).toList();
    for (Problem warning : warnings) {
      int line = update.moved(warning.line());
      if (line < 0 || touched.stream().anyMatch(warning.message()::contains)) {
        return false;
      }
      found.add(
          new Problem(
              warning.file(), line, warning.column(), warning.severity(), warning.message()));
    }
    return true;
  }

  /** A wildcard with addresses stands for any name, and so may a policy. */
  private boolean mayEndWarnings(TextUpdate update, PolicyFile policy) {
    return update.touched().stream().anyMatch(DomainName::isWildcard)
        || !routedOwners(policy).equals(known.zone().routedNames());
  }

  private static Set<DomainName> routedOwners(PolicyFile policy) {
    Set<DomainName> owners = new TreeSet<>();
    policy.routed().forEach(owner -> owners.add(owner.owner()));
    return owners;
  }

  /** Whether the checks of the whole zone would find nothing that they have not found before. */
  private boolean isSound(TextUpdate update, PolicyFile policy, SourceFiles files) {
    Set<DomainName> owners = routedOwners(policy);
    Set<DomainName> changed = new HashSet<>(update.touched());
    changed.addAll(owners);
    changed.addAll(known.zone().routedNames());
    for (DomainName name : update.touched()) {
      if (beginsToHide(name) || (name.isWildcard() && losesAddresses(name))) {
        return false;
      }
    }
    for (DomainName name : known.zone().routedNames()) {
      if (name.isWildcard() && !owners.contains(name)) {
        return false;
      }
    }
    Set<DomainName> suspects = new TreeSet<>(update.touched());
    suspects.addAll(patch.leadingTo(changed, type -> type == RRType.NS || type == RRType.MX));
    Problems problems = new Problems(1);
    Reporter reporter = new Reporter(files, problems);
    new ZoneChecks(patch, reporter, owners::contains)
        .runAt(suspects, SourceFiles.position(0, 1, 1));
    new PolicyChecks(patch, reporter, policy).run();
    return problems.list().isEmpty();
  }

  /** Whether names that were there already may now be below a cut or a DNAME. */
  private boolean beginsToHide(DomainName name) {
    List<Integer> types = patch.typesAt(name);
    boolean hides = types.contains(RRType.NS) || types.contains(RRType.DNAME);
    return hides && !name.equals(source.apex()) && known.zone().exists(name) && !hidBefore(name);
  }

  private boolean hidBefore(DomainName name) {
    List<Integer> types = before.typesAt(name);
    return types.contains(RRType.NS) || types.contains(RRType.DNAME);
  }

  private boolean losesAddresses(DomainName name) {
    Set<Integer> lost = new HashSet<>(before.typesAt(name));
    lost.removeAll(patch.typesAt(name));
    lost.retainAll(ADDRESSES);
    return !lost.isEmpty();
  }
}
