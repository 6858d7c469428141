package dev.meridian.wire;

/**
 * Reads what signs a message, its form alone: there are no keys here to look further with. Part of
 * a {@link QueryReader}, under the same rules.
 */
public final class SignatureReader {
  private static final int CLASS_ANY = 255;

  /** Octets of TSIG RDATA between the algorithm and the MAC's size: time and fudge. */
  private static final int TIMES = 8;

  /** Octets of SIG RDATA before the signer's name. */
  private static final int BEFORE_SIGNER = 18;

  private boolean present;
  private boolean repeatable;
  private int at;
  private int rdataAt;
  private int macSizeAt;

  SignatureReader() {}

  void reset() {
    present = false;
    repeatable = false;
  }

  /**
   * Reads a TSIG record (RFC 8945 §4.2).
   *
   * @param fixed the offset behind its owner
   */
  Verdict read(byte[] message, int owner, int fixed, int end) {
    int times = LookupName.skip(message, fixed + QueryReader.FIXED, end, false);
    if (times < 0 || times + TIMES + 2 > end || Octets.getShort(message, fixed + 2) != CLASS_ANY) {
      return Verdict.FORMERR;
    }
    int macSize = times + TIMES;
    int other = macSize + 2 + Octets.getShort(message, macSize) + 4; // behind original ID and error
    if (other + 2 > end || other + 2 + Octets.getShort(message, other) != end) {
      return Verdict.FORMERR;
    }
    present = true;
    repeatable = LookupName.skip(message, owner, fixed, false) == fixed;
    at = owner;
    rdataAt = fixed + QueryReader.FIXED;
    macSizeAt = macSize;
    return Verdict.NOTAUTH;
  }

  /** A signature by public key (SIG(0), RFC 2931) means nothing here, but it must be one. */
  static Verdict readPublicKey(byte[] message, int fixed, int end) {
    int signer = fixed + QueryReader.FIXED + BEFORE_SIGNER;
    return LookupName.skip(message, signer, end, true) < 0 ? Verdict.FORMERR : Verdict.OK;
  }

  /** Whether there was a TSIG record; the others are valid then. */
  public boolean isPresent() {
    return present;
  }

  /** Whether the record can be sent back as it is; not if the key's name is compressed. */
  public boolean isRepeatable() {
    return repeatable;
  }

  /** Where the record begins. */
  public int at() {
    return at;
  }

  /** Where its RDATA begins. */
  public int rdataAt() {
    return rdataAt;
  }

  /** Where the MAC's size is. */
  public int macSizeAt() {
    return macSizeAt;
  }
}
