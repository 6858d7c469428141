package dev.meridian.answer;

import dev.meridian.wire.Header;
import dev.meridian.wire.Rcode;
import dev.meridian.zone.Lookup;
import dev.meridian.zone.LookupResult;
import dev.meridian.zone.Zone;

/**
 * Fills the sections of a response. What was prepared at load time is copied; only chains of CNAME
 * and DNAME are put together record by record, by {@link ChainFollower}.
 */
final class Responder {
  private Responder() {}

  /** Answers a question whose name lies in a zone. */
  static void respond(QueryContext context, ServerState state, int zoneNumber) {
    Zone zone = state.zones().get(zoneNumber);
    Lookup lookup = context.lookup;
    LookupResult result = zone.lookup(context.query.qname(), context.query.qtype(), lookup);
    switch (result) {
      case ANSWER -> answer(context, state, zoneNumber, lookup.rrset());
      case NODATA -> negative(context, zone, Rcode.NOERROR);
      case NXDOMAIN -> negative(context, zone, Rcode.NXDOMAIN);
      case REFERRAL -> referral(context, zone, lookup.node());
      case CNAME, DNAME -> ChainFollower.follow(context, state, zoneNumber, result);
    }
  }

  private static void answer(QueryContext context, ServerState state, int zoneNumber, int rrset) {
    Zone zone = state.zones().get(zoneNumber);
    context.flags = Header.AA;
    if (zone.isRouted(rrset)) {
      int routed = zone.routedIndex(rrset);
      if (RoutedAnswer.select(context, state, zoneNumber, routed)) {
        RoutedAnswer.write(context, state.decisions(zoneNumber, routed));
        AuthorityServers.add(context, zone, rrset, context.limit);
      } else {
        nothing(context, zone);
      }
      return;
    }
    int template = zone.template(rrset);
    if (template != Lookup.NONE) {
      answerByTemplate(context, zone, rrset, template);
      return;
    }
    int from = zone.recordsAt(rrset);
    int length = zone.recordsEnd(rrset) - from;
    if (context.end + length > context.limit) {
      context.truncate();
      return;
    }
    System.arraycopy(zone.records(rrset), from, context.response(), context.end, length);
    context.end += length;
    context.answers = zone.count(rrset);
    AuthorityServers.add(context, zone, rrset, context.limit);
  }

  /** The authority section, if there is one, goes before the additional part of the template. */
  private static void answerByTemplate(QueryContext context, Zone zone, int rrset, int template) {
    int start = context.end;
    copyTemplate(context, zone, template);
    if (!context.authorityNs || context.additionals == 0) {
      AuthorityServers.add(context, zone, rrset, context.limit);
      return;
    }
    int required = zone.templateRequiredLength(template);
    int rest = zone.templateLength(template) - required;
    context.end = start + required;
    AuthorityServers.add(context, zone, rrset, context.limit - rest);
    zone.copyTemplateRest(
        template, context.response(), start, context.end, context.query.qname().length());
    context.end += rest;
  }

  /** A policy chose nothing. */
  private static void nothing(QueryContext context, Zone zone) {
    if (context.selection.isFailure()) {
      context.flags = 0;
      context.fail();
    } else if (context.selection.isUnhealthy()) {
      context.writer.begin(context.response(), context.end, context.limit);
      context.writer.knowQuestion(context.query.qname(), 0);
      RoutedAnswer.writeWithheld(context, zone);
      if (context.writer.overflowed()) {
        context.truncate();
      } else {
        context.end = context.writer.position();
      }
    } else {
      negative(context, zone, Rcode.NOERROR); // Route 53: "no answer"
    }
  }

  private static void negative(QueryContext context, Zone zone, int rcode) {
    context.flags = Header.AA;
    context.rcode = rcode;
    copyTemplate(context, zone, zone.negativeTemplate());
  }

  private static void referral(QueryContext context, Zone zone, int cut) {
    context.stats().count(Counter.REFERRAL);
    copyTemplate(context, zone, zone.referralTemplate(cut));
  }

  /** All of a template if it fits, else all that must be there (RFC 9471 §3), else TC. */
  private static void copyTemplate(QueryContext context, Zone zone, int template) {
    int room = context.limit - context.end;
    boolean whole = zone.templateLength(template) <= room;
    int length = whole ? zone.templateLength(template) : zone.templateRequiredLength(template);
    if (length > room) {
      context.truncate();
      return;
    }
    zone.copyTemplate(
        template, length, context.response(), context.end, context.query.qname().length());
    context.end += length;
    context.answers = zone.templateAnswers(template);
    context.authorities = zone.templateAuthorities(template);
    context.additionals = zone.templateAdditionals(template, whole);
  }
}
