package dev.meridian.judge;

import dev.meridian.net.Prefix;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random questions: for what is there, beside it, above and below it, from clients everywhere. */
final class RandomQuestions {
  private static final List<String> TYPES =
      List.of("A", "AAAA", "TXT", "MX", "SRV", "CAA", "HTTPS", "CNAME", "NS", "SOA");

  private final Random random;
  private final Judge judge;
  private final RandomPlaces places;

  RandomQuestions(Random random, Judge judge, RandomPlaces places) {
    this.random = random;
    this.judge = judge;
    this.places = places;
  }

  Question next() {
    List<JudgedName> owners = judge.owners();
    JudgedName owner = owners.get(random.nextInt(owners.size()));
    List<String> types = random.nextInt(5) == 0 ? TYPES : judge.types(owner).toList();
    String type = types.get(random.nextInt(types.size()));
    String source = random.nextInt(3) == 0 ? "127.0.0.1" : places.loopback();
    return new Question(name(owner), random.nextBoolean(), type, subnet(), source);
  }

  /** The owner, a name above or below it, or one that a wildcard answers for. */
  private JudgedName name(JudgedName owner) {
    boolean wild = owner.labels().getFirst().equals("*") && random.nextInt(4) > 0;
    JudgedName below = (wild ? owner.parent() : owner).below("more");
    return switch (random.nextInt(8)) {
      case 0 -> below.below("some");
      case 1 -> owner.parent().labels().size() < 2 ? owner : owner.parent();
      default -> wild ? below : owner;
    };
  }

  private @Nullable Prefix subnet() {
    return switch (random.nextInt(6)) {
      case 0 -> null;
      case 1 -> new Prefix(random.nextBoolean(), 0, 0, 0);
      default -> places.client();
    };
  }
}
