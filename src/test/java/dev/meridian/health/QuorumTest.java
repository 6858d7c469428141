package dev.meridian.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuorumTest {
  /** Route 53's rule: of 16 checkers three are needed, for two are 12.5 % and three 18.75 %. */
  @Test
  void ofSixteenCheckersThreeAreEnoughByRoute53sRule() {
    for (int healthy = 0; healthy <= 16; healthy++) {
      assertThat(Quorum.DEFAULT.decide(votes(healthy, 16), 16, true).up())
          .as("%d of 16", healthy)
          .isEqualTo(healthy >= 3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // rule, healthy, voices, up
    "18%,      0, 1, false",
    "18%,      1, 1, true",
    "18%,      1, 5, true",
    "18%,      1, 6, false",
    "50%,      1, 2, false",
    "0%,       1, 9, true",
    "any,      0, 3, false",
    "any,      1, 3, true",
    "majority, 2, 3, true",
    "all,      2, 3, false",
    "all,      3, 3, true",
  })
  void rulesCountAsTheirTableSays(String rule, int healthy, int voices, boolean up) {
    Quorum quorum = Quorum.parse(rule);
    assertThat(quorum.decide(votes(healthy, voices), voices, !up).up()).isEqualTo(up);
    assertThat(quorum).hasToString(rule);
  }

  @ParameterizedTest
  @CsvSource({
    "eu+ eu+ eu- us- us- us- ap-, false",
    "eu+ eu+ eu- us+ us- us+,     true",
    "eu+ eu+ eu+ us- ap-,         false",
    "eu- eu- eu- eu- us+ ap+,     true",
    "eu+ eu- us+,                 true",
    "eu+ eu- us-,                 false",
  })
  void regionsAgreeWithinThenAmongThemselves(String votes, boolean up) {
    List<Quorum.Ballot> ballots = new ArrayList<>();
    for (String vote : votes.split(" ", -1)) {
      ballots.add(new Quorum.Ballot(vote.substring(0, 2), vote.endsWith("+")));
    }
    assertThat(Quorum.parse("regions").decide(ballots, ballots.size(), !up).up()).isEqualTo(up);
  }

  @ParameterizedTest
  @CsvSource({"majority", "regions"})
  void twoHalvesChangeNothing(String rule) {
    assertThat(Quorum.parse(rule).decide(votes(2, 4), 4, true).up()).isTrue();
    assertThat(Quorum.parse(rule).decide(votes(2, 4), 4, false).up()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    // heard, of, before, says, after
    "0, 3, true,  false, true",
    "0, 3, false, true,  false",
    "1, 3, true,  false, true",
    "1, 3, false, true,  true",
    "2, 3, true,  false, false",
    "1, 2, true,  false, false",
  })
  void tooFewVoicesTakeNothingDown(int heard, int of, boolean before, boolean says, boolean after) {
    Quorum.Verdict verdict = Quorum.DEFAULT.decide(votes(says ? heard : 0, heard), of, before);
    assertThat(verdict.up()).isEqualTo(after);
    assertThat(verdict.frozen()).isEqualTo(heard == 0 || (before && !says && 2 * heard < of));
  }

  @ParameterizedTest
  @CsvSource({"most", "100%", "-1%", "18", "''"})
  void nothingElseIsARule(String text) {
    assertThatThrownBy(() -> Quorum.parse(text))
        .hasMessage("'%s' is none of any, majority, all, regions and a share such as 18%%", text);
  }

  private static List<Quorum.Ballot> votes(int healthy, int voices) {
    return IntStream.range(0, voices)
        .mapToObj(i -> new Quorum.Ballot("r" + i, i < healthy))
        .toList();
  }
}
