package dev.meridian.health;

/** Passes when the target answers an ICMP or ICMPv6 echo request (RFC 792, RFC 4443 §4.1). */
public record IcmpCheck() implements CheckKind {
  @Override
  public String word() {
    return "icmp";
  }

  @Override
  public IcmpCheck withPort(int port) {
    return this;
  }
}
