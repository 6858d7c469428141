package dev.meridian.answer;

/** What is counted of queries and answers; the one list that metrics are made from. */
public enum Counter {
  UDP_IPV4("Queries over UDP from IPv4 addresses"),
  UDP_IPV6("Queries over UDP from IPv6 addresses"),
  TCP_IPV4("Queries over TCP from IPv4 addresses"),
  TCP_IPV6("Queries over TCP from IPv6 addresses"),
  DROPPED("Messages that got no answer: responses, or too short for a header"),
  EDNS("Queries with EDNS"),
  COOKIE("Queries with a DNS cookie"),
  COOKIE_VALID("Queries with a server cookie that is good"),
  CLIENT_SUBNET("Queries with a client subnet"),
  DNSSEC_OK("Queries with the DO bit"),
  TRUNCATED("Answers with the TC bit"),
  DENIED("Queries from clients that may not ask"),
  DENIED_BY_ZONE("Queries from clients that may not ask for names of a zone"),
  RATE_LIMITED("Responses over the rate limit, dropped or slipped"),
  RATE_SLIPPED("Responses over the rate limit that became a TC bit"),
  ROUTED("Answers that a policy chose"),
  REFERRAL("Referrals"),
  FAILED("Queries that an internal error left unanswered");

  private final String help;

  Counter(String help) {
    this.help = help;
  }

  /** One line for people. */
  public String help() {
    return help;
  }
}
