package dev.meridian.judge;

import dev.meridian.judge.Place.Point;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** AWS's continents, and where its regions are. */
final class Atlas {
  private static final String CONTINENTS =
      """
      AF AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR \
      MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW
      AN AQ GS TF
      AS AE AF AM AZ BD BH BN BT CC CN GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN \
      MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TM TW UZ VN YE
      EU AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT \
      LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM TR UA VA XK
      NA AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA \
      PM PR SV SX TC TT US VC VG VI
      OC AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TL TO TV UM VU WF WS
      SA AR BO BR CL CO EC FK GF GY PE PY SR UY VE
      """;
  private static final String REGIONS =
      """
      us-east-1 39.0 -77.5
      us-east-2 40.0 -83.0
      us-west-1 37.4 -121.9
      us-west-2 45.8 -119.7
      ca-central-1 45.5 -73.6
      ca-west-1 51.0 -114.1
      mx-central-1 20.6 -100.4
      sa-east-1 -23.5 -46.6
      eu-west-1 53.3 -6.3
      eu-west-2 51.5 -0.1
      eu-west-3 48.9 2.4
      eu-central-1 50.1 8.7
      eu-central-2 47.4 8.5
      eu-north-1 59.3 18.1
      eu-south-1 45.5 9.2
      eu-south-2 41.7 -0.9
      eusc-de-east-1 52.4 13.1
      af-south-1 -33.9 18.4
      il-central-1 32.1 34.8
      me-south-1 26.1 50.6
      me-central-1 25.0 55.1
      ap-south-1 19.1 72.9
      ap-south-2 17.4 78.5
      ap-southeast-1 1.3 103.8
      ap-southeast-2 -33.9 151.2
      ap-southeast-3 -6.2 106.8
      ap-southeast-4 -37.8 145.0
      ap-southeast-5 3.1 101.7
      ap-southeast-6 -36.8 174.8
      ap-southeast-7 13.8 100.5
      ap-northeast-1 35.7 139.7
      ap-northeast-2 37.6 127.0
      ap-northeast-3 34.7 135.5
      ap-east-1 22.3 114.2
      ap-east-2 25.0 121.5
      cn-north-1 39.9 116.4
      cn-northwest-1 37.5 105.2
      us-gov-east-1 40.0 -83.0
      us-gov-west-1 45.8 -119.7
      """;

  /** Of some local zones' cities, which their names tell; nobody has published more. */
  private static final String LOCAL_ZONES =
      """
      us-west-2-den-1 39.7 -105.0
      us-west-2-lax-1 34.1 -118.2
      us-east-1-mia-1 25.8 -80.2
      eu-central-1-ham-1 53.6 10.0
      ap-southeast-2-per-1 -32.0 115.9
      """;

  private static final Map<String, String> CONTINENT_OF = new HashMap<>();
  private static final Map<String, Point> REGION = points(REGIONS);
  private static final Map<String, Point> LOCAL_ZONE = points(LOCAL_ZONES);

  static {
    for (String line : CONTINENTS.lines().toList()) {
      for (String country : line.substring(3).split(" ", -1)) {
        CONTINENT_OF.put(country, line.substring(0, 2));
      }
    }
  }

  private Atlas() {}

  private static Map<String, Point> points(String table) {
    Map<String, Point> points = new HashMap<>();
    for (String line : table.lines().toList()) {
      String[] words = line.split(" ", -1);
      Point point = new Point(Double.parseDouble(words[1]), Double.parseDouble(words[2]));
      points.put(words[0], point);
    }
    return points;
  }

  /** Empty for a country that is in none. */
  static String continent(String country) {
    return CONTINENT_OF.getOrDefault(country, "");
  }

  static List<String> regions() {
    return REGION.keySet().stream().sorted().toList();
  }

  static List<String> localZones() {
    return LOCAL_ZONE.keySet().stream().sorted().toList();
  }

  static Point region(String name) {
    return Optional.ofNullable(REGION.get(name)).orElseThrow();
  }

  static Point localZone(String name) {
    return Optional.ofNullable(LOCAL_ZONE.get(name)).orElseThrow();
  }
}
