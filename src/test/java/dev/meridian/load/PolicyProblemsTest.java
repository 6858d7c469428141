package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a policy file is said at its line and column, in a sentence. */
class PolicyProblemsTest {
  /** Six lines that use everything they define; the text of a case begins on line 7. */
  private static final String HEAD =
      """
      endpoints:
        fra: { address: [192.0.2.10, 2001:db8::10], location: eu-central-1 }
        dub: { address: 192.0.2.20, location: eu-west-1 }
      records:
        used: { failover: [fra, dub] }
      # the case:
      """;

  @TempDir private Path folder;

  /** A file that editors mark too. */
  private static Arguments marked(String text, String... expected) {
    return Arguments.of(text, true, List.of(expected));
  }

  /** A file that only the server can find fault with. */
  private static Arguments unmarked(String text, String... expected) {
    return Arguments.of(text, false, List.of(expected));
  }

  static Stream<Arguments> recordCases() {
    return Stream.of(
        marked("  w: fra", "7:6: a record is a map of keys and values, not a single value"),
        marked("  w:", "7:5: a record is a map of keys and values, not nothing"),
        marked(
            "  w: {}",
            "7:3: an answer is missing: one of weighted, failover, geolocation, geoproximity,"
                + " latency, multivalue, cidr, endpoint, pool, alias"),
        marked(
            "  w: { ttl: 30 }",
            "7:3: an answer is missing: one of weighted, failover, geolocation, geoproximity,"
                + " latency, multivalue, cidr, endpoint, pool, alias"),
        marked(
            "  w: { endpoint: fra, alias: used }",
            "7:23: one answer only: 'endpoint' is there already"),
        marked(
            "  w: { failover: [fra], tll: 30 }",
            "7:25: a record has no key 'tll'; did you mean 'ttl'?"),
        marked(
            "  w: { weigthed: { fra: 1 } }",
            "7:8: a record has no key 'weigthed'; did you mean 'weighted'?",
            "7:3: an answer is missing: one of weighted, failover, geolocation, geoproximity,"
                + " latency, multivalue, cidr, endpoint, pool, alias"),
        marked(
            "  w: { failover: [fra], ttl: -1 }",
            "7:30: ttl is a span of time such as 30, 30s, 5m or 1h, at most 2147483647 seconds, not"
                + " '-1'"),
        marked(
            "  w: { failover: [fra], ttl: 2147483648 }",
            "7:30: ttl is a span of time such as 30, 30s, 5m or 1h, at most 2147483647 seconds, not"
                + " '2147483648'"),
        unmarked(
            "  w: { failover: [fra], ttl: 99999w }",
            "7:30: ttl is a span of time such as 30, 30s, 5m or 1h, at most 2147483647 seconds, not"
                + " '99999w'"),
        marked(
            "  w: { ttl: 30, alias: used }",
            "7:13: an alias has the TTL of what it leads to; remove this one"),
        unmarked(
            "  w: { endpoint: fr }",
            "7:18: there is no endpoint or pool 'fr'; did you mean 'fra'?"),
        unmarked("  w: { pool: fra }", "7:14: 'fra' is an endpoint; write endpoint: fra"),
        unmarked("  w: { failover: [lon] }", "7:19: there is no endpoint or pool 'lon'"),
        unmarked(
            "  USED: { endpoint: fra }",
            "7:3: USED.example.com. is here twice; the first is 'used'"),
        unmarked(
            "  a.example.net.: { endpoint: fra }",
            "7:3: a.example.net. is outside of the zone example.com."),
        unmarked("  a..b: { endpoint: fra }", "7:3: name 'a..b' has an empty label"),
        unmarked(
            "  w.example.com: { endpoint: fra }",
            "7:3: warning: 'w.example.com' means w.example.com.example.com.; did you mean"
                + " 'w.example.com.'?"),
        unmarked(
            "  host: { endpoint: fra }",
            "7:3: host.example.com. A is in the zone file too (example.com.zone:5); keep one of the"
                + " two"),
        unmarked(
            "  nick: { endpoint: fra }",
            "7:3: nick.example.com. CNAME is in the zone file too (example.com.zone:6); keep one of"
                + " the two"),
        unmarked(
            "  host: { alias: used }",
            "7:3: host.example.com. A is in the zone file too (example.com.zone:5); keep one of the"
                + " two"),
        unmarked(
            "  w: { alias: nowhere }",
            "7:15: alias to nowhere.example.com., which neither the zone file nor this file has"),
        unmarked("  w: { alias: a..b }", "7:15: name 'a..b' has an empty label"),
        unmarked(
            "  w: { alias: w }",
            "7:3: aliases lead round in a circle: w.example.com. -> w.example.com."),
        unmarked(
            "  w: { alias: v }\n  v: { failover: [ { alias: w }, fra ] }",
            "7:3: aliases lead round in a circle: w.example.com. -> v.example.com. ->"
                + " w.example.com."),
        unmarked(
            "  '@': { alias: nick }",
            "7:3: the apex of a zone cannot answer with a CNAME (RFC 1034 §3.6.2)"));
  }

  static Stream<Arguments> policyCases() {
    return Stream.of(
        marked(
            "  w: { failover: [fra], ttl: { max: 5, min: x, follow-health: on } }",
            "7:45: ttl is a span of time such as 30, 30s, 5m or 1h, at most 2147483647 seconds, not 'x'",
            "7:63: follow-health is true or false, not 'on'"),
        unmarked(
            "  w: { failover: [fra], ttl: { max: 5, min: 6, follow-health: true } }",
            "7:45: min is 6 seconds, and max only 5"),
        marked(
            "  w: { failover: [fra], ttl: { max: 5 } }",
            "7:30: a ttl of several keys follows health: add follow-health: true"),
        marked(
            "  w: { failover: [fra], ttl: { least: 5, follow-health: true } }",
            "7:32: ttl has no key 'least'; there are max, min, follow-health"),
        marked(
            "  w: { failover: [fra], sticky: true }",
            "7:33: sticky stands beside weighted, multivalue or within; other policies throw no"
                + " dice"),
        marked(
            "  w: { multivalue: [fra], sticky: yes }", "7:35: sticky is true or false, not 'yes'"),
        marked(
            "  w: { weighted: { fra: 1 }, sticky: { ipv4: 33, ipv6: 0 } }",
            "7:46: ipv4 is a whole number from 1 to 32, not '33'",
            "7:56: ipv6 is a whole number from 1 to 128, not '0'"),
        marked(
            "  w: { weighted: { fra: 1 }, sticky: { ip4: 24 } }",
            "7:40: sticky has no key 'ip4'; did you mean 'ipv4'?"),
        unmarked(
            "  w: { failover: [fra], on-all-unhealthy: no-data }",
            "7:43: on-all-unhealthy is fail-open, last-good, nodata, servfail, or an answer;"
                + " 'no-data' is none of them; did you mean 'nodata'?"),
        unmarked(
            "  w: { failover: [fra], on-all-unhealthy: { endpoint: lon } }",
            "7:55: there is no endpoint or pool 'lon'"),
        marked(
            "  w: { on-all-unhealthy: nodata }",
            "7:3: an answer is missing: one of weighted, failover, geolocation, geoproximity,"
                + " latency, multivalue, cidr, endpoint, pool, alias"),
        marked("  w: { failover: [] }", "7:18: failover takes a list, and this one is empty"),
        marked("  w: { failover: fra }", "7:18: failover takes a list, not a single value"),
        unmarked(
            "  w: { failover: [{ answer: fra, health-check: hx }, dub] }",
            "7:48: there is no health check 'hx'"),
        unmarked(
            "  w: { geolocation: { default: none } }",
            "7:8: geolocation answers nobody: add a key beside 'default: none'"),
        unmarked(
            "  w: { failover: [fra, dub, fra] }",
            "7:29: 'fra' is here twice; give one of them an id"),
        marked("  w: { failover: [fra, ''] }", "7:24: there is no endpoint or pool ''"),
        marked("  w: { weighted: {} }", "7:18: weighted is empty"),
        marked(
            "  w: { weighted: [fra] }", "7:19: a branch needs a weight: { weight: 1, answer: … }"),
        marked(
            "  w: { weighted: { fra: -1 } }",
            "7:25: a weight is a whole number from 0 to 4294967295, not '-1'"),
        marked(
            "  w: { weighted: { fra: 0.5 } }",
            "7:25: a weight is a whole number from 0 to 4294967295, not '0.5'"),
        marked(
            "  w: { weighted: { fra: 4294967296 } }",
            "7:25: a weight is a whole number from 0 to 4294967295, not '4294967296'"),
        marked(
            "  w: { weighted: { fra: NaN } }",
            "7:25: a weight is a whole number from 0 to 4294967295, not 'NaN'"),
        marked(
            "  w: { weighted: [ { weight: 1, answer: fra, bias: 1 } ] }",
            "7:46: a branch has no key 'bias'; there are answer, id,"
                + " health-check, evaluate-target-health, weight"),
        marked(
            "  w: { geolocation: { DE: fra } }",
            "7:8: geolocation needs a 'default' for clients that no other key covers;"
                + " 'default: none' gives them no answer"),
        unmarked(
            "  w: { geolocation: { DE: fra, 'country:DE': dub, default: fra } }",
            "7:32: 'country:DE' is the same place as 'DE'"),
        unmarked(
            "  w: { geolocation: { DE: fra, de AT: dub, default: fra } }",
            "7:32: 'de' is the same place as 'DE'"),
        marked(
            "  w: { geolocation: { DE: fra, DE: dub, default: fra } }", "7:32: 'DE' is here twice"),
        unmarked(
            "  w: { geolocation: { EU: fra, default: fra } }",
            "7:23: 'EU' is not a country code of ISO 3166-1; did you mean continent:EU?"),
        marked(
            "  w: { weighted: { fra: 1 }, spill: true }",
            "7:37: spill stands beside geoproximity or latency"),
        marked(
            "  w: { latency: [ fra, dub ], within: 5ms, spill: true }",
            "7:51: within and spill are two ways to spread clients; keep one of them"),
        unmarked(
            "  w: { latency: [ fra, dub ], spill: true }",
            "7:38: nothing here has a capacity, so nothing can spill; write capacity: 40% on"
                + " endpoints, pools or branches"),
        unmarked(
            "  w: { latency: [ { answer: fra, capacity: 30% }, { answer: dub, capacity: 40.5% } ], spill: true }",
            "7:94: warning: capacities come to 70.5% of all clients: everything is overloaded even"
                + " while all are healthy"),
        marked(
            "  w: { latency: [ { answer: fra, capacity: 130% }, dub ], spill: true }",
            "7:44: capacity is a share of all clients, 0.1% to 100%, not '130%'",
            "7:66: nothing here has a capacity, so nothing can spill; write capacity: 40% on"
                + " endpoints, pools or branches"),
        marked(
            "  w: { weighted: { fra: 1 }, within: 300km }",
            "7:38: within stands beside geoproximity or latency"),
        unmarked(
            "  w: { geoproximity: { fra: 1, dub: 1 }, within: 20ms }",
            "7:50: within is a distance beside geoproximity: 1km to 20000km, such as 300km"),
        unmarked(
            "  w: { latency: [ fra, dub ], within: 300km }",
            "7:39: within is a latency beside latency: 1ms to 20000ms, such as 20ms"),
        marked(
            "  w: { latency: [ fra, dub ], within: 0ms }",
            "7:39: within is a latency beside latency: 1ms to 20000ms, such as 20ms"),
        marked(
            "  w: { latency: [ { answer: fra, weight: 0 }, dub ], within: 5ms }",
            "7:42: a weight here is a whole number from 1 to 4294967295, not '0'"),
        unmarked(
            "  w: { latency: [ { answer: fra, weight: 2 }, dub ] }",
            "7:8: a weight counts among those that share; write within beside latency, or remove"
                + " the weight"),
        unmarked(
            "  w: { geolocation: { UK: fra, default: fra } }",
            "7:23: 'UK' is not a country code of ISO 3166-1; the United Kingdom is GB"),
        unmarked(
            "  w: { geolocation: { 'continent:DE': fra, default: fra } }",
            "7:23: there is no such continent; there are AF, AN, AS, EU, NA, OC, SA"),
        marked(
            "  w: { geolocation: { Germany: fra, default: fra } }",
            "7:23: 'Germany' is no place; write continent:EU, a country such as DE, a subdivision"
                + " such as US-CA, city:DE/Berlin, asn:3320, or default"),
        marked(
            "  w: { geolocation: { city:Berlin: fra, default: fra } }",
            "7:23: 'city:Berlin' is no city; write city:DE/Berlin, city:US-IL/Springfield with the"
                + " subdivision where a name is there twice, or its number in GeoNames,"
                + " city:2950159; hyphens stand for spaces"),
        unmarked(
            "  w: { geolocation: { city:UK/London: fra, default: fra } }",
            "7:23: 'UK' is not a country code of ISO 3166-1; the United Kingdom is GB"),
        unmarked(
            "  w: { geolocation: { city:DE/--: fra, default: fra } }",
            "7:23: 'city:DE/--' has no name of a city"),
        unmarked(
            "  w: { geolocation: { city:BR/São-Paulo: fra, city:br/sao_paulo: dub, default: fra }"
                + " }",
            "7:47: 'city:br/sao_paulo' is the same place as 'city:BR/São-Paulo'"),
        marked(
            "  w: { geolocation: { asn:AS: fra, default: fra } }",
            "7:23: 'asn:AS' is no AS number; write asn:3320"),
        unmarked(
            "  w: { geolocation: { asn:4294967295: fra, default: fra } }",
            "7:23: an AS number is 1 to 2147483647"),
        unmarked(
            "  w: { geolocation: { asn:AS3320: fra, ASN:3320: dub, default: fra } }",
            "7:40: 'ASN:3320' is the same place as 'asn:AS3320'"),
        unmarked(
            "  w: { geolocation: { 'country:US-CA': fra, default: fra } }",
            "7:23: 'US-CA' is a subdivision, not a country"),
        unmarked(
            "  w: { geolocation: { 'subdivision:US': fra, default: fra } }",
            "7:23: 'US' is a country, not a subdivision"),
        marked(
            "  w: { geoproximity: { fra: 100 } }",
            "7:29: a bias is a whole number from -99 to 99, not '100'"),
        unmarked(
            "  w: { geoproximity: [ { alias: used } ] }",
            "7:24: 'used.example.com.' has no location, which geoproximity needs; give it one, or"
                + " write { answer: …, location: … } here"),
        unmarked(
            "  w: { latency: [ { failover: [fra, dub] } ] }",
            "7:19: 'latency#1' has no location, which latency needs; give it one, or write {"
                + " answer: …, location: … } here"),
        unmarked(
            "  w: { latency: [ { answer: fra, location: eu-west-9 } ] }",
            "7:44: 'eu-west-9' is no location; did you mean 'eu-west-1'?"),
        marked(
            "  w: { latency: [ { answer: fra, location: [91, 0] } ] }",
            "7:45: latitude is a number from -90 to 90, not '91'"),
        marked(
            "  w: { latency: [ { answer: fra, location: [1, 2, 3] } ] }",
            "7:44: location is [latitude, longitude] in degrees"),
        unmarked(
            "  w: { multivalue: [ { alias: used } ] }",
            "7:22: multivalue cannot hold an alias; list endpoints or pools"),
        marked(
            "  w: { multivalue: { max: 0, answers: [fra] } }",
            "7:27: max is a whole number from 1 to 1000, not '0'"),
        marked("  w: { multivalue: { max: 2 } }", "7:20: multivalue takes a list, not a map"),
        marked(
            "  w: { cidr: { 192.0.2.0/24: fra } }",
            "7:8: cidr needs a 'default' for clients that no other key covers;"
                + " 'default: none' gives them no answer"),
        unmarked(
            "  w: { cidr: { 192.0.2.1/24: fra, default: fra } }",
            "7:16: '192.0.2.1/24' has bits set behind its length; did you mean 192.0.2.0/24?"),
        unmarked(
            "  w: { cidr: { 192.0.2.0/33: fra, default: fra } }",
            "7:16: prefix length '33' of '192.0.2.0/33' is not in 0..32"),
        marked(
            "  w: { cidr: { x: fra, default: fra } }", "7:16: 'x' is not an IPv4 or IPv6 address"),
        unmarked(
            "  w: { cidr: { 0.0.0.0/0: fra, default: fra } }",
            "7:16: '0.0.0.0/0' is everything; write default"),
        unmarked(
            "  w: { cidr: { 2001:db8::/32: fra, 2001:DB8:0::/32: dub, default: fra } }",
            "7:36: '2001:DB8:0::/32' is the same prefix as '2001:db8::/32'"));
  }

  static Stream<Arguments> sectionCases() {
    return Stream.of(
        marked("allow-query:", "7:13: a prefix of allow-query takes a single value, not nothing"),
        marked("allow-query: []", "7:14: allow-query takes a list, and this one is empty"),
        marked(
            "allow-query: [localhost, 10.0.0.0/8]",
            "7:15: 'localhost' is not an IPv4 or IPv6 address"),
        unmarked(
            "allow-query: [10.0.0.0/8, 10.0.0.1/8]",
            "7:27: '10.0.0.1/8' has bits set behind its length; did you mean 10.0.0.0/8?"),
        unmarked(
            "allow-query: [10.0.0.0/8, 10.0.0.0/8]", "7:27: 10.0.0.0/8 is in allow-query twice"),
        marked(
            "allow-query: { 10.0.0.0/8: true }",
            "7:14: a prefix of allow-query takes a single value, not a map"),
        marked("record: {}", "7:1: a policy file has no key 'record'; did you mean 'records'?"),
        unmarked("pools:\n  p: { failover: [fra] }", "8:3: warning: pool 'p' is never used"),
        unmarked(
            "pools:\n  fra: { failover: [dub] }",
            "8:3: 'fra' is an endpoint too; rename one of them"),
        unmarked(
            "pools:\n  p: { failover: [q] }\n  q: { failover: [p] }",
            "8:3: warning: pool 'p' is never used",
            "9:19: pools lead round in a circle: p -> q -> p"),
        marked(
            "pools:\n  p: { alias: used }",
            "8:3: warning: pool 'p' is never used",
            "8:8: a pool has no key 'alias'; there are weighted, failover, geolocation,"
                + " geoproximity, latency, multivalue, cidr, within, spill, sticky,"
                + " on-all-unhealthy, location, capacity"),
        unmarked("regions:\n  mars: [1, 2]", "8:3: warning: region 'mars' is never used"),
        marked("regions:\n  mars: [1]", "8:9: a region is [latitude, longitude] in degrees"),
        marked(
            "regions:\n  mars: [1, .inf]",
            "8:13: longitude is a number from -180 to 180, not '.inf'"),
        unmarked(
            "health-checks:\n  c: { tcp: { port: 1 } }",
            "8:3: warning: health check 'c' is never used"));
  }

  static Stream<Arguments> endpointCases() {
    String used = "endpoints:\n  e: %s\nrecords:\n  w: { endpoint: e }";
    return Stream.of(
        marked(used.formatted("{}"), "2:3: endpoint 'e' takes an address, a cname or records"),
        unmarked(
            used.formatted("{ address: 192.0.2.1, https: 1 . alpn=h2 ipv4hint=192.0.2.2 }"),
            "2:35: 'ipv4hint' is filled in from the endpoint's address; leave it out"),
        marked(
            used.formatted("{ records: { TXT: a }, https: 1 . alpn=h2 }"),
            "2:36: 'https' takes its hints from the endpoint's address, and there is none; write it under 'records'"),
        unmarked(
            used.formatted("{ address: 192.0.2.1, records: { HTTPS: 1 . }, https: 1 . alpn=h2 }"),
            "2:60: 'https' is here twice: its records are in 'records' too"),
        unmarked(
            used.formatted("{ address: 192.0.2.1, https: 0 x. }"),
            "2:35: priority 0 is an alias, which has no hints; write it under 'records'"),
        marked(
            used.formatted("192.0.2.1"),
            "2:6: an endpoint is a map of keys and values, not a single value"),
        marked(
            used.formatted("{ adress: 192.0.2.1 }"),
            "2:3: endpoint 'e' takes an address, a cname or records",
            "2:8: an endpoint has no key 'adress'; did you mean 'address'?"),
        marked(
            used.formatted("{ address: somewhere }"),
            "2:17: 'somewhere' is not an IPv4 or IPv6 address"),
        unmarked(
            used.formatted("{ address: 192.0.2.256 }"),
            "2:17: '192.0.2.256' is not an IPv4 or IPv6 address"),
        unmarked(
            used.formatted("{ address: '::ffff:192.0.2.1' }"),
            "2:17: '::ffff:192.0.2.1' stands for an IPv4 address; write that"),
        unmarked(
            used.formatted("{ address: [192.0.2.1, 192.0.2.2] }"),
            "2:29: an endpoint has one address of each family; make '192.0.2.2' an endpoint of its"
                + " own and put both into a pool"),
        marked(
            used.formatted("{ address: [] }"), "2:17: address takes a list, and this one is empty"),
        marked(
            used.formatted("{ address: 192.0.2.1, cname: x.example.net. }"),
            "2:35: a cname stands alone; make an endpoint of its own for it"),
        unmarked(used.formatted("{ cname: a..b }"), "2:15: name 'a..b' has an empty label"),
        unmarked(used.formatted("{ records: { MX: x } }"), "2:23: MX takes 2 values"),
        marked(
            used.formatted("{ records: { A: 192.0.2.1 } }"),
            "2:19: write addresses with the key 'address'"),
        marked(used.formatted("{ records: { CNAME: x } }"), "2:19: write it with the key 'cname'"),
        marked(used.formatted("{ records: { NS: x } }"), "2:19: a policy cannot answer with NS"),
        unmarked(
            used.formatted("{ records: { FOO: x } }"),
            "2:19: 'FOO' is not a record type; write TYPEnnn for one without a name here"),
        unmarked(
            used.formatted("{ records: { TXT: '\"open' } }"),
            "2:24: the quote is not closed on its line"),
        unmarked(
            used.formatted("{ records: { TXT: \"a\\nb\" } }"),
            "2:24: one value in presentation format is expected"),
        unmarked(used.formatted("{ records: { TXT: a, txt: b } }"), "2:27: 'txt' is here twice"),
        unmarked(
            used.formatted("{ address: 192.0.2.1, health-check: web }"),
            "2:42: there is no health check 'web'"),
        marked(
            used.formatted("{ address: 192.0.2.1, port: 80 }"),
            "2:34: port is for the health check, and there is none"),
        marked(
            used.formatted("{ address: 192.0.2.1, location: 7 }"),
            "2:38: '7' is no location; write [latitude, longitude], an AWS region, or a name from"
                + " 'regions'"),
        unmarked(
            """
            endpoints:
              e: { address: 192.0.2.1 }
              f: { address: 192.0.2.1 }
            records:
              w: { failover: [e, f] }\
            """,
            "3:17: warning: 192.0.2.1 is the address of endpoint 'e' too; it is checked twice"),
        unmarked(
            "endpoints:\n  e: { address: 192.0.2.1 }", "2:3: warning: endpoint 'e' is never used"),
        unmarked(
            """
            endpoints:
              e: { cname: x. }
              f: { address: 192.0.2.1 }
            records:
              w: { failover: [e, f] }\
            """,
            "5:3: w.example.com. answers with a CNAME in one branch and with other records in"
                + " another; it must be CNAMEs in all or in none"),
        unmarked(
            """
            endpoints:
              e: { cname: x. }
              f: { cname: y. }
            records:
              w: { multivalue: [e, f] }\
            """,
            "5:3: multivalue would answer with several CNAMEs; one is allowed"),
        unmarked(
            "endpoints:\n  e: { cname: x. }\nrecords:\n  '@': { endpoint: e }",
            "4:3: the apex of a zone cannot answer with a CNAME (RFC 1034 §3.6.2)"),
        unmarked(
            "endpoints:\n  e: { cname: x. }\nrecords:\n  host: { endpoint: e }",
            "4:3: host.example.com. answers with a CNAME here and has A in the zone file"
                + " (example.com.zone:5); a CNAME stands alone"));
  }

  static Stream<Arguments> checkCases() {
    String used =
        """
        health-checks:
          c: %s
        endpoints:
          e: { address: 192.0.2.1, health-check: c }
        records:
          w: { endpoint: e }\
        """;
    return Stream.of(
        marked(
            used.formatted("{ http: { token: a, token-file: b } }"),
            "2:38: one of token, token-file and user is enough"),
        marked(
            used.formatted("{ https: { user: ann } }"),
            "2:15: user and password-file go together; write both or none"),
        unmarked(
            used.formatted("{ http: { headers: { authorization: Bearer t } } }"),
            "2:25: warning: whoever reads this file, or a copy of it, reads this secret; token-file"
                + " and password-file keep it out"),
        unmarked(
            used.formatted("{ http: { headers: { Authorization: x }, token: t } }"),
            "2:25: there are credentials beside this Authorization"),
        unmarked(
            used.formatted("{ http: { port: 25 } }"),
            "4:42: port 25 is that of SMTP, which could take an HTTP request for commands; probe it"
                + " with tcp or tls"),
        marked(
            used.formatted("{}"),
            "2:3: health check 'c' takes exactly one of http, https, tls, tcp, dns, icmp, grpc, metric,"
                + " file, heartbeat, exec, calculated"),
        marked(
            used.formatted("{ http: {}, tcp: { port: 1 } }"),
            "2:3: health check 'c' takes exactly one of http, https, tls, tcp, dns, icmp, grpc, metric,"
                + " file, heartbeat, exec, calculated"),
        marked(used.formatted("{ tcp: {} }"), "2:13: tcp takes a port"),
        marked(
            used.formatted("{ tcp: { port: 1, send: x } }"),
            "2:30: send takes an expect beside it"),
        marked(
            used.formatted("{ http: { search: x, json: { /a: b } } }"),
            "2:33: a check takes one of search and json, not both"),
        marked(
            used.formatted("{ http: { json: { a: b } } }"),
            "2:22: 'a' is not a JSON pointer (RFC 6901); write it like /status/db"),
        marked(
            used.formatted("{ http: { method: DELETE } }"),
            "2:24: 'DELETE' is not one of GET, HEAD, POST, PUT, OPTIONS"),
        unmarked(
            used.formatted("{ http: { method: HEAD, search: x } }"),
            "2:38: a response to HEAD has no body to look at"),
        unmarked(
            used.formatted("{ http: { headers: { Host: x } } }"),
            "2:25: the header Host is set by the probe itself"),
        unmarked(
            used.formatted("{ http: { headers: { X: \"a\\r\\nb\" } } }"),
            "2:25: the value of the header X is not 1 to 1024 printable ASCII characters"),
        marked(
            used.formatted("{ https: { expiry-days: soon } }"),
            "2:30: expiry-days is a whole number from 0 to 3650, not 'soon'"),
        unmarked(
            used.formatted("{ tls: { ca-file: none.pem } }"),
            "2:24: none.pem: there is no such file"),
        unmarked(
            used.formatted("{ tls: { ca-file: example.com.zone } }"),
            "2:24: example.com.zone has no certificates; PEM is expected"),
        marked(used.formatted("{ dns: {} }"), "2:13: dns takes the name to ask for"),
        unmarked(
            used.formatted("{ dns: { name: x., type: AXFR } }"),
            "2:31: 'AXFR' is not a record type"),
        unmarked(
            used.formatted("{ dns: { name: x., rcode: FINE } }"),
            "2:32: 'FINE' is not a response code; NXDOMAIN is one"),
        unmarked(
            used.formatted("{ dns: { name: x., answer: 2001:db8::1 } }"),
            "2:13: an answer is an IPv4 address for type A and an IPv6 address for type AAAA"),
        marked(
            used.formatted("{ calculated: { checks: [c] } }"),
            "2:20: calculated takes checks and how many must be healthy"),
        marked(
            used.formatted("{ calculated: { checks: [c], healthy: most } }"),
            "2:44: healthy is all, any or a number from 0 to 256, not 'most'"),
        unmarked(
            used.formatted("{ calculated: { checks: [d], healthy: 1 } }"),
            "2:31: there is no health check 'd'"),
        unmarked(
            used.formatted(
                "{ calculated: { checks: [d], healthy: 1 } }\n"
                    + "  d: { calculated: { checks: [c], healthy: any } }"),
            "2:3: health check 'c' is calculated from itself",
            "3:3: health check 'd' is calculated from itself"),
        marked(
            used.formatted("{ tcp: { port: 0 } }"),
            "2:21: port is a whole number from 1 to 65535, not '0'"),
        marked(
            used.formatted("{ http: { verify: false } }"),
            "2:16: http has no key 'verify'; there are host, path, port, method, headers, body,"
                + " status, search, json, address, token, token-file, user, password-file"),
        unmarked(
            used.formatted("{ http: { host: 'a b' } }"),
            "2:22: 'a b' is not a host name or an address"),
        unmarked(
            used.formatted("{ http: { path: 'a b' } }"),
            "2:22: '/a b' is not a request path: at most 255 printable ASCII characters without"
                + " spaces; percent-encode the others"),
        marked(
            used.formatted("{ http: { status: ok } }"),
            "2:24: 'ok' is not a status code; write 204, 200-299 or 2xx"),
        marked(
            used.formatted("{ http: {}, interval: often }"),
            "2:28: interval is a span of time such as 10s, 500ms or 1m, not 'often'"),
        unmarked(
            used.formatted("{ http: {}, interval: 2h }"),
            "2:28: an interval of 7200000 ms is not in 1 s to 1 h"),
        unmarked(
            used.formatted("{ http: {}, slow-start: 2h }"),
            "2:30: a slow start of 7200000 ms is not in 0 s to 1 h"),
        marked(
            used.formatted("{ http: {}, slow-start: slowly }"),
            "2:30: slow-start is a span of time such as 10s, 500ms or 1m, not 'slowly'"),
        unmarked(
            used.formatted("{ http: {}, interval: 1s, timeout: 2s }"),
            "2:6: the timeout of 2000 ms is longer than the interval of 1000 ms"),
        marked(
            used.formatted("{ http: {}, failure-ratio: { failures: 5 } }"),
            "2:33: failure-ratio needs both keys: { failures: 5, of: 10 }"),
        unmarked(
            used.formatted("{ http: {}, failure-ratio: { failures: 5, of: 4 } }"),
            "2:45: failures is a whole number from 1 to 4, not '5'"),
        marked(
            used.formatted("{ http: {}, failure-threshold: 11 }"),
            "2:37: failure-threshold is a whole number from 1 to 10, not '11'"),
        marked(
            used.formatted("{ http: {}, inverted: yes }"),
            "2:28: inverted is true or false, not 'yes'"),
        marked(
            used.formatted("{ https: { verify: no } }"), "2:25: verify is true or false, not 'no'"),
        unmarked(
            used.formatted("{ tcp: { port: 1, address: 169.254.169.254 } }"),
            "4:42: 169.254.169.254 is a link-local address, which health checks may not probe"
                + " (cloud metadata services live there)"),
        marked(
            used.formatted("{ tcp: { port: 1, address: 127.1 } }"),
            "2:33: '127.1' is not an IPv4 or IPv6 address, nor a host name"),
        marked(
            used.formatted("{ tcp: { port: 1, address: 0x7f.0x1 } }"),
            "2:33: '0x7f.0x1' is not an IPv4 or IPv6 address, nor a host name"),
        marked(
            used.formatted("{ metric: { server: p } }"),
            "2:16: metric takes a query and what is healthy"),
        marked(
            used.formatted("{ metric: { query: up, healthy: '> 0' } }"),
            "2:16: metric takes the server to ask"),
        marked(
            used.formatted(
                "{ metric: { query: up, healthy: '> 0', server: p, token: a, token-file: b } }"),
            "2:78: one of token, token-file and user is enough"),
        marked(
            used.formatted("{ metric: { query: up, healthy: '> 0', server: p, user: ann } }"),
            "2:16: user and password-file go together; write both or none"),
        unmarked(
            used.formatted(
                "{ metric: { query: up, healthy: '> 0', server: p, token-file: none } }"),
            "2:68: none: there is no such file"),
        marked(
            used.formatted("{ metric: { query: up, healthy: '5', server: p } }"),
            "2:38: '5' is no comparison; write one of < <= > >= == != and a number"),
        marked(
            used.formatted(
                "{ metric: { query: up, healthy: < 1, server: p, insufficient-data: ok } }"),
            "2:73: insufficient-data is healthy, unhealthy or last-known, not 'ok'"),
        marked(
            used.formatted("{ grpc: { verify: false } }"),
            "2:24: verify is for TLS; write 'tls: true' beside it"),
        marked(
            used.formatted("{ file: { path: x } }"),
            "2:22: 'x' is not an absolute path; a file that changes belongs outside of zones"),
        marked(used.formatted("{ file: {} }"), "2:14: file takes the path of the file"),
        marked(
            used.formatted("{ heartbeat: { token: short } }"),
            "2:28: a token has 16 to 255 printable ASCII characters; openssl rand -hex 16 makes one"),
        marked(
            used.formatted("{ icmp: { port: 7 } }"),
            "2:16: icmp has no key 'port'; there are address"),
        unmarked(
            used.formatted("{ icmp: { address: 1.2.3 } }"),
            "2:25: '1.2.3' is not an IPv4 or IPv6 address, nor a host name"),
        unmarked(
            used.formatted("{ exec: { command: [ ls ] } }"),
            "2:25: 'ls' is not an absolute path; no PATH is searched"),
        unmarked(
            """
            health-checks: { hc: { tcp: { port: 80 } } }
            endpoints: { e: { address: 192.0.2.1 }, f: { address: 192.0.2.2 } }
            records:
              w: { failover: [{ answer: e, health-check: hc, id: x }, f] }
            """,
            "4:46: health check 'hc' watches a branch here and needs an 'address' of its own"),
        unmarked(
            used.replace("address: 192.0.2.1", "records: { TXT: x }")
                .formatted("{ tcp: { port: 1 } }"),
            "4:43: endpoint 'e' has no address to check; give the health check an 'address'"));
  }

  static Stream<Arguments> yamlCases() {
    return Stream.of(
        marked("just text", "1:1: a policy file is a map of keys and values, not a single value"),
        marked("- list", "1:1: a policy file is a map of keys and values, not a list"));
  }

  @ParameterizedTest
  @MethodSource({"recordCases", "policyCases", "sectionCases"})
  void mistakesBesideGoodEntriesAreReportedWhereTheyAre(
      String text, boolean marked, List<String> expected) {
    check(HEAD + text + "\n", marked, expected);
  }

  @ParameterizedTest
  @MethodSource({"endpointCases", "checkCases", "yamlCases"})
  void mistakesInAFileAreReportedWhereTheyAre(String text, boolean marked, List<String> expected) {
    check(text + "\n", marked, expected);
  }

  private void check(String text, boolean marked, List<String> expected) {
    assertThat(new ZoneFolder(folder).policy(text).problems())
        .containsExactlyInAnyOrderElementsOf(
            expected.stream().map(line -> "example.com.policy.yaml:" + line).toList());
    boolean duplicate = expected.toString().contains("'DE' is here twice");
    if (!duplicate) {
      assertThat(PolicySchema.violations(text).isEmpty()).as("schema accepts").isEqualTo(!marked);
    }
  }

  @Test
  void aNameBelowADelegationIsPointedOut() {
    ZoneFolder zone =
        new ZoneFolder(folder)
            .write("example.com.zone", ZoneFolder.PLAIN_ZONE + "sub NS ns.example.net.\n")
            .write("example.com.policy.yaml", HEAD + "  a.sub: { endpoint: fra }\n");

    assertThat(zone.problems())
        .containsExactly(
            "example.com.policy.yaml:7:3: warning: a.sub.example.com. is never answered:"
                + " sub.example.com. is delegated");
  }
}
