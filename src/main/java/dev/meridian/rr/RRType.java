package dev.meridian.rr;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * RR type numbers and mnemonics (IANA registry of DNS parameters); others are TYPEnnn, RFC 3597.
 */
public final class RRType {
  public static final int A = 1;
  public static final int NS = 2;
  public static final int MD = 3;
  public static final int MF = 4;
  public static final int CNAME = 5;
  public static final int SOA = 6;
  public static final int MB = 7;
  public static final int MG = 8;
  public static final int MR = 9;
  public static final int PTR = 12;
  public static final int HINFO = 13;
  public static final int MINFO = 14;
  public static final int MX = 15;
  public static final int TXT = 16;
  public static final int AAAA = 28;
  public static final int SRV = 33;
  public static final int DNAME = 39;
  public static final int OPT = 41;
  public static final int DS = 43;
  public static final int RRSIG = 46;
  public static final int NSEC = 47;
  public static final int DNSKEY = 48;
  public static final int NSEC3 = 50;
  public static final int SVCB = 64;
  public static final int HTTPS = 65;
  public static final int TKEY = 249;
  public static final int TSIG = 250;
  public static final int IXFR = 251;
  public static final int AXFR = 252;
  public static final int MAILB = 253;
  public static final int MAILA = 254;
  public static final int ANY = 255;

  private static final String[] MNEMONICS = mnemonics();
  private static final Map<String, Integer> NUMBERS = numbers();

  private RRType() {}

  private static String[] mnemonics() {
    String[] names = new String[258];
    String table =
        "1 A 2 NS 3 MD 4 MF 5 CNAME 6 SOA 7 MB 8 MG 9 MR 10 NULL 11 WKS 12 PTR 13 HINFO 14 MINFO"
            + " 15 MX 16 TXT 17 RP 18 AFSDB 19 X25 20 ISDN 21 RT 22 NSAP 23 NSAP-PTR 24 SIG 25 KEY"
            + " 26 PX 27 GPOS 28 AAAA 29 LOC 30 NXT 33 SRV 35 NAPTR 36 KX 37 CERT 39 DNAME 41 OPT"
            + " 42 APL 43 DS 44 SSHFP 45 IPSECKEY 46 RRSIG 47 NSEC 48 DNSKEY 49 DHCID 50 NSEC3"
            + " 51 NSEC3PARAM 52 TLSA 53 SMIMEA 55 HIP 59 CDS 60 CDNSKEY 61 OPENPGPKEY 62 CSYNC"
            + " 63 ZONEMD 64 SVCB 65 HTTPS 99 SPF 104 NID 105 L32 106 L64 107 LP 108 EUI48"
            + " 109 EUI64 249 TKEY 250 TSIG 251 IXFR 252 AXFR 253 MAILB 254 MAILA 255 ANY 256 URI"
            + " 257 CAA";
    Iterator<String> words = List.of(table.split(" ", -1)).iterator();
    while (words.hasNext()) {
      names[Integer.parseInt(words.next())] = words.next();
    }
    return names;
  }

  private static Map<String, Integer> numbers() {
    Map<String, Integer> numbers = new HashMap<>();
    for (int i = 0; i < MNEMONICS.length; i++) {
      if (MNEMONICS[i] != null) {
        numbers.put(MNEMONICS[i], i);
      }
    }
    return numbers;
  }

  /** The mnemonic, or {@code TYPEnnn} (RFC 3597 §5). */
  public static String toText(int type) {
    return type < MNEMONICS.length && MNEMONICS[type] != null ? MNEMONICS[type] : "TYPE" + type;
  }

  /** The number of a mnemonic or of {@code TYPEnnn}, in any case; empty if there is none. */
  public static Optional<Integer> parse(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    Integer known = NUMBERS.get(upper);
    if (known == null && upper.matches("TYPE\\d{1,5}")) {
      int number = Integer.parseInt(upper.substring(4));
      return number <= 0xFFFF ? Optional.of(number) : Optional.empty();
    }
    return Optional.ofNullable(known);
  }

  /**
   * Whether the type is a question's or message's only and can never be zone data (RFC 6895 §3.1:
   * OPT and 128-255).
   */
  public static boolean isMeta(int type) {
    return type == OPT || type == 0 || (type >= 128 && type <= 255);
  }
}
