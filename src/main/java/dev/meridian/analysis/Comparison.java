package dev.meridian.analysis;

import dev.meridian.answer.Outcome.Range;
import dev.meridian.net.Prefix;
import dev.meridian.wire.DomainName;
import java.util.List;
import java.util.Optional;

/**
 * What lies between two revisions of a zone folder, while everything is healthy unless it says
 * otherwise.
 *
 * @param zones that are new, gone, or have changes
 * @param names with a change, by name and type
 * @param compared how many RRsets there are in the older or the newer one
 * @param checks one sentence for each health check that is new, gone or defined otherwise
 * @param queries what becomes of real queries, if there are any to go by
 */
public record Comparison(
    List<ZoneChange> zones,
    List<NameChange> names,
    long compared,
    List<String> checks,
    Optional<QueryEffect> queries) {
  /** Copies the lists. */
  public Comparison {
    zones = List.copyOf(zones);
    names = List.copyOf(names);
    checks = List.copyOf(checks);
  }

  /** Kinds of change. */
  public enum What {
    /** Was not there. */
    ADDED,
    /** Is no longer there. */
    REMOVED,
    /** Some clients are answered with other records. */
    ANSWERS,
    /** The same records with another TTL. */
    TTL,
    /** The same answers, as long as nothing fails. */
    FAILOVER,
    /** Written otherwise, and the same answers come of it. */
    SAME
  }

  /**
   * A zone; serials are -1 where it is not there.
   *
   * @param access if other clients may ask it than before
   */
  public record ZoneChange(
      DomainName apex, What what, long oldSerial, long newSerial, Optional<AccessChange> access) {
    /** RFC 1982 §3.2: whether secondaries would take the newer one for an older one. */
    public boolean isBackwards() {
      long ahead = newSerial - oldSerial & 0xFFFFFFFFL;
      return oldSerial >= 0 && newSerial >= 0 && ahead >= 0x80000000L;
    }
  }

  /**
   * Shares of the address space, each 0 to 1.
   *
   * @param ipv4 of all public IPv4 addresses
   * @param ipv6 of the IPv6 networks that the geo database places
   */
  public record Addresses(double ipv4, double ipv6) {
    /** One figure for both: families count alike. */
    public double mean() {
      return (ipv4 + ipv6) / 2;
    }
  }

  /** How much of a country's addresses is affected, 0 to 1; the code is empty for the unplaced. */
  public record CountryShare(String country, double share) {}

  /**
   * An RRset that is not the same.
   *
   * @param affected clients that are answered otherwise, times how often they are
   * @param countries the most affected first
   * @param networks the largest prefixes whose clients are affected, if not all are
   * @param oldTtls the smallest and the largest TTL before
   * @param newTtls and after
   * @param notes sentences: redundancy that is lost, what differs when something fails
   * @param losesRedundancy whether fewer failures than before leave clients without an answer
   * @param losesLastHealthy whether clients who have something healthy would have nothing
   * @param sharesNothing whether no record that was answered is answered any more
   * @param wasRouted whether policies answered for it before
   * @param leadsNowhere whether its addresses led somewhere, and none does any more
   */
  public record NameChange(
      DomainName name,
      int type,
      What what,
      Addresses affected,
      List<Flow> flows,
      List<CountryShare> countries,
      List<Prefix> networks,
      Range oldTtls,
      Range newTtls,
      List<String> notes,
      boolean losesRedundancy,
      boolean losesLastHealthy,
      boolean sharesNothing,
      boolean wasRouted,
      boolean leadsNowhere) {
    /** Copies the lists. */
    public NameChange {
      flows = List.copyOf(flows);
      countries = List.copyOf(countries);
      networks = List.copyOf(networks);
      notes = List.copyOf(notes);
    }

    /** The share of its answers that are no longer given, 0 to 1. */
    double answersLost() {
      return switch (what) {
        case ADDED -> 0;
        case REMOVED -> 1;
        default -> affected.mean();
      };
    }
  }

  /**
   * What becomes of real queries.
   *
   * @param queries how many there were
   * @param changed how many of them are answered otherwise, on average
   * @param flows from which answers to which, as shares of all queries, the largest first
   */
  public record QueryEffect(long queries, double changed, List<Flow> flows) {
    /** Copies the list. */
    public QueryEffect {
      flows = List.copyOf(flows);
    }

    /** 0 to 1. */
    public double share() {
      return queries == 0 ? 0 : changed / queries;
    }
  }

  /**
   * The share of answers that change, 0 to 1: of real queries if there are any to go by, else every
   * RRset counts alike, and within it every part of the address space. An RRset that is new changes
   * no answer that was given.
   */
  public double affected() {
    if (queries.isPresent()) {
      return queries.get().share();
    }
    double sum = names.stream().mapToDouble(NameChange::answersLost).sum();
    return compared == 0 ? 0 : sum / compared;
  }

  /** Whether nothing at all is different. */
  public boolean isEmpty() {
    return zones.isEmpty() && names.isEmpty() && checks.isEmpty();
  }
}
